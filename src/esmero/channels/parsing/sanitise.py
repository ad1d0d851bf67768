"""Hostile HTML to HTML that may be shown (in a sandboxed frame, under its own CSP).

An allow-list by nh3 (ammonia, html5ever). No forms, scripts, embedded documents; no style that
loads, positions or hides; images only from the mail itself until the reader asks for remote ones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

import nh3

from esmero.channels.parsing.html_text import html_to_text
from esmero.channels.parsing.words import word_set

_TAGS = set(
    word_set(
        "a abbr address b bdi bdo big blockquote br caption center cite code col "
        "colgroup dd del dfn "
        "div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark "
        "ol p pre q s "
        "samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr"
    )
)
_BLOCK = {"align", "dir", "lang", "style"}
_CELL = _BLOCK | {"bgcolor", "colspan", "height", "rowspan", "valign", "width"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "title", "width"},
    "ol": {"start", "type"} | _BLOCK,
    "table": {"border", "cellpadding", "cellspacing"} | _CELL,
    "td": _CELL,
    "th": _CELL,
    "tr": _CELL,
    **{tag: _BLOCK for tag in
       ("blockquote", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre",
        "span", "ul", "b", "i", "u", "strong", "em")},
}  # fmt: skip
_STYLES = set(
    word_set(
        "background-color border border-bottom border-collapse border-color border-left "
        "border-right "
        "border-spacing border-style border-top border-width color font-size font-style "
        "font-weight "
        "list-style-type padding padding-bottom padding-left padding-right padding-top text-align "
        "text-decoration vertical-align white-space"
    )
)
_BAD_STYLE = re.compile(r"(?i)url\s*\(|expression|@|\\|var\s*\(|image|attr\s*\(|-moz-|behavior")
_DROPPED = set(word_set(
    "head iframe math noscript object script select style svg template textarea title"
))  # fmt: skip
_MAX_CHARS = 1_000_000
_MAX_STYLE = 2_000
# html5ever needs minutes for a hundred thousand nested elements; mails nest some dozens deep.
_MAX_DEPTH = 250
# And it copies what is left of a text at each ampersand: a million of them would take ten seconds.
_MAX_AMPERSANDS = 50_000
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_SELF_CLOSING = word_set(
    "area base body br col colgroup dd dt head hr html img input li link meta o:p option p param "
    "source tbody td tfoot th thead tr track wbr"
)


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """`html` may be shown; `blocked_images` counts the remote images left out."""

    html: str
    blocked_images: int


def sanitise_html(
    html: str, *, cid_urls: Mapping[str, str], allow_remote_images: bool
) -> SafeHtml:
    """Clean the HTML of a mail.

    `cid_urls` maps content ids (no brackets) to the addresses of inline images in our house;
    with `allow_remote_images` http(s) images stay (the caller proxies them). `data:` images are
    always refused: they are a way past every size limit. Never raises.
    """
    html = html[:_MAX_CHARS].replace("\x00", "")
    if html.count("&") > _MAX_AMPERSANDS or _is_too_deep(html):
        return SafeHtml("<pre>" + escape(html_to_text(html)) + "</pre>", 0)
    blocked = 0

    def keep(tag: str, attribute: str, value: str) -> str | None:
        nonlocal blocked
        if attribute == "style":
            return None if len(value) > _MAX_STYLE or _BAD_STYLE.search(value) else value
        if tag == "img" and attribute == "src":
            scheme = value.strip()[:8].lower()
            if scheme.startswith("cid:"):
                content_id = value.strip()[4:].strip("<>")
                return cid_urls.get(content_id) or cid_urls.get(unquote(content_id))
            if scheme.startswith(("http:", "https:")):
                if allow_remote_images:
                    return value
                blocked += 1
            return None
        if attribute == "href":
            # A relative link would lead into our own house.
            return value if re.match(r"(?i)\s*(?:https?|mailto|tel):", value) else None
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_STYLES,
        strip_comments=True,
    )
    return SafeHtml(cleaned, blocked)


def _is_too_deep(html: str) -> bool:
    depth = 0
    for match in _OPEN_OR_CLOSE.finditer(html):
        if match[2].lower() in _SELF_CLOSING:
            continue
        if match[1]:
            depth = max(0, depth - 1)
        else:
            depth += 1
            if depth > _MAX_DEPTH:
                return True
    return False
