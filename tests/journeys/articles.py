"""Publishes the articles of the journeys: `python -m tests.journeys.articles`."""

from __future__ import annotations

from esmero.config.cli.context import shop


def publish() -> None:
    """Do it, through the actions."""
    from esmero.kernel.clock import now
    from esmero.knowledge import actions as knowledge
    from esmero.knowledge.enums import Audience, Kind

    shelf = knowledge.save_category(texts={"es": knowledge.Named("Cuidados")}, at=now(), by=None)
    for kind, audience, title, body in (
        (Kind.FAQ, Audience.PUBLIC, "¿Cómo devuelvo un pedido?", "<p>Tienes 30 días.</p>"),
        (Kind.FAQ, Audience.PUBLIC, "Formas de pago", "<p>Tarjeta y Bizum.</p>"),
        (Kind.GUIDE, Audience.PUBLIC, "Cómo curar una cazuela", "<h2>Antes</h2><p>Agua.</p>"),
        (Kind.NEWS, Audience.PUBLIC, "Abrimos los sábados", "<p>De 10 a 13.</p>"),
        (Kind.FAQ, Audience.TEAM, "Devoluciones fuera de plazo", "<p>Secreto.</p>"),
    ):
        article = knowledge.create_article(
            kind=kind,
            audience=audience,
            language="es",
            title=title,
            body=body,
            category_id=shelf if kind is Kind.GUIDE else None,
            at=now(),
            by=None,
        )
        knowledge.publish_text(article_id=article, language="es", at=now(), by=None)


if __name__ == "__main__":
    with shop():
        publish()
