"""Pure rules: the matrix, quiet hours over midnight and the change of the clock, encryption."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from esmero.notices.enums import Channel, Kind
from esmero.notices.rules import matrix, quiet, webpush

MADRID = ZoneInfo("Europe/Madrid")
ALL = range(7)


def local(*parts, zone=MADRID, fold=0):
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)


def test_defaults_are_quiet():
    s, m, p = Channel.SCREEN, Channel.MAIL, Channel.PUSH
    assert {kind.value: "".join(sorted(c.value for c in on)) for kind, on in matrix.DEFAULTS.items()} == {
        "assigned": "ps", "message": "ps", "mention": "mps", "consulted": "mps", "promise": "ps",
        "returned": "ms", "takeover": "ps", "undelivered": "mps", "unowned": "", "followed": "s",
        "side": "ps", "mailbox": "mps",
    }  # fmt: skip
    assert set(matrix.DEFAULTS) == set(Kind)
    assert matrix.channels_of({}, Kind.FOLLOWED) == {s}
    assert matrix.channels_of({"followed": "mp"}, Kind.FOLLOWED) == {m, p}
    assert matrix.channels_of({"mention": ""}, Kind.MENTION) == frozenset()


def test_only_what_differs_is_kept_and_one_channel_can_go():
    chosen = dict(matrix.DEFAULTS) | {Kind.UNOWNED: frozenset({Channel.PUSH})}
    assert matrix.stored(chosen) == {"unowned": "p"}
    left = matrix.without({"unowned": "p"}, Kind.MENTION, Channel.MAIL)
    assert left == {"unowned": "p", "mention": "sp"}
    assert matrix.without(left, Kind.UNOWNED, Channel.PUSH)["unowned"] == ""


@pytest.mark.parametrize("kind", list(Kind))
def test_a_silent_conversation_still_asks_by_name(kind):
    assert not matrix.is_silenced(kind, is_muted=False)
    silent = {Kind.MESSAGE, Kind.UNOWNED, Kind.FOLLOWED, Kind.SIDE}
    assert matrix.is_silenced(kind, is_muted=True) == (kind in silent)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (local(2026, 11, 19, 19, 59), None),
        (local(2026, 11, 19, 20, 0), local(2026, 11, 20, 8, 0)),
        (local(2026, 11, 20, 0, 30), local(2026, 11, 20, 8, 0)),
        (local(2026, 11, 20, 7, 59), local(2026, 11, 20, 8, 0)),
        (local(2026, 11, 20, 8, 0), None),
    ],
)
def test_own_hours_go_over_midnight(at, ends):
    assert quiet.end_inside(ALL, 20 * 60, 8 * 60, zone=MADRID, at=at) == ends


def test_own_hours_begin_on_their_days_alone():
    friday_night = local(2026, 11, 21, 2)  # Saturday by then
    assert quiet.end_inside([4], 1200, 480, zone=MADRID, at=friday_night) == local(2026, 11, 21, 8)
    assert quiet.end_inside([5], 1200, 480, zone=MADRID, at=friday_night) is None


def test_whole_days_that_touch_are_one_quiet():
    saturday = local(2026, 11, 21, 12)
    assert quiet.end_inside([5, 6], 0, 0, zone=MADRID, at=saturday) == local(2026, 11, 23, 0)
    # From Friday evening over the weekend.
    assert quiet.end_inside([4, 5, 6], 20 * 60, 20 * 60, zone=MADRID, at=saturday) == local(
        2026, 11, 23, 20
    )


def test_hours_are_those_on_the_wall_when_the_clock_changes():
    # 2026-03-29 02:00 becomes 03:00 in Madrid; 2026-10-25 03:00 becomes 02:00.
    spring = quiet.end_inside(ALL, 1320, 420, zone=MADRID, at=local(2026, 3, 29, 0, 30))
    assert spring == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    autumn = quiet.end_inside(ALL, 1320, 420, zone=MADRID, at=local(2026, 10, 25, 0, 30))
    assert autumn == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
    night = timedelta(hours=9)
    assert spring - local(2026, 3, 28, 22) == night - timedelta(hours=1)
    assert autumn - local(2026, 10, 24, 22) == night + timedelta(hours=1)
    # An end that the clock jumps over is the moment after.
    jumped = quiet.end_inside(ALL, 1320, 150, zone=MADRID, at=local(2026, 3, 29, 0, 30))
    assert jumped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_outside_opening_hours_it_is_quiet_until_the_next():
    morning = (local(2026, 11, 19, 9), local(2026, 11, 19, 14))
    evening = (local(2026, 11, 19, 16), local(2026, 11, 19, 19))
    frames = [evening, morning]
    assert quiet.end_outside(frames, at=local(2026, 11, 19, 8)) == morning[0]
    assert quiet.end_outside(frames, at=morning[0]) is None
    assert quiet.end_outside(frames, at=morning[1]) == evening[0]
    assert quiet.end_outside(frames, at=evening[1]) is None  # no hours known: no quiet for ever
    assert quiet.end_outside([], at=morning[0]) is None


# Source: RFC 8291, appendix A.
RFC = {
    "text": b"When I grow up, I want to be a watermelon",
    "own": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "body": "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
}  # fmt: skip


def test_encryption_is_that_of_the_rfc():
    own = webpush.read_keys(RFC["own"])
    body = webpush.encrypt(
        RFC["text"], p256dh=RFC["p256dh"], auth=RFC["auth"],
        salt=webpush.unpacked(RFC["salt"]), own=own.private,
    )  # fmt: skip
    assert webpush.packed(body) == RFC["body"]
    assert webpush.written(own) == RFC["own"]


def test_each_message_is_encrypted_anew():
    first, second = (
        webpush.encrypt(b"x", p256dh=RFC["p256dh"], auth=RFC["auth"]) for _ in range(2)
    )
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", RFC["auth"]), (RFC["p256dh"], ""), (RFC["p256dh"][:-4], RFC["auth"]),
        (webpush.packed(b"\x04" + bytes(64)), RFC["auth"]), ("ñ" * 87, RFC["auth"]),
        (RFC["p256dh"], webpush.packed(bytes(17))), ("!" * 87, "!" * 22),
    ],
)  # fmt: skip
def test_keys_that_are_none_are_refused(p256dh, auth):
    assert not webpush.is_key_pair(p256dh, auth)
    with pytest.raises(ValueError, match=r".*"):
        webpush.encrypt(b"x", p256dh=p256dh, auth=auth)


def test_a_text_that_no_push_service_need_take_is_refused():
    webpush.encrypt(b"x" * webpush.TEXT_MOST, p256dh=RFC["p256dh"], auth=RFC["auth"])
    with pytest.raises(ValueError, match="too long"):
        webpush.encrypt(b"x" * (webpush.TEXT_MOST + 1), p256dh=RFC["p256dh"], auth=RFC["auth"])


def test_the_header_names_the_shop_and_is_signed_for_the_service_alone():
    keys = webpush.make_keys()
    at = datetime(2026, 11, 19, 10, tzinfo=UTC)
    said = webpush.authorization(
        keys, "https://push.example:8443/a/b?c=1", contact="https://barro.example", at=at
    )
    scheme, _, rest = said.partition(" ")
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, fields["k"]) == ("vapid", webpush.packed(keys.public))
    head, body, signature = fields["t"].split(".")
    assert json.loads(webpush.unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(webpush.unpacked(body)) == {
        "aud": "https://push.example:8443",
        "exp": int(at.timestamp()) + 12 * 3600,
        "sub": "https://barro.example",
    }
    octets = webpush.unpacked(signature)
    assert len(octets) == 64
    der = encode_dss_signature(*(int.from_bytes(h, "big") for h in (octets[:32], octets[32:])))
    public = ec.EllipticCurvePublicKey.from_encoded_point(webpush.CURVE, keys.public)
    public.verify(der, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    again = webpush.read_keys(webpush.written(keys))
    assert again.public == keys.public
