"""allauth's views where ours differ: my sign-in page inside the console, and its language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import signals
from allauth.account.utils import perform_login
from allauth.mfa.base.views import IndexView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from esmero.console.access import TeamRequest, came_from, speaking, team
from esmero.console.accounts import inviting, record, sessions
from esmero.console.accounts.browsers import browser_name
from esmero.console.context import frame
from esmero.kernel.clock import now
from esmero.people.enums import Role
from esmero.shop.queries import the_shop

View = Callable[..., HttpResponseBase]

WAYS: dict[str, Lazy | str] = {
    "reauthenticate": _("With your password"),
    "mfa_reauthenticate": _("With a code"),
    "mfa_reauthenticate:webauthn": _("With a passkey"),
}
"""Ways to show that it is still you, by allauth's name."""


def framed(view: View) -> View:
    """Show a page of allauth's inside the console, in the member's language and zone.

    Who is not signed in is sent to the door by the view itself.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        request = cast(TeamRequest, request)
        request.agent = cast(Any, request.user)
        with speaking(request.agent):
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse) and not response.is_rendered:
                at = now()
                response.context_data = {
                    **frame(request, here="settings", at=at),
                    "at": at,
                    "can_passkey": can_passkey(request),
                    "ways": WAYS,
                    **(response.context_data or {}),
                }
                _say_refused(request, response)
                response.render()
        response.headers.setdefault("Content-Language", request.agent.language)
        return response

    return shown


def at_door(view: View) -> View:
    """Tell the pages before the sign-in whether passkeys work at this address."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            response.context_data = {
                "can_passkey": can_passkey(request),
                "shop": {"name": the_shop().name},
                **(response.context_data or {}),
            }
            _say_refused(request, response)
        return response

    return shown


def _say_refused(request: HttpRequest, response: HttpResponseBase) -> None:
    # A form that comes back after a POST has errors.
    if request.method == "POST" and response.status_code == 200:
        response.status_code = 422


def can_passkey(request: HttpRequest) -> bool:
    """Say whether a browser offers passkeys here: over https, or on this machine by its name.

    Source: W3C Web Authentication Level 2, 5.1.3 (secure contexts; the id is a domain, never an
    IP address).
    """
    name = request.get_host().partition(":")[0]
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return request.is_secure() and not name.replace(".", "").isdigit() and "[" not in name


def invitation(request: HttpRequest, key: str) -> HttpResponseBase:
    """Let somebody new choose her password, and sign her in with it."""
    opened = inviting.read(key, at=now())
    agent = opened.agent
    if agent is None or opened.closed is not None:
        with translation.override(agent.language if agent else translation.get_language()):
            response = TemplateResponse(
                request,
                "account/invitation.html",
                {"why": opened.closed, "shop": {"name": the_shop().name}, "can_passkey": False},
                status=410,
            )
            return response.render()
    with translation.override(agent.language):
        form = SetPasswordForm(agent, request.POST or None)
        for name in ("new_password1", "new_password2"):
            form.fields[name].widget.attrs["autocomplete"] = "new-password"
        form.fields["new_password1"].label = gettext("Your password")
        form.fields["new_password2"].label = gettext("Once more")
        form.fields["new_password1"].help_text = gettext("At least ten characters.")
        form.fields["new_password2"].help_text = ""
        if request.method == "POST" and form.is_valid():
            form.save()
            response = perform_login(request, agent, redirect_url=reverse("console:hoy"))
            signals.password_set.send(sender=type(agent), request=request, user=agent)
            return response
        response = TemplateResponse(
            request, "account/invitation.html", {"agent": agent, "form": form,
            "shop": {"name": the_shop().name}, "can_passkey": False},
            status=422 if request.method == "POST" else 200,
        )  # fmt: skip
        response.headers["Content-Language"] = agent.language
        # Not no-referrer: a form of such a page is sent with `Origin: null`, which is refused.
        # Source: Fetch standard, "append a request `Origin` header".
        response.headers["Referrer-Policy"] = "same-origin"
        return response.render()


class SecurityView(IndexView):
    """Everything about signing in on one page: password, second factor, passkeys, sessions."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions, newest first, with a name for each browser."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = UserSession.objects.purge_and_list(self.request.user)
        context["sessions"] = [
            {
                "row": row,
                "browser": browser_name(row.user_agent),
                "is_current": row.session_key == self.request.session.session_key,
            }
            for row in sorted(rows, key=lambda row: row.created_at, reverse=True)
        ]
        context["has_password"] = cast(Any, self.request.user).has_usable_password()
        return context


class EndOthersView(ListUserSessionsView):
    """Ends the other sessions; the list itself is on the page above."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """End them, and write that down."""
        response: HttpResponse = super().form_valid(form)
        record.others_ended(self.request)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the list."""
        return HttpResponseRedirect(reverse("mfa_index") + "#sessions")


@team(Role.ADMIN, ("POST",))
def drop_factors(request: TeamRequest, agent_id: int) -> HttpResponse:
    """Help a member who lost her telephone."""
    sessions.drop_factors_of(agent_id, by=request.agent.pk)
    messages.success(request, gettext("Taken away. Password or a code by mail lets in now."))
    return HttpResponseRedirect(came_from(request))
