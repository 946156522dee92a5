"""A small e-service behind the portal: who signs in, for which company, in which role, and what that allows.

It shows the whole of an integration: discovery, code with PKCE, the claims asked for at each page, a refusal without
the permission, and signing out. Nothing of the person lies in the cookie: it holds the number of a session kept here.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, current_app, redirect, render_template, request, session, url_for
from requests import HTTPError
from werkzeug.wrappers import Response

from examples.sample_service.words import say

SCOPE = "openid profile email company"
PERMISSION = "submit"
pages = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Settings:
    issuer: str
    client_id: str
    client_secret: str


def make(settings: Settings) -> Flask:
    """The service. Addresses, keys and abilities of the portal come from its discovery document."""
    app = Flask(__name__)
    app.secret_key = secrets.token_bytes(32)
    app.config |= {"SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_NAME": "sample"}
    app.extensions["open_sessions"] = {}
    app.extensions["portal"] = OAuth(app).register(
        "portal",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
        update_token=_keep,
    )
    app.register_blueprint(pages)
    return app


@pages.get("/")
def home() -> str:
    return page("home.html", who=who())


@pages.get("/sign-in")
def sign_in() -> Response:
    back = url_for("pages.signed_in", _external=True)
    answer: Response = portal().authorize_redirect(back, ui_locales=language())
    return answer


@pages.get("/signed-in")
def signed_in() -> Response | tuple[str, int]:
    """Authlib checks state, nonce, signature, issuer, audience and times; anything wrong is a refusal."""
    try:
        token = portal().authorize_access_token()
    except OAuthError:
        return page("refused.html"), 403
    spoken = language()
    session.clear()  # a session that stood open before the sign-in is never taken over
    number = secrets.token_urlsafe(24)
    session["number"], session["language"] = number, spoken
    current_app.extensions["open_sessions"][number] = token
    return redirect(url_for("pages.home"))


@pages.post("/submit")
def submit() -> str | tuple[str, int] | Response:
    person = who()
    if person is None:
        return redirect(url_for("pages.sign_in"))
    if PERMISSION not in person.get("permissions", []):
        return page("forbidden.html", who=person), 403
    return page("submitted.html", who=person)


@pages.post("/sign-out")
def sign_out() -> Response:
    """Here first, then at the portal, which asks whether it should end as well."""
    token = _close()
    if token is None:
        return redirect(url_for("pages.home"))
    address = portal().load_server_metadata()["end_session_endpoint"]
    back = url_for("pages.home", _external=True)
    query = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": back, "ui_locales": language()}
    return redirect(f"{address}?{urlencode(query)}")


@pages.get("/language/<chosen>")
def choose_language(chosen: str) -> Response:
    session["language"] = "en" if chosen == "en" else "ar"
    return redirect(url_for("pages.home"))


def who() -> dict[str, Any] | None:
    """Who is signed in, asked anew at each page: a role that was taken away is gone here at once."""
    number = session.get("number", "")
    token = current_app.extensions["open_sessions"].get(number)
    if token is None:
        return None
    try:
        answer = portal().get(portal().load_server_metadata()["userinfo_endpoint"], token=token)
        answer.raise_for_status()
    except (OAuthError, HTTPError):  # the token is refused, or it is over and the portal gives no new one
        _close()
        return None
    person: dict[str, Any] = answer.json()
    return person


def portal() -> Any:
    return current_app.extensions["portal"]


def language() -> str:
    return "en" if session.get("language") == "en" else "ar"


def page(template: str, **parts: Any) -> str:
    return render_template(template, say=say(language()), language=language(), **parts)


def _keep(token: dict[str, Any], **before: Any) -> None:
    """Authlib gets new tokens when the old ones are about to expire. A refresh token is good once: keep the new one."""
    current_app.extensions["open_sessions"][session["number"]] |= token


def _close() -> dict[str, Any] | None:
    found: dict[str, Any] | None = current_app.extensions["open_sessions"].pop(session.pop("number", ""), None)
    return found


@pages.before_request
def same_site_forms_only() -> tuple[str, int] | None:
    """Forms of other sites are refused; browsers tell where a form stood."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return "403", 403
    return None
