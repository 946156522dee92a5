"""What django-allauth asks about second factors: how secrets are kept, what things are called, whether one may go."""

import re
from collections.abc import Collection
from io import BytesIO
from urllib.parse import urlsplit

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import User
from bawaba.web.portal import enrolment


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The verification code is not correct."),
        "cannot_delete_authenticator": _(
            "Your account must have a second factor. Add another one before this one goes."
        ),
        "cannot_generate_recovery_codes": _("Recovery codes belong to a second factor. Add one first."),
    }

    def encrypt(self, text: str) -> str:
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factors.unseal(encrypted_text)

    def is_mfa_enabled(self, user: AbstractBaseUser | AnonymousUser, types: Collection[str] | None = None) -> bool:
        """Asked at every sign-in, for which the library's own question takes too long."""
        return isinstance(user, User) and factors.has_authenticator(user, types or Authenticator.Type.values)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays where the policy demands one."""
        others = factors.factors(authenticator.user).exclude(pk=authenticator.pk)
        return others.exists() or not enrolment.demanded(authenticator.user)

    def get_totp_issuer(self) -> str:
        return str(settings.BAWABA.portal_name_en)

    def build_totp_svg(self, url: str) -> str:
        """An SVG to stand in the page itself: our policy refuses pictures inside an address."""
        out = BytesIO()
        qrcode.make(url, image_factory=SvgPathImage).save(out)
        _declaration, _sep, svg = out.getvalue().decode().partition("?>")
        svg = re.sub(r'(width|height)="\d+mm"', r'\1="220"', svg.strip())
        return mark_safe(svg)  # noqa: S308 squares drawn by the library, no text in them

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """From the settings, never from the address a request came to."""
        return {"id": urlsplit(settings.BAWABA.origin).hostname or "", "name": settings.BAWABA.portal_name_en}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        """The handle is the account's id and tells nothing; the name is what the person's own device shows."""
        return {"id": user.id.hex.encode(), "name": user.email, "display_name": user.full_name}
