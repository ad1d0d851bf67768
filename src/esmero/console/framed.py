"""Documents that are shown in a frame of their own: mails, which bring styles and wishes."""

from __future__ import annotations

from django.http import HttpResponse

# A mail's own inline styles, no script, no address outside, nobody's frame but ours. `sandbox`
# holds also when the address is opened alone.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data: cid:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups",
    ]
)


def framed(content: str, *, is_text: bool = False) -> HttpResponse:
    """Answer with a document that can do nothing but be read."""
    kind = "text/plain" if is_text else "text/html"
    return HttpResponse(
        content,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"},
    )
