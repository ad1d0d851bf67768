"""An OAuth provider on loopback: consent with PKCE, tokens, refresh, and a door for mail servers.

It answers under the paths of Microsoft and of Google. A person who consents is `consent(url)`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


@dataclass
class Grant:
    """What somebody has consented to."""

    client_id: str
    redirect_uri: str
    challenge: str
    address: str
    scope: str


class OAuthProvider:
    """`with OAuthProvider() as provider:` and set `ESMERO_OAUTH_…_URL` to `provider.url`."""

    def __init__(self, *, client_secret: str = "") -> None:
        self.client_secret = client_secret
        self.life = 3600
        self.is_down = False
        self.rotates = True
        self.requests: list[dict[str, str]] = []
        self._codes: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._access: dict[str, tuple[str, float]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> OAuthProvider:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def tokeninfo_url(self) -> str:
        """Return the address at which Dovecot asks about a token."""
        return f"{self.url}/tokeninfo?access_token="

    def consent(self, url: str) -> dict[str, str]:
        """Do what a person does at the provider's page; return the query of the way back."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(self.url)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = Grant(
            asked["client_id"],
            asked["redirect_uri"],
            asked["code_challenge"],
            asked["login_hint"],
            asked["scope"],
        )
        return {"code": code, "state": asked["state"]}

    def way_back(self, url: str) -> str:
        """Return where the browser is sent after consenting."""
        asked = parse_qs(urlsplit(url).query)
        return f"{asked['redirect_uri'][0]}?{urlencode(self.consent(url))}"

    def withdraw_consent(self) -> None:
        """Forget every refresh token, as when a password changes."""
        self._refresh.clear()

    def address_of(self, token: str) -> str | None:
        """Return whose access token this is, None when it is unknown or over."""
        found = self._access.get(token)
        return found[0] if found and found[1] > time.monotonic() else None

    # Inside

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.requests.append(form)
        if self.is_down:
            return 503, {"error": "temporarily_unavailable"}
        if self.client_secret and form.get("client_secret") != self.client_secret:
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215"}
        if form.get("grant_type") == "authorization_code":
            grant = self._codes.pop(form.get("code", ""), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                grant is None
                or proof != grant.challenge
                or form.get("redirect_uri") != grant.redirect_uri
                or form.get("client_id") != grant.client_id
            ):
                return 400, {"error": "invalid_grant", "error_description": "code or verifier"}
        else:
            grant = self._refresh.get(form.get("refresh_token", ""))
            if grant is None:
                words = "AADSTS50173: The provided grant has expired"
                return 400, {"error": "invalid_grant", "error_description": words}
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._access[access] = (grant.address, time.monotonic() + self.life)
        said = {"access_token": access, "token_type": "Bearer", "expires_in": self.life}
        if form.get("grant_type") == "authorization_code" or self.rotates:
            self._refresh[refresh] = grant
            said["refresh_token"] = refresh
        return 200, said


def _handler_of(provider: OAuthProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/tokeninfo":
                address = provider.address_of(parse_qs(parts.query)["access_token"][0])
                if address is None:
                    self._answer(400, {"error": "invalid_token"})
                else:
                    self._answer(200, {"email": address, "active": "true"})
            else:
                self.send_response(302)
                self.send_header("Location", provider.way_back(f"{provider.url}{self.path}"))
                self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {k: v[0] for k, v in parse_qs(body).items()}
            self._answer(*provider.token(form))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
