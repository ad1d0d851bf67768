from tests.journeys.test_desk_find import NARROW, letters, test_one_customer  # noqa


def test_look(product, visit, letters):
    for name, choices in (("w", {}), ("n", NARROW)):
        c = visit.member(product, "carla", **choices)
        c.goto(f"{product.url}/c/clientes/1/")
        c.screenshot(path=f"/tmp/find-cust-{name}.png", full_page=True)
        c.goto(f"{product.url}/c/buscar/?q=devulucion")
        c.screenshot(path=f"/tmp/find-search2-{name}.png")
        c.goto(f"{product.url}/c/conversaciones/1/")
        c.keyboard.press("Control+k")
        c.wait_for_timeout(1500)
        c.screenshot(path=f"/tmp/find-pal-{name}.png")
