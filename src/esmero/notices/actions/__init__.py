"""Writes of notices."""

from esmero.notices.actions.choosing import (
    mute_conversation,
    obey_link,
    pause,
    set_preferences,
    unmute_conversation,
)
from esmero.notices.actions.looking import drop_hidden, look, look_at_all, settle
from esmero.notices.actions.mailing import mail_one, next_mail_at
from esmero.notices.actions.pushing import (
    forget_subscriptions_of,
    keep_keys,
    next_push_at,
    plan_push_one,
    push_one,
    reseal_keys,
    subscribe,
    unsubscribe,
)
from esmero.notices.actions.telling import forget_old, tell

__all__ = [
    "drop_hidden",
    "forget_old",
    "forget_subscriptions_of",
    "keep_keys",
    "look",
    "look_at_all",
    "mail_one",
    "mute_conversation",
    "next_mail_at",
    "next_push_at",
    "obey_link",
    "pause",
    "plan_push_one",
    "push_one",
    "reseal_keys",
    "set_preferences",
    "settle",
    "subscribe",
    "tell",
    "unmute_conversation",
    "unsubscribe",
]
