"""The door of the team's pages: who may enter, in whose language, what a refusal looks like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from esmero.kernel import audit
from esmero.kernel.errors import NotAllowed, NotFound, Refusal
from esmero.people import queries as people
from esmero.people.enums import Role
from esmero.shop.queries import the_shop
from esmero.ui.refusals import sentence

if TYPE_CHECKING:
    from esmero.people.models import Agent

View = Callable[..., HttpResponseBase]


class TeamRequest(HttpRequest):
    """A request of somebody of the team (for annotations)."""

    agent: Agent


def team(
    role: Role = Role.AGENT, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View], View]:
    """Let only members with `role` in, with these methods; answer in their language.

    The view finds the member in `request.agent`. What the house refuses becomes 404, 403, or a
    message on the page the person came from. Nobody signed in is sent to the sign-in page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            agent = request.user
            if not agent.is_authenticated or not agent.is_active:
                return _to_sign_in(request)
            request = cast(TeamRequest, request)
            # The row itself: Django's wrapper asks twice for each attribute.
            request.agent = getattr(agent, "_wrapped", agent)
            people.keep_departments(request.agent)
            with speaking(request.agent), audit.acting_from(request.META.get("REMOTE_ADDR")):
                response = _answered(view, request, role, args, kwargs)
            response.headers.setdefault("Content-Language", request.agent.language)
            patch_vary_headers(response, ["HX-Request", "Cookie"])
            return response

        guarded = require_http_methods(list(methods))(entered)
        guarded.team_role = role  # type: ignore[attr-defined]  # read by the access matrix
        return cast(View, guarded)

    return decorate


def speaking(agent: Agent) -> Any:
    """Return a context in which texts and times are those of this member."""
    return _Speaking(agent.language, the_shop().zone)


class _Speaking:
    def __init__(self, language: str, zone: Any) -> None:
        self._language = translation.override(language)
        self._zone = timezone.override(zone)

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *problem: Any) -> None:
        self._zone.__exit__(*problem)
        self._language.__exit__(*problem)


def _answered(
    view: View, request: TeamRequest, role: Role, args: Any, kwargs: Any
) -> HttpResponseBase:
    if not request.agent.has_role(role):
        raise PermissionDenied
    try:
        return view(request, *args, **kwargs)
    except NotFound as refusal:
        raise Http404(str(refusal)) from refusal
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Refusal as refusal:
        if request.method in {"GET", "HEAD"}:
            raise Http404(str(refusal)) from refusal
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(came_from(request))


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # After a POST one cannot go on with it: the way leads to the front page.
    here = request.get_full_path() if request.method == "GET" else "/c/"
    if is_piece(request):
        here = request.headers.get("HX-Current-URL", "/c/")
        if not url_has_allowed_host_and_scheme(here, {request.get_host()}):
            here = "/c/"
    where = f"{settings.LOGIN_URL}?{urlencode({'next': here})}"
    if is_piece(request):
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


def is_piece(request: HttpRequest) -> bool:
    """Say whether htmx asks for a part of a page (going back asks for the whole one)."""
    asks = request.headers.get("HX-Request") == "true"
    return asks and request.headers.get("HX-History-Restore-Request") != "true"


def came_from(request: HttpRequest, otherwise: str = "/c/") -> str:
    """Return the page of ours that the person came from: the field `next`, else the Referer."""
    for candidate in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if candidate and url_has_allowed_host_and_scheme(
            candidate, {request.get_host()}, require_https=request.is_secure()
        ):
            return candidate
    return otherwise
