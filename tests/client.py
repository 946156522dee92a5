"""The strict client: a browser without scripts, in which every page is inspected as it arrives.

    page = Browser().get("/register/")
    page = browser.submit("Send", first_name="…")        # the form that holds this button; hidden fields stay

A page that shows a person's data fails unless the browser belongs to that person (`Browser(ahmad)`), or the value is
named in `shows=`. Cross-site tokens are checked, redirects followed. `status=None` takes any answer.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client

from tests.inspection import inspect
from tests.page import Element, Page, parse, values
from tests.people import Person

Values = Mapping[str, str | list[str]]
REDIRECTS = {301, 302, 303, 307, 308}


class Browser:
    page: Page
    """The page that is open."""

    def __init__(
        self,
        person: Person | None = None,
        *,
        shows: tuple[str, ...] = (),
        address: str = "127.0.0.1",
        raises: bool = True,
    ) -> None:
        origin = urlsplit(settings.BAWABA.origin)
        self.person = person
        self.shows = shows
        self.client = Client(
            enforce_csrf_checks=True,
            raise_request_exception=raises,
            REMOTE_ADDR=address,
            SERVER_NAME=origin.hostname or "127.0.0.1",
            SERVER_PORT=str(origin.port or (443 if origin.scheme == "https" else 80)),
            **{"wsgi.url_scheme": origin.scheme},  # type: ignore[arg-type]  # a WSGI variable, not one of the named
        )

    def get(self, path: str, *, status: int | None = 200, follow: bool = True, **headers: str) -> Page:
        return self._arrive("GET", path, {}, status=status, follow=follow, headers=headers)

    def post(self, path: str, data: Values, *, status: int | None = 200, follow: bool = True, **headers: str) -> Page:
        """Sends values as they are, with the token that a page would have carried."""
        token = {"csrfmiddlewaretoken": self._token()}
        return self._arrive("POST", path, {**token, **data}, status=status, follow=follow, headers=headers)

    def open(self, text: str, *, status: int | None = 200) -> Page:
        """Follows the link with these words."""
        return self.get(urljoin(self.page.path, self.page.link(text)["href"]), status=status)

    def submit(
        self,
        label: str,
        typed: Values | None = None,
        *,
        within: Element | None = None,
        status: int | None = 200,
        follow: bool = True,
        **fields: str | list[str],
    ) -> Page:
        """Presses the button with these words after filling in its form; what is not named stays as it stands there."""
        button = self.page.button(label, within=within)
        form = button.above("form")
        assert form is not None, f"the button {label!r} stands in no form"
        return self.send(form, button, {**(typed or {}), **fields}, status=status, follow=follow)

    def enter(
        self,
        form: Element,
        typed: Values | None = None,
        *,
        status: int | None = 200,
        follow: bool = True,
        **fields: str | list[str],
    ) -> Page:
        """The Enter key in a field of this form: presses its first button, visible or not."""
        return self.send(form, form.all("button")[0], {**(typed or {}), **fields}, status=status, follow=follow)

    def send(
        self, form: Element, button: Element, fields: Values, *, status: int | None = 200, follow: bool = True
    ) -> Page:
        known = values(form)
        unknown = set(fields) - set(known)
        assert not unknown, f"the form on {self.page.path} has no {unknown}"
        pressed = {button["name"]: button.get("value")} if button.get("name") else {}
        data: dict[str, str | list[str]] = {**known, **fields, **pressed}
        target = urljoin(self.page.path, button.get("formaction") or form.get("action") or self.page.path)
        method = form.get("method", "get").upper()
        return self._arrive(method, target, data, status=status, follow=follow, headers={})

    @property
    def cookies(self) -> Mapping[str, Any]:
        return self.client.cookies

    def _token(self) -> str:
        page = getattr(self, "page", None)
        tokens = page.root.all("input", name="csrfmiddlewaretoken") if page else []
        return tokens[0]["value"] if tokens else ""

    def _arrive(
        self, method: str, path: str, data: Values, *, status: int | None, follow: bool, headers: Mapping[str, str]
    ) -> Page:
        for _ in range(8):
            if method == "POST":
                response = self.client.post(path, data, headers=headers)
            else:
                response = self.client.get(path, data or None, headers=headers)
            if not follow or response.status_code not in REDIRECTS or _leaves(response["Location"]):
                break
            path, method, data = urljoin(path, response["Location"]), "GET", {}
        else:
            raise AssertionError(f"{path} redirects for ever")
        assert status in (None, response.status_code), f"{method} {path} answered {response.status_code}, not {status}"
        self.page = self._read(urlsplit(path).path, response)
        return self.page

    def _read(self, path: str, response: Any) -> Page:
        found = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code in REDIRECTS or not found.get("content-type", "").startswith("text/html"):
            body = b"".join(response) if response.streaming else response.content
            return Page(path, response.status_code, found, body.decode(errors="replace"), "", Element("#page"))
        page = parse(response.content.decode(), path=path, status=response.status_code, headers=found)
        inspect(page, reader=self.person, shown=self.shows)
        return page


def _leaves(location: str) -> bool:
    parts = urlsplit(location)
    return bool(parts.netloc) and f"{parts.scheme}://{parts.netloc}" != settings.BAWABA.origin
