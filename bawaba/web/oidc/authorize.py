"""A service sends a person here to be told who it is. Everything is decided in this order: is it asked rightly, is the
person signed in and recently enough, is the service open to them, have they agreed. Then the service gets a code."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.catalogue.access import missing
from bawaba.infrastructure import clock
from bawaba.web.oidc import actions, id_tokens, library
from bawaba.web.oidc import asked as requests
from bawaba.web.oidc.asked import SINCE, Asked, SentBack, Unanswerable
from bawaba.web.oidc.models import Authorization, ServiceConsent
from bawaba.web.ui import acting, session
from bawaba.web.ui.language import ALL

ASKING = {"consent", "select_account"}


@csrf_exempt  # a service's page may send its form here; it is only answered with the way to the same by GET
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _as_get(request)
    with translation.override(wished_language(request.GET)):
        asked = read(request)
        if isinstance(asked, HttpResponse):
            return asked
        stopped = obstacle(request, asked)
        if stopped is not None:
            return stopped
        if asked.prompt & ASKING or not _has_agreed(request, asked):
            if asked.silent:
                return sent_back(asked.refused("consent_required"))
            return HttpResponseRedirect(f"{reverse('consent')}?{urlencode(asked.query)}", status=303)
        return tell(request, asked)


def read(request: HttpRequest) -> Asked | HttpResponse:
    """What is asked for, or the answer to what cannot be asked for."""
    try:
        return requests.read(request.GET.dict())
    except Unanswerable:
        return render(request, "oidc/unanswerable.html", status=400)
    except SentBack as refusal:
        return sent_back(refusal)


def sent_back(refusal: SentBack) -> HttpResponse:
    return HttpResponseRedirect(refusal.uri, status=303)


def obstacle(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """Where the person must go first, or why the service may not be told; None when nothing stands between."""
    user = request.user
    if not isinstance(user, User) or not _session(request, user):
        if asked.silent:
            return sent_back(asked.refused("login_required"))
        return session.to_sign_in(request, _back_here(asked))
    hint = asked.query.get("id_token_hint")
    if hint and id_tokens.subject(hint) != str(user.pk):
        return sent_back(asked.refused("login_required"))
    if _proof_is_old(request, user, asked):
        return sent_back(asked.refused("login_required")) if asked.silent else _to_confirmation(asked)
    return _closed(request, asked)


def tell(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The code goes to the service. The person, the session and the company acted for are noted with it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 `obstacle` has seen to it
    now = acting.of(request)
    authorization = Authorization(
        user=user,
        client=asked.client,
        session=_session(request, user),
        membership=now.membership if now else None,
        delegation=now.delegation if now else None,
        proofs=" ".join(dict.fromkeys(proof.method for proof in allauth.proofs(request, user))),
        proven_at=_proven_at(request, user),
    )
    return HttpResponseRedirect(
        library.code(asked.query, scopes=list(asked.scopes), authorization=authorization), status=303
    )


def _as_get(request: HttpRequest) -> HttpResponse:
    """A form of another site brings no cookie of ours; as an address it does. An e-mail given as a hint stays out."""
    query = request.POST.dict()
    query.pop("login_hint", None)
    return HttpResponseRedirect(f"{request.path}?{urlencode(query)}", status=303)


def wished_language(query: Mapping[str, str]) -> str:
    """The first of the service's wishes that the portal speaks, else the language of this request."""
    wished = (tag.partition("-")[0].lower() for tag in query.get("ui_locales", "").split())
    return next((tag for tag in wished if tag in ALL), get_language() or "ar")


def _session(request: HttpRequest, user: User) -> SessionRecord | None:
    key = request.session.session_key or ""
    return SessionRecord.objects.filter(user=user, key=key, ended_at=None).first() if key else None


def _proven_at(request: HttpRequest, user: User) -> datetime:
    """When the person last proved it in this session: at the sign-in or since."""
    proofs = allauth.proofs(request, user)
    return proofs[-1].at if proofs else session.began_at(request)


def _proof_is_old(request: HttpRequest, user: User, asked: Asked) -> bool:
    proven_at = _proven_at(request, user)
    if asked.max_age is not None and clock.now() - proven_at > timedelta(seconds=asked.max_age):
        return True
    now = clock.now().timestamp()
    return "login" in asked.prompt or proven_at < datetime.fromtimestamp(min(asked.proven_since, now), UTC)


def _to_confirmation(asked: Asked) -> HttpResponse:
    return HttpResponseRedirect(
        f"{reverse('account_reauthenticate')}?{urlencode({'next': _back_here(asked)})}", status=303
    )


def _back_here(asked: Asked) -> str:
    """The same request for after the proof. That a new proof was wanted becomes "since now", or it never ended."""
    query: Mapping[str, str] = asked.query
    if "login" in asked.prompt or asked.max_age is not None:
        rest = {name: value for name, value in query.items() if name not in ("prompt", "max_age", SINCE)}
        prompt = " ".join(sorted(asked.prompt - {"login"}))
        query = rest | ({"prompt": prompt} if prompt else {}) | {SINCE: f"{clock.now().timestamp():.6f}"}
    return f"{reverse('authorize')}?{urlencode(query)}"


def _closed(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """The catalogue's conditions hold here as they do on the home page. No delegation names what is not in it."""
    service = asked.client.service
    if service is None:
        now = acting.of(request)
        return sent_back(asked.refused("access_denied")) if now and now.delegation else None
    lacks = missing(service, acting.standing(request))
    if not lacks:
        return None
    actions.refuse_person(user=str(request.user.pk), service=service.key, lack=lacks[0])
    if asked.silent:
        return sent_back(asked.refused("access_denied"))
    context = {"asked": asked, "back": asked.refused("access_denied").uri, "lack": lacks[0].value, "service": service}
    return render(request, "oidc/closed.html", context, status=403)


def _has_agreed(request: HttpRequest, asked: Asked) -> bool:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 `obstacle` has seen to it
    consent = ServiceConsent.objects.of(user, asked.client).first()
    return consent is not None and consent.covers(asked.scopes)
