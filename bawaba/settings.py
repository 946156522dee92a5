"""Django's settings, all derived from `bawaba.configuration`. Nothing here reads the environment itself."""

from urllib.parse import urlsplit

from django.contrib.messages import constants

from bawaba import stores
from bawaba.configuration import Configuration, read
from bawaba.infrastructure import logs
from bawaba.infrastructure.keys import Keyring
from bawaba.infrastructure.limits.table import BODY, FIELDS, OIDC_CODE, OIDC_FAMILY, OIDC_TOKEN, SESSION_LIFE
from bawaba.refusals import is_loopback, refuse

BAWABA: Configuration = refuse(read())
KEYS = Keyring(BAWABA.keys_dir)

_origin = urlsplit(BAWABA.origin)
_secure = _origin.scheme == "https"
_prefix = "__Host-" if _secure else ""

SECRET_KEY = KEYS.newest("session").secret.hex()
SECRET_KEY_FALLBACKS = [key.secret.hex() for key in reversed(KEYS.versions("session").values())][1:]
DEBUG = False
_host = _origin.hostname or ""
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if is_loopback(_host) else [_host]
CSRF_TRUSTED_ORIGINS = [BAWABA.origin]
ROOT_URLCONF = "bawaba.urls"
WSGI_APPLICATION = "bawaba.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",  # first, so that the records may take back what it listens for
    "bawaba.infrastructure.audit",
    "bawaba.infrastructure.limits",
    "bawaba.infrastructure.codes",
    "bawaba.infrastructure.captcha",
    "bawaba.infrastructure.messaging",
    "bawaba.domain.accounts",
    "bawaba.domain.companies",
    "bawaba.domain.catalogue",
    "bawaba.domain.registration",
    "bawaba.web.ui",
    "bawaba.web.portal",
    "bawaba.web.staff",
    "bawaba.web.oidc",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
]

MIDDLEWARE = [
    "bawaba.web.ui.headers.HeadersMiddleware",
    "bawaba.web.ui.requests.RequestsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bawaba.web.ui.language.LanguageMiddleware",
    "bawaba.web.ui.errors.ErrorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bawaba.web.ui.session.Lifetime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bawaba.web.portal.enrolment.Gate",
    "bawaba.web.oidc.form_action.Middleware",
]

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["bawaba.domain.accounts.credentials.Hasher"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "bawaba.web.ui.forms.Renderer"


DATABASES = {"default": stores.database(BAWABA)}
CACHES = {"default": stores.cache(BAWABA)}

USE_TZ = True
TIME_ZONE = "Asia/Kuwait"
USE_I18N = True
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LANGUAGE_FREE_PATHS = (
    "/oidc/",
    "/.well-known/",
    "/api/",
    "/csp/",
)  # addresses that say no language: there the cookie decides
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
FORMAT_MODULE_PATH = ["bawaba.web.ui.formats"]

LOGGING = logs.configuration(BAWABA.log)

# Requests and answers
API_PATH = "/api/"
CSP_REPORT_PATH = "/csp/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "report-uri": CSP_REPORT_PATH,
        "report-to": "csp",
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY.value
DATA_UPLOAD_MAX_NUMBER_FIELDS = FIELDS.value
DATA_UPLOAD_MAX_NUMBER_FILES = 0
WHITENOISE_ALLOW_ALL_ORIGINS = False

STATIC_URL = "/static/"
STATIC_ROOT = BAWABA.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "bawaba.web.ui.storage.Storage"},
}
MESSAGE_TAGS = {constants.SUCCESS: "ok", constants.WARNING: "warn", constants.ERROR: "warn"}

SESSION_ENGINE = "bawaba.domain.accounts.sessions.store"
SESSION_COOKIE_NAME = _prefix + "session"
CSRF_FAILURE_VIEW = "bawaba.web.ui.errors.csrf_failed"
CSRF_COOKIE_NAME = _prefix + "csrf"
LANGUAGE_COOKIE_NAME = _prefix + "language"
PENDING_COOKIE_NAME = _prefix + "pending"  # which request to register this browser may go on with
DEVICE_COOKIE_NAME = _prefix + "device"  # a browser from which somebody signed in before
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = SESSION_LIFE.value  # how long a row is good for; the cookie itself goes with the browser

AUTHENTICATION_BACKENDS = ["bawaba.web.portal.sign_in.Backend"]
LOGIN_URL = "sign_in"

# django-allauth: sign-in, re-authentication and second factors. Registration, activation, reset and every change of an
# address are ours: the library keeps their codes readable in the session.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # without password1 the sign-in form has no password
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_ADAPTER = "bawaba.web.portal.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {  # a second net, wider than ours; turned off, the guard of the second factor would go as well
    "login": None,  # our own table alone: `web/portal/adapter.py`
    "login_failed": "120/m/ip,60/300s/key",
    "reauthenticate": "60/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = BAWABA.proxy_count
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 64
MFA_ADAPTER = "bawaba.web.portal.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "bawaba.web.portal.factor_forms.AuthenticateForm",
    "reauthenticate": "bawaba.web.portal.factor_forms.ReauthenticateForm",
    "activate_totp": "bawaba.web.portal.factor_forms.ActivateTOTPForm",
    "authenticate_webauthn": "bawaba.web.portal.factor_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "bawaba.web.portal.factor_forms.ReauthenticateWebAuthnForm",
    "login_webauthn": "bawaba.web.portal.factor_forms.LoginWebAuthnForm",
    "add_webauthn": "bawaba.web.portal.factor_forms.AddWebAuthnForm",
    "edit_webauthn": "bawaba.web.portal.factor_forms.EditWebAuthnForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TRUST_ENABLED = False
MFA_TOTP_TOLERANCE = 0  # the mark that a value was used lives for one period: a wider window would accept it twice
MFA_RECOVERY_CODE_DIGITS = 20
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}

# django-oauth-toolkit: sign-in for the e-services. Half of its defaults are the old ones of OAuth; a gate holds each of
# these. Signing keys are not given here: web/oidc/signing.py reads them from the key folder at each use.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oidc.Client"
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": BAWABA.origin,  # left empty, the issuer would follow the Host header
    "OAUTH2_VALIDATOR_CLASS": "bawaba.web.oidc.validator.Validator",
    "SCOPES": {name: name for name in ("openid", "profile", "email", "phone", "company")},
    "DEFAULT_SCOPES": ["openid"],
    "PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": not BAWABA.demo,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": OIDC_CODE.value,
    "ACCESS_TOKEN_EXPIRE_SECONDS": OIDC_TOKEN.value,
    "ID_TOKEN_EXPIRE_SECONDS": OIDC_TOKEN.value,
    "REFRESH_TOKEN_EXPIRE_SECONDS": OIDC_FAMILY.value,
    "REQUEST_APPROVAL_PROMPT": "force",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"] if BAWABA.demo else ["https"],  # a demo runs on this machine
    "ALLOW_URI_WILDCARDS": False,
    "ALLOW_LOCALHOST_LOOPBACK": False,
    "DCR_ENABLED": False,
    "CIMD_ENABLED": False,
    "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token"],
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": True,
    "OIDC_RP_INITIATED_LOGOUT_STRICT_REDIRECT_URIS": True,
}
