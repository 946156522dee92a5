"""Our answers to the library's questions. What is not here is answered as the library does."""

import hmac
from typing import Any, ClassVar

from django.db import transaction
from oauth2_provider.models import AccessToken, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.oauth2.rfc6749.utils import scope_to_list

from bawaba.infrastructure.audit.events import EventType
from bawaba.web.oidc import actions, claims, id_tokens, rights
from bawaba.web.oidc.models import Authorization, Client

GRANTS = ("authorization_code", "refresh_token")
# A request is oauthlib's, which takes any attribute: `authorization` is ours, and typed where it is read.
AMR = {"password": "pwd", "totp": "otp", "recovery_codes": "otp", "webauthn": "swk"}
ONE_FACTOR, TWO_FACTORS = "urn:bawaba:one-factor", "urn:bawaba:two-factors"


class Validator(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    oidc_claim_scope: ClassVar[dict[str, str]] = claims.CLAIMS

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return hmac.compare_digest(actions.digest(provided_secret), stored_secret)

    def validate_grant_type(self, client_id: str, grant_type: str, *others: Any, **more: Any) -> bool:
        return grant_type in GRANTS

    def validate_response_type(self, client_id: str, response_type: str, *others: Any, **more: Any) -> bool:
        return response_type == "code"

    def validate_scopes(self, client_id: str, scopes: list[str], client: Client, *others: Any, **more: Any) -> bool:
        return client.allowed(scopes) == scopes

    # --- the code

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Any, *a: Any, **k: Any) -> None:
        with transaction.atomic():
            super().save_authorization_code(client_id, code, request, *a, **k)
            actions.authorize(authorization=request.authorization, code=code["code"], scopes=request.scopes)

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *a: Any, **k: Any) -> bool:
        """A code that was used before ends what came of it, whoever brings it now."""
        authorization = rights.find(client, code_digest=actions.digest(code))
        if authorization is None:
            return False
        if authorization.used_at is not None:
            actions.end_reused(authorization=authorization, what=EventType.OIDC_CODE_REUSED)
            return False
        request.authorization = authorization
        request.grant = Grant.objects.filter(code=code, application=client).first()
        if request.grant is None or not rights.alive(authorization):
            return False
        if not super().validate_code(client_id, code, client, request, *a, **k):
            return False
        request.scopes = authorization.client.allowed(request.scopes)
        return True

    # The library would read the row anew for each answer, and fail when a parallel exchange has taken it away.

    def get_code_challenge(self, code: str, request: Any) -> str | None:
        return request.grant.code_challenge or None

    def get_code_challenge_method(self, code: str, request: Any) -> str | None:
        return request.grant.code_challenge_method or None

    def confirm_redirect_uri(self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any) -> bool:
        return bool(request.grant.redirect_uri == redirect_uri)

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *a: Any, **k: Any) -> None:
        """The claim has decided already: that a second exchange took the row away is no reason to refuse the first."""
        Grant.objects.filter(code=code, application=request.client).delete()

    # --- tokens

    def save_bearer_token(self, token: dict[str, Any], request: Any, *a: Any, **k: Any) -> None:
        """Whoever uses the code or the refresh token up gets the tokens; of parallel calls, one."""
        with transaction.atomic():
            if not self._claim(request):
                raise errors.InvalidGrantError(request=request)
            super().save_bearer_token(token, request, *a, **k)
            actions.note_issued(request.authorization, request.grant_type)

    def _claim(self, request: Any) -> bool:
        if request.grant_type == "refresh_token":
            return actions.claim_refresh_token(request.refresh_token_instance)
        return actions.claim_code(request.authorization)

    def _create_refresh_token(
        self, request: Any, code: str, access_token: AccessToken, previous: RefreshToken | None
    ) -> RefreshToken:
        row = super()._create_refresh_token(request, code, access_token, previous)
        if previous is None:
            row.token_family = request.authorization.pk
            row.save(update_fields=["token_family"])
        return row

    def validate_bearer_token(self, token: str, scopes: list[str], request: Any) -> bool:
        if not super().validate_bearer_token(token, scopes, request):
            return False
        request.authorization = rights.behind(request.access_token, request.access_token.application)
        if request.authorization is None or not rights.alive(request.authorization):
            return False
        request.scopes = request.authorization.client.allowed(request.scopes)
        return True

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *a: Any, **k: Any) -> bool:
        """One of another client is refused without a trace; one used before ends its family."""
        row = RefreshToken.objects.filter(token_checksum=actions.digest(refresh_token), application=client).first()
        if row is None:
            return False
        authorization = rights.find(client, pk=row.token_family)
        if authorization is None:
            return False
        if row.revoked is not None:
            if authorization.ended_at is None:
                actions.end_reused(authorization=authorization, what=EventType.OIDC_TOKEN_REUSED)
            return False
        request.authorization = authorization
        return rights.alive(authorization) and bool(
            super().validate_refresh_token(refresh_token, client, request, *a, **k)
        )

    def get_original_scopes(self, refresh_token: str, request: Any, *a: Any, **k: Any) -> list[str]:
        """Without those taken from the service since: asked for by name they are refused, else they are left out."""
        scopes = super().get_original_scopes(refresh_token, request, *a, **k)
        authorization: Authorization = request.authorization
        return authorization.client.allowed(scope_to_list(scopes))

    # --- claims

    def get_oidc_claims(self, token: Any, token_handler: Any, request: Any) -> dict[str, Any]:
        """The ID token says who and nothing else: what else a service may know it asks for when it needs it."""
        return {"sub": str(request.user.pk)}

    def get_id_token_dictionary(self, token: Any, token_handler: Any, request: Any) -> tuple[dict[str, Any], Any]:
        """Of the session in which the person went to the service, not of the last sign-in anywhere."""
        found, expires = super().get_id_token_dictionary(token, token_handler, request)
        authorization: Authorization = request.authorization
        proofs = authorization.proofs.split()
        amr = list(dict.fromkeys(AMR[proof] for proof in proofs if proof in AMR))
        strong = "webauthn" in proofs or len(set(amr)) > 1
        found["auth_time"] = int(authorization.proven_at.timestamp())
        found["acr"] = TWO_FACTORS if strong else ONE_FACTOR
        if amr:
            found["amr"] = [*amr, "mfa"] if strong else amr
        return found, expires

    def get_userinfo_claims(self, request: Any) -> dict[str, Any]:
        return claims.of(request.authorization, request.scopes)

    def _get_key_for_token(self, token: str) -> Any:
        return id_tokens.key_of(token)

    # --- the person

    def validate_user_match(self, id_token_hint: str | None, scopes: Any, asked: Any, request: Any) -> bool:
        """The library would say yes to every hint."""
        if not id_token_hint:
            return True
        user = getattr(request, "user", None)
        return user is not None and id_tokens.subject(id_token_hint) == str(user.pk)

    def validate_silent_login(self, request: Any) -> bool:
        return False  # decided in authorize.py before the library is asked

    def validate_silent_authorization(self, request: Any) -> bool:
        return False
