"""Another e-mail or mobile: first the new address, then the code that was sent to it. The old one counts until then."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bawaba.domain.accounts import proofs
from bawaba.domain.accounts.actions import EmailTaken
from bawaba.domain.accounts.models import User
from bawaba.infrastructure.codes.codes import CodeExpired, CodeRefused
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.web.portal import heard, refusals
from bawaba.web.portal.guard import fresh
from bawaba.web.ui import notices, sealed, source
from bawaba.web.ui.fields import CodeField, EmailField, MobileField
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.session import person

PROOF = "proof"  # the parameter that carries, sealed, the challenge and the address it is about
PROOF_LIFE = 600  # seconds, as long as such a code lives

Send = Callable[[User, str, str], UUID]
Prove = Callable[[User, str, UUID, str], None]


class NewEmailForm(Form):
    before = _("We send a verification code to the new address. Until it comes back, nothing changes.")
    address = EmailField(label=_("New e-mail"))


class NewMobileForm(Form):
    before = _("We send a verification code to this number. Until it comes back, nothing changes.")
    address = MobileField(label=_("New mobile phone number"))


class CodeForm(Form):
    code = CodeField(label=_("Verification code"))


@fresh
def change_email(request: HttpRequest) -> HttpResponseBase:
    def send(user: User, email: str, here: str) -> UUID:
        return proofs.send_email_code(user=user, email=email, source=here)

    return _new_address(request, NewEmailForm(_posted(request)), _("Change the e-mail"), send, "prove_email")


@fresh
def prove_email(request: HttpRequest) -> HttpResponseBase:
    def prove(user: User, email: str, challenge: UUID, typed: str) -> None:
        proofs.change_email(
            user=user,
            email=email,
            challenge=challenge,
            typed=typed,
            source=source.of(request),
            keep=request.session.session_key or "",
        )
        heard.stay(request, user)

    return _code(request, _("Change the e-mail"), prove, "change_email")


@fresh
def change_mobile(request: HttpRequest) -> HttpResponseBase:
    """Offered only where codes can be sent by SMS. The number one has already may be proven in the same way."""
    if not outbox.available(Channel.SMS):
        raise Http404

    def send(user: User, mobile: str, here: str) -> UUID:
        return proofs.send_mobile_code(user=user, mobile=mobile, source=here)

    form = NewMobileForm(_posted(request), initial={"address": person(request).mobile.removeprefix("+965")})
    return _new_address(request, form, _("Mobile phone number"), send, "prove_mobile")


@fresh
def prove_mobile(request: HttpRequest) -> HttpResponseBase:
    def prove(user: User, mobile: str, challenge: UUID, typed: str) -> None:
        proofs.prove_mobile(user=user, mobile=mobile, challenge=challenge, typed=typed, source=source.of(request))

    return _code(request, _("Mobile phone number"), prove, "change_mobile")


def _new_address(request: HttpRequest, form: Form, heading: Promise, send: Send, then: str) -> HttpResponseBase:
    user = person(request)
    if not form.is_valid():
        return _page(request, form, heading, status=422 if form.is_bound else 200)
    address = form.cleaned_data["address"]
    try:
        challenge = send(user, address, source.of(request))
    except LimitReached as reached:
        form.add_error("address", refusals.sentence(reached))
        return _page(request, form, heading, status=429)
    proof = sealed.make(f"{challenge} {address}", salt=f"{PROOF}:{user.id}:{then}")
    return notices.redirect(f"{reverse(then)}?{PROOF}={proof}")


def _code(request: HttpRequest, heading: Promise, prove: Prove, back: str) -> HttpResponseBase:
    user = person(request)
    name = request.resolver_match.url_name if request.resolver_match else ""
    proof = request.POST.get(PROOF) or request.GET.get(PROOF, "")
    challenge, _sep, address = sealed.read(proof, salt=f"{PROOF}:{user.id}:{name}", life=PROOF_LIFE).partition(" ")
    if not address:
        return notices.redirect(reverse(back))
    form = CodeForm(_posted(request))
    if not form.is_valid():
        return _page(request, form, heading, status=422 if form.is_bound else 200, address=address, proof=proof)
    try:
        prove(user, address, UUID(challenge), form.cleaned_data["code"])
    except (CodeRefused, LimitReached, EmailTaken) as refusal:
        form.add_error("code", refusals.sentence(CodeExpired() if isinstance(refusal, EmailTaken) else refusal))
        status = 429 if isinstance(refusal, LimitReached) else 422
        return _page(request, form, heading, status=status, address=address, proof=proof)
    return notices.redirect(reverse("account"), Notice.SAVED)


def _posted(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _page(
    request: HttpRequest, form: Form, heading: Promise, *, status: int, address: str = "", proof: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "address": address, "proof": proof}
    return render(request, "portal/change_address.html", context, status=status)
