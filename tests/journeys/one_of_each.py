"""Makes one of everything that a page of the console can be about, and prints its number by the
name that addresses have for it: `python -m tests.journeys.one_of_each`.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from esmero.config.cli.context import shop
from tests.journeys.team import PEOPLE

MARTA = ("Marta Ruiz", "marta@cliente.example")


def make() -> dict[str, object]:
    """Do it, through the actions. An address is a first part (`clientes/`) or an argument."""
    from esmero.channels import actions as channels
    from esmero.console.accounts import inviting
    from esmero.conversations import actions as conversations
    from esmero.conversations import queries as conversation_queries
    from esmero.conversations.enums import RelationKind
    from esmero.desk import actions as desk
    from esmero.desk.queries import read_acts
    from esmero.kernel import files
    from esmero.kernel.clock import now
    from esmero.knowledge import actions as knowledge
    from esmero.knowledge.enums import Kind
    from esmero.notices import queries as notices
    from esmero.notices.enums import Mutes
    from esmero.people import actions as people
    from esmero.people import queries as people_queries
    from esmero.people.enums import FieldKind, Role
    from esmero.promises import queries as promise_queries

    at = now()
    team = {one.name: one.pk for one in people_queries.team()}
    ana, bruno, dora = (team[PEOPLE[name]] for name in ("ana", "bruno", "dora"))
    care = people_queries.default_department_id()
    assert care is not None

    def write(subject: str, text: str, name: str, email: str) -> int:
        accepted = channels.accept_form(
            form=channels.Form(
                once=channels.new_once(), name=name, email=email, subject=subject, text=text,
                department_id=care, ip="192.0.2.10", language="es",
            ),
            at=at,
        )  # fmt: skip
        assert accepted.conversation_id is not None
        return accepted.conversation_id

    first = write("Vajilla Turia", "¿Se puede lavar en lavavajillas?", *MARTA)
    other = write("La tapa", "¿Y la tapa?", "Eva Sanz", "eva@cliente.example")
    twin = write("vajilla turia", "Os escribo otra vez.", *MARTA)
    same = write("Otra cosa", "Soy yo, desde casa.", "Marta Ruiz", "marta.casa@cliente.example")
    gone = write("Y otra", "También soy yo.", "Eva Sanz", "eva.sanz@cliente.example")
    customer = {
        pk: conversation_queries.conversation(pk).customer_id  # type: ignore[union-attr]
        for pk in (first, other, same, gone)
    }
    conversations.assign_conversation(conversation_id=first, agent_id=dora, at=at, by=dora)
    message = conversation_queries.newest_inbound_id(first)
    conversations.add_note(
        conversation_id=first, agent_id=ana, text="@Dora Ros, mírala tú.", mentions=[dora], at=at
    )
    (move,) = conversations.merge_conversations(kept_id=first, merged_ids=[twin], at=at, by=dora)
    relation = conversations.link_conversations(
        first_id=first, second_id=other, kind=RelationKind.RELATED, at=at, by=dora
    )
    asked = conversations.consult(
        conversation_id=first, question="¿Aguanta 60 grados?", agent_id=bruno, at=at, by=dora
    )
    side = channels.begin_side(
        conversation_id=first, subject="Recogida", at=at,
        mail=channels.SideMail(
            agent_id=dora, text="¿Cuándo pasáis?", to=[("", "ruta@transporte.example")]
        ),
    )  # fmt: skip
    conversations.follow_conversation(conversation_id=first, agent_id=dora, at=at)
    blob = files.put(b"Lavar a mano.", at=at)
    token = conversations.add_draft_file(
        conversation_id=first, agent_id=dora, mode="reply", name="cuidado.txt",
        content_type="text/plain", blob=blob, at=at,
    )  # fmt: skip
    draft = conversations.save_draft(
        conversation_id=first, agent_id=dora, mode="reply", text="Hola, Marta:", to=[MARTA], at=at
    )
    delivery = channels.enqueue_automatic(
        template="acknowledgement", conversation_id=other, language="es",
        to=("Eva Sanz", "eva@cliente.example"), promise_id=None, at=at,
    )  # fmt: skip
    answer = conversations.save_answer(
        answer_id=None, title="Cómo se lava", text="{{customer_name}}, a mano.",
        department_id=None, language="es", tags="lavar", at=at, by=dora,
    )  # fmt: skip
    tag = conversations.make_tag(name="cuidado", at=at, by=dora)
    acts = read_acts([{"do": "tag", "value": str(tag)}])
    macro = desk.save_macro(name="Cuidado", acts=acts, department_id=None, at=at, by=dora)
    rule = desk.save_rule(
        name="Lavar", conditions={"text": "lavar*"}, acts=acts, ends=False, is_on=True, at=at,
        by=dora,
    )  # fmt: skip
    view = desk.save_view(
        name="Cuidado", conditions={"tag": [tag]}, order="plazo", department_id=care,
        agent_id=dora, at=at,
    )  # fmt: skip
    bulk = desk.plan_bulk(agent_id=dora, conversation_ids=[first, other], at=at)
    field = people.define_field(name="Talla", kind=FieldKind.TEXT, at=at, by=dora)
    tier = people.add_tier(name="Mayorista", at=at, by=dora)
    people.set_tier(customer_id=customer[first], tier_id=tier, at=at, by=dora)
    people.write_customer_note(
        customer_id=customer[first], text="Prefiere la tarde.", at=at, by=ana
    )
    merge = people.merge_customers(
        kept_id=customer[other], merged_id=customer[gone], at=at, by=dora
    )
    people.begin_absence(
        agent_id=bruno, starts_at=at + timedelta(days=3), ends_at=at + timedelta(days=5),
        substitute_id=ana, note="", at=at, actor="system",
    )  # fmt: skip
    newcomer = people.hire_agent(
        email="nuria@barro.example", name="Nuria Sal", role=Role.AGENT, password=None,
        department_ids=[care], at=at, by=dora,
    )  # fmt: skip
    shelf = knowledge.save_category(
        texts={"es": knowledge.Named("Cuidados"), "en": knowledge.Named("Care")}, at=at, by=dora
    )
    article = knowledge.create_article(
        kind=Kind.GUIDE, language="es", title="Cómo se lava", category_id=shelf, at=at, by=ana,
        body="<p>A <strong>mano</strong>.</p><table><tr><th>Pieza</th></tr><tr><td>Taza</td></tr>"
        '</table><aside data-kind="tip"><p>Con agua tibia.</p></aside>',
    )  # fmt: skip
    for _ in range(2):
        knowledge.publish_text(article_id=article, language="es", at=at, by=dora)
    knowledge.add_language(article_id=article, language="en", title="Washing", at=at, by=ana)
    group = knowledge.save_synonyms(language="es", words=["lavar", "fregar"], at=at)
    mine = promise_queries.open_promises_of(f"conversation:{first}").first()
    assert mine is not None
    return {
        "conversaciones": first, "clientes": customer[first], "promesas": mine.pk,
        "mensajes": message, "movimientos": move, "enlaces": relation,
        "consultas": asked, "laterales": side, "vistas": view, "varias": bulk, "salida": delivery,
        "saber": article, "category_id": shelf, "group_id": group, "number_id": 1,
        "delivery_id": delivery, "answer_id": answer, "tag_id": tag, "macro_id": macro,
        "macro": macro, "rule_id": rule, "field_id": field, "tier_id": tier, "merge": merge,
        "draft_id": draft, "token": token, "department_id": care, "agent_id": bruno, "customer_id": customer[first],
        "link": notices.link_of(dora, Mutes.CONVERSATION, [first], at=at),
        "key": inviting.invite(newcomer, by=dora, by_mail=False).rstrip("/").rpartition("/")[2],
    }  # fmt: skip


if __name__ == "__main__":
    with shop():
        sys.stdout.write(json.dumps(make()) + "\n")
