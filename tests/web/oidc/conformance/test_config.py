"""The module of the OpenID Foundation's configuration profile, ported."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db

REQUIRED = {
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "scopes_supported",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "claims_supported",
}


def test_oidcc_discovery_endpoint_verification(client: Client) -> None:
    response = client.get("/.well-known/openid-configuration", HTTP_HOST="localhost")
    found = response.json()
    assert response["Content-Type"] == "application/json"
    assert found["issuer"] == settings.BAWABA.origin
    assert set(found) >= REQUIRED
    for name in [name for name in found if name.endswith(("_endpoint", "_uri"))]:
        assert found[name].startswith(settings.BAWABA.origin + "/")
    assert found["response_types_supported"] == ["code"]
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["request_parameter_supported"] is False
    assert found["request_uri_parameter_supported"] is False
    keys = client.get("/oidc/keys/").json()["keys"]
    assert [set(key) for key in keys] == [{"alg", "use", "kid", "kty", "n", "e"}]
