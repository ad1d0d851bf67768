"""Notices: the bell counts up in a colleague's window, what was quiet comes as one mail, one click
silences, the page is an app.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import JULIAN, MARTA, SHOP
from tests.journeys.post import letter, text_of
from tests.journeys.product import eventually
from tests.journeys.screens import SIZES, fits


@pytest.fixture
def ask(product, post):
    """`ask("subject")`: somebody writes, and the shop has it; returns its number."""

    def write(subject: str, who: str = MARTA) -> int:
        newest = "SELECT coalesce(max(id), 0) FROM conversations_conversation"
        before = product.ask(newest)[0][0]
        mail = letter(
            subject, "Un texto que es solo suyo.", sender=f"Marta Ruiz <{who}>", to=SHOP,
            at=product.now(),
        )  # fmt: skip
        post.send(mail, SHOP)
        query = "SELECT max(id) FROM conversations_conversation WHERE subject = %s AND id > %s"
        return int(eventually(lambda: product.ask(query, subject, before)[0][0]))

    return write


def connected(page: Page) -> Page:
    expect(page.locator("es-live")).to_have_attribute("data-state", "open")
    return page


def mention(page: Page, product, number: int, name: str = "Ana") -> None:
    """Write a note in a conversation that names a colleague."""
    page.goto(f"{product.url}/c/conversaciones/{number}/?lista=equipo&modo=nota")
    field = page.get_by_role("textbox", name="Texto de la nota")
    field.click()
    field.press_sequentially(f"@{name}", delay=40)
    expect(page.get_by_role("option", name=f"{name} Luz")).to_be_visible()
    field.press("Enter")
    field.press_sequentially("¿lo miras?")
    page.get_by_role("button", name="Guardar la nota").click()
    expect(page.locator("#thread")).to_contain_text("¿lo miras?")


def badge(page: Page):
    return page.locator("#rail [data-counted=bell] .badge").first


@SIZES
def test_a_mention_rings_in_the_colleagues_window_and_opening_it_settles_it(
    product, visit, ask, size
):
    number = ask(f"¿Lo ve Ana? {len(size)}")
    ana = connected(visit.member(product, "ana", **size))
    ana.evaluate("window.stood = true")
    expect(badge(ana)).to_have_count(0)
    mention(visit.member(product, "bruno"), product, number)
    expect(badge(ana)).to_contain_text("1", timeout=15_000)
    toast = ana.locator(".toast", has_text=f"n.º {number}")
    expect(toast).to_contain_text("Bruno Gil te menciona")
    assert ana.evaluate("window.stood") is True  # no reload
    fits(ana)
    ana.goto(f"{product.url}/c/campana/")
    row = ana.locator(".notice-line", has_text=f"n.º {number}")
    expect(row).to_have_attribute("data-unseen", "")
    fits(ana)
    row.get_by_role("link").click()
    ana.wait_for_url(f"**/c/conversaciones/{number}/**")
    connected(ana)
    expect(badge(ana)).to_have_count(0)


@SIZES
def test_one_click_silences_from_the_notice_and_the_thread_hears_again(product, visit, ask, size):
    number = ask(f"Mucho ruido {len(size)}")
    ana = connected(visit.member(product, "ana", **size))
    mention(visit.member(product, "bruno"), product, number)
    toast = ana.locator(".toast", has_text=f"n.º {number}")
    toast.get_by_role("button", name="Silenciar esta conversación").click()
    expect(ana.locator(".toast", has_text="Silenciada.")).to_be_visible()
    ana.goto(f"{product.url}/c/conversaciones/{number}/")
    ana.get_by_role("button", name="silenciada: volver a oírla").click()
    expect(ana.get_by_role("button", name="silenciada: volver a oírla")).to_have_count(0)


@SIZES
def test_the_matrix_and_the_quiet_hours_are_chosen(product, visit, size):
    ana = visit.member(product, "ana", **size)
    ana.goto(f"{product.url}/c/yo/avisos/")
    fits(ana)
    box = ana.get_by_role("checkbox", name="Una nota me menciona: Push")
    was = box.is_checked()
    box.set_checked(not was)
    ana.get_by_role("button", name="Guardar").click()
    expect(ana.locator(".toast", has_text="Guardado")).to_be_visible()
    expect(ana.get_by_role("checkbox", name="Una nota me menciona: Push")).to_be_checked(
        checked=not was
    )


def test_what_was_quiet_comes_as_one_mail_that_one_click_silences(product, post, visit, ask):
    product.set_clock(product.at("20:00"))  # closed since seven
    numbers = [ask(f"De noche {n}", who) for n, who in enumerate((MARTA, JULIAN))]
    bruno = visit.member(product, "bruno")
    for number in numbers:
        mention(bruno, product, number)
    waiting = "SELECT count(*) FROM notices_notice WHERE mail_at IS NOT NULL AND kind = 'mention'"
    eventually(lambda: product.ask(waiting)[0][0] >= 2)
    product.let_pass(hours=1)
    held = "SELECT min(mail_at) FROM notices_notice WHERE mail_at IS NOT NULL"
    morning = product.at("09:00", days=1)
    eventually(lambda: product.ask(held)[0][0] == morning)

    def digests():
        found = post.mails_of("ana")
        return [one for one in found if "List-Unsubscribe" in one]

    assert digests() == []
    product.set_clock(product.at("09:01", days=1))
    eventually(digests)
    (mail,) = digests()
    text = text_of(mail)
    assert all(f"n.º {number}" in text for number in numbers)
    assert "solo suyo" not in text
    link = mail["List-Unsubscribe"].strip("<>")
    page = visit.window()
    page.goto(link)
    expect(page.get_by_role("main")).to_contain_text("Una nota me menciona, por correo")
    page.get_by_role("button", name="Silenciar").click()
    expect(page.get_by_role("heading", name="Silenciado.")).to_be_visible()
    chosen = "SELECT channels->>'mention' FROM notices_preferences p JOIN people_agent a"
    chosen += " ON a.id = p.agent_id WHERE a.email = 'ana@barro.example'"
    assert "m" not in product.ask(chosen)[0][0]


def test_it_is_an_app_that_works_without_a_connection_and_keeps_no_page(product, visit):
    ana = connected(visit.member(product, "ana"))
    manifest = ana.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then(r => r.json())"
    )
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/c/")
    assert manifest["name"].startswith("Barro Vivo")
    for one in manifest["icons"]:
        assert ana.evaluate("src => fetch(src).then(r => r.status)", one["src"]) == 200
    scope = ana.evaluate("navigator.serviceWorker.ready.then(r => r.scope)")
    assert scope == f"{product.url}/c/"
    ana.reload()
    connected(ana)
    ana.goto(f"{product.url}/c/clientes/")
    kept = """async () => {
      const found = [];
      for (const name of await caches.keys()) {
        for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
      }
      return found;
    }"""
    paths = ana.evaluate(kept)
    assert paths
    assert [one for one in paths if not one.startswith(("/static/", "/app/sin-conexion/"))] == []
    ana.context.set_offline(True)
    ana.goto(f"{product.url}/c/bandejas/mias/")
    expect(ana.get_by_role("heading", name="Sin conexión")).to_be_visible()
    expect(ana.get_by_role("main")).to_contain_text("Tus borradores están a salvo")
    ana.context.set_offline(False)
    ana.get_by_role("link", name="Probar otra vez").click()
    connected(ana)
    visit.said[:] = [one for one in visit.said if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_push_message_is_shown_and_leads_to_its_conversation(product, visit, ask):
    number = ask("Llega un push")
    ana = connected(visit.member(product, "ana"))
    ana.context.grant_permissions(["notifications"], origin=product.url)
    ana.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = ana.context.new_cdp_session(ana)
    found = {}
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.update(
            {one["scopeURL"]: one["registrationId"] for one in event["registrations"]}
        ),
    )
    session.send("ServiceWorker.enable")
    eventually(lambda: (ana.wait_for_timeout(50), found)[1])
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": product.url,
            "registrationId": found[f"{product.url}/c/"],
            "data": f'{{"title":"Bruno te menciona","body":"","tag":"mention-{number}",'
            f'"lang":"es","url":"/c/conversaciones/{number}/","acts":[]}}',
        },
    )
    shown = """navigator.serviceWorker.ready.then(r => r.getNotifications())
      .then(all => all.map(one => [one.title, one.tag, one.data.url]))"""
    eventually(lambda: ana.evaluate(shown))
    assert ana.evaluate(shown) == [
        ["Bruno te menciona", f"mention-{number}", f"/c/conversaciones/{number}/"]
    ]
