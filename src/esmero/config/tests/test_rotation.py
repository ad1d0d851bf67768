"""A new key in front: the old one still opens, everything is closed anew, the old one can go."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings

from esmero.channels import actions, queries
from esmero.channels.adapters.mail import accounts
from esmero.channels.models import Mailbox
from esmero.config import rotation
from esmero.conversations import queries as conversations
from esmero.conversations.models import Conversation
from esmero.kernel import secrets, signing
from esmero.kernel.secrets import SecretUnreadable
from esmero.people.models import Agent
from tests.cast import NOON, House, open_house

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = "vieja-" * 8, "nueva-" * 8, "ajena-" * 8
WITH_OLD = override_settings(SECRET_KEY=OLD, SECRET_KEY_FALLBACKS=[])
WITH_BOTH = override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[OLD])
WITH_NEW = override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[])


@pytest.fixture
def house() -> House:
    with WITH_OLD:
        house = open_house()
        pk = actions.connect_mailbox(
            address="hola@barro.example", imap_host="imap.barro.example", password="secreta",
            oauth_client_secret="cliente", at=NOON,
        )  # fmt: skip
        actions.keep_tokens(
            mailbox_id=pk, access_token="acceso", refresh_token="nuevo", expires_at=NOON
        )
        Authenticator.objects.create(
            user=Agent.objects.get(pk=house.ana), type="totp",
            data={"secret": secrets.seal("JBSWY3DP")},
        )  # fmt: skip
        Authenticator.objects.create(
            user=Agent.objects.get(pk=house.ana), type="recovery_codes",
            data={"seed": secrets.seal("semilla"), "used_mask": 3},
        )  # fmt: skip
    return house


def password() -> str:
    return accounts.imap_server(Mailbox.objects.get()).password


def test_the_old_key_opens_until_it_is_taken_away(house: House) -> None:
    with WITH_BOTH:
        assert password() == "secreta"
    with WITH_NEW, pytest.raises(SecretUnreadable):
        password()


def test_after_resealing_the_old_key_can_go(house: House) -> None:
    with WITH_BOTH:
        assert rotation.reseal() == 6
        assert rotation.reseal() == 0
    with WITH_NEW:
        box = Mailbox.objects.get()
        sealed = (
            box.oauth_client_secret_sealed,
            box.oauth_access_sealed,
            box.oauth_refresh_sealed,
        )
        assert password() == "secreta"
        assert [secrets.unseal(one) for one in sealed] == ["cliente", "acceso", "nuevo"]
        totp, codes = Authenticator.objects.order_by("id")
        assert secrets.unseal(totp.data["secret"]) == "JBSWY3DP"
        assert (secrets.unseal(codes.data["seed"]), codes.data["used_mask"]) == ("semilla", 3)


def test_what_no_key_opens_stays_and_stops_nothing_else(house: House) -> None:
    with override_settings(SECRET_KEY=OTHER, SECRET_KEY_FALLBACKS=[]):
        foreign = secrets.seal("perdida")
    Mailbox.objects.update(password_sealed=foreign)
    with WITH_BOTH:
        assert rotation.reseal() == 5
        assert Mailbox.objects.get().password_sealed == foreign
        with pytest.raises(SecretUnreadable):
            password()


def test_links_and_names_of_the_old_key_are_believed_while_it_is_there(house: House) -> None:
    conversation = Conversation.objects.create(
        channel="mail", opened_at=NOON, last_message_at=NOON
    )
    with WITH_OLD:
        link = conversations.link_of(conversation.token, at=NOON)
        message_id = actions.new_message_id(conversation.pk, "barro.example")
    with WITH_BOTH:
        assert queries.is_ours(message_id)
        token, day, signature = link.split(".")
        assert signing.is_signed("portal-link", f"{token}.{day}", signature)
        assert conversations.link_of(conversation.token, at=NOON) != link
    with WITH_NEW:
        assert not queries.is_ours(message_id)
