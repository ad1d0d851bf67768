"""A push message as the push service takes it: encrypted for one browser, signed by the shop.

Sources: RFC 8291 (encryption for Web Push) on RFC 8188 (aes128gcm), RFC 8292 (VAPID), RFC 7515 and
7518 (JWS with ES256). Tested against the example of RFC 8291, appendix A.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096
"""Source: RFC 8291, 4: a push service need not take more than one record of 4,096 octets."""
TEXT_MOST = 3993
"""Source: RFC 8291, 4: 4,096 less header (86), delimiter (1) and tag (16)."""
SIGNED_FOR = timedelta(hours=12)
"""Source: RFC 8292, 2: no more than 24 hours from the request."""
_POINT, _AUTH = 65, 16


@dataclass(frozen=True, slots=True)
class Keys:
    """The shop's pair: the number of the private key, and the uncompressed public point."""

    private: ec.EllipticCurvePrivateKey
    public: bytes


def make_keys() -> Keys:
    """Return a fresh pair."""
    return _with_public(ec.generate_private_key(CURVE))


def read_keys(text: str) -> Keys:
    """Return the pair of what `written` gave."""
    return _with_public(ec.derive_private_key(int.from_bytes(unpacked(text), "big"), CURVE))


def written(keys: Keys) -> str:
    """Return a private key as text (base64url of its 32 octets)."""
    number = keys.private.private_numbers().private_value
    return packed(number.to_bytes(32, "big"))


def packed(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    """Return the octets of base64url with or without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def is_key_pair(p256dh: str, auth: str) -> bool:
    """Say whether these are what a browser gives: a point on the curve, and 16 octets."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _sized(p256dh, _POINT))
        _sized(auth, _AUTH)
    except ValueError:
        return False
    return True


def encrypt(
    text: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the body for the push service. Raises ValueError for bad keys or a text too long.

    `salt` and `own` are fresh for every message; only a test names them.
    """
    if len(text) > TEXT_MOST:
        raise ValueError("too long for a push message")
    theirs = _sized(p256dh, _POINT)
    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(CURVE)
    ours = _point(own)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    info = b"WebPush: info\0" + theirs + ours
    material = _derived(shared, _sized(auth, _AUTH), info, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    # One record, and the last: its delimiter is 2 (RFC 8188, 2).
    return header + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def authorization(keys: Keys, endpoint: str, *, contact: str, at: datetime) -> str:
    """Return the header that says who sends. `contact` is a mailto: or https: address."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + SIGNED_FOR).timestamp()),
        "sub": contact,
    }
    said = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    signature = keys.private.sign(said.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    token = f"{said}.{packed(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={packed(keys.public)}"


def _json(value: dict[str, object]) -> str:
    return packed(json.dumps(value, separators=(",", ":")).encode())


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def _sized(text: str, length: int) -> bytes:
    found = unpacked(text)
    if len(found) != length:
        raise ValueError("a key of the wrong length")
    return found


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _with_public(key: ec.EllipticCurvePrivateKey) -> Keys:
    return Keys(private=key, public=_point(key))
