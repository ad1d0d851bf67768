"""A passkey in software: makes keys and signs as a device does.

Source: W3C Web Authentication Level 2: 6.1 (authenticator data), 6.5.4 (attestation object, format
"none"), 5.8.1 (client data).
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftToken:
    """One key on one device; `origin` is the page that the browser says it is on."""

    origin: str = "http://localhost"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_id: str = ""
    count: int = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer navigator.credentials.create()."""
        public = options["publicKey"]
        self.user_id = public["user"]["id"]
        cose = ES256.from_cryptography_key(self.key.public_key())
        attested = (
            bytes(16)
            + struct.pack(">H", len(self.credential_id))
            + self.credential_id
            + cbor.encode(dict(cose))
        )
        data = self._data(public["rp"]["id"], PRESENT | VERIFIED | ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": websafe_encode(
                    self._client("webauthn.create", public["challenge"])
                ),
                "attestationObject": websafe_encode(attestation),
            },
            {"credProps": {"rk": True}},
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer navigator.credentials.get()."""
        public = options["publicKey"]
        self.count += 1
        data = self._data(public["rpId"], PRESENT | VERIFIED)
        client = self._client("webauthn.get", public["challenge"])
        signature = self.key.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.user_id,
            },
            {},
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        return (
            hashlib.sha256(rp_id.encode()).digest()
            + bytes([flags])
            + struct.pack(">I", self.count)
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str], extensions: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {
            "id": name, "rawId": name, "type": "public-key", "response": response,
            "clientExtensionResults": extensions,
        }  # fmt: skip
