"""What the services' programs call. The addresses are in the discovery documents; none has a language before it."""

from django.urls import path

from bawaba.web.oidc import authorize, discovery, endpoints, sign_out

urlpatterns = [
    path(".well-known/openid-configuration", discovery.openid_configuration, name="openid_configuration"),
    path(".well-known/oauth-authorization-server", discovery.authorization_server, name="authorization_server"),
    path("oidc/keys/", discovery.keys, name="jwks"),
    path("oidc/authorize/", authorize.authorize, name="authorize"),
    path("oidc/token/", endpoints.token, name="token"),
    path("oidc/revoke/", endpoints.revoke, name="revoke"),
    path("oidc/introspect/", endpoints.introspect, name="introspect"),
    path("oidc/userinfo/", endpoints.userinfo, name="userinfo"),
    path("oidc/sign-out/", sign_out.end_session, name="service_end_session"),
]
