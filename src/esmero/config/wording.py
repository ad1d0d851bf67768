"""The automatic mails' texts, for the page on which a shop words them anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import override

from esmero.kernel.clock import now
from esmero.mails import letter, texts
from esmero.mails.content import foot, page_url, to_html
from esmero.promises import queries as promises
from esmero.shop.ports import Sample
from esmero.shop.queries import the_shop

_AHEAD = timedelta(hours=3)
_STEP = timedelta(minutes=30)


def _sample_time(at: datetime) -> datetime:
    """Return a time some hours ahead as one would promise it."""
    later = at + _AHEAD
    return later - (later - datetime.min.replace(tzinfo=UTC)) % _STEP


class MailTexts:
    """Answers `shop.ports.CustomerTexts` from the surface that sends them."""

    def all_keys(self) -> Sequence[str]:
        """Return the texts that the shop may word."""
        return texts.text_keys()

    def variables(self, key: str) -> Sequence[str]:
        """Return what may stand in braces."""
        return sorted(texts.KINDS[self._split(key)[0]].variables)

    def built_in(self, key: str, language: str) -> tuple[str, str]:
        """Return what comes with the house."""
        name, variant = self._split(key)
        found = texts.built_in(name, variant, language, the_shop().voice)
        return found.subject, found.body

    def sample(self, key: str, language: str, *, subject: str, body: str) -> Sample:
        """Fill a wording for a customer who is called Marta."""
        shop, at = the_shop(), now()
        values = {
            "customer_name": "Marta",
            "shop_name": shop.name,
            "number": "1284",
            "link": page_url("/"),
            "promise_time": promises.say_due(
                _sample_time(at), now=at, zone=shop.zone.key, language=language
            ),
        }
        with override(language):
            values |= {one: f"[{one}]" for one in self.variables(key) if one not in values}
            written = letter.write(texts.Wording(subject, body), values)
            html = to_html(
                "mails/letter.html",
                shop=shop,
                subject=written.subject,
                language=language,
                letter=written,
            )
        text = f"{letter.as_text(written.blocks)}\n\n{foot(shop)}\n"
        return Sample(written.subject, text, html)

    @staticmethod
    def _split(key: str) -> tuple[str, str]:
        """Return the name and variant of a key. Raises KeyError."""
        for kind in texts.KINDS.values():
            for variant in kind.variants:
                if texts.text_key(kind.name, variant) == key:
                    return kind.name, variant
        raise KeyError(key)
