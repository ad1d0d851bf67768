"""The push services of the browsers' makers, over HTTP: a judged address, no redirects."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx

from esmero.kernel import dialler
from esmero.kernel.dialler import HostRefused, HostUnknown
from esmero.notices.errors import EndpointRefused
from esmero.notices.ports import Answer

SECONDS = 10.0
_PAUSE_MOST = 86_400


class HttpPushService:
    """Posts to the very address that was judged."""

    def post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post. Raises EndpointRefused. A service that cannot be reached answers 0."""
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            pinned = dialler.pin(host, port)
        except HostRefused:
            raise EndpointRefused(host=host) from None
        except HostUnknown:
            return Answer(0)
        if not is_allowed(parts.scheme, pinned.address):
            raise EndpointRefused(host=host)
        address = f"[{pinned.address}]" if ":" in pinned.address else pinned.address
        url = f"{parts.scheme}://{address}:{port}{parts.path}"
        url += f"?{parts.query}" if parts.query else ""
        named = {**headers, "Host": parts.netloc.rpartition("@")[2]}
        try:
            with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
                request = client.build_request(
                    "POST",
                    url,
                    content=body,
                    headers=named,
                    extensions={"sni_hostname": host},
                )
                answer = client.send(request, stream=True)
                answer.close()  # whatever it says, the status is all we want
        except (httpx.HTTPError, OSError):
            return Answer(0)
        return Answer(answer.status_code, _seconds(answer.headers.get("Retry-After", "")))


def is_allowed(scheme: str, address: str) -> bool:
    """Say whether a resolved address may be called: global over https, loopback where tests are.

    Where private addresses are allowed for mail servers, they are not for push: a member's browser
    names the endpoint.
    """
    ip = ipaddress.ip_address(address)
    if ip.is_loopback:
        return dialler.is_private_allowed()
    return scheme == "https" and dialler.is_outside(address)


def _seconds(said: str) -> int:
    return min(int(said), _PAUSE_MOST) if said.isdecimal() and len(said) < 8 else 0
