"""What must be true of every page, whichever test happened to load it."""

import re
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

from tests.page import Element, Page
from tests.people import EVERYBODY, Person

DIRECTIONS = {"ar": "rtl", "en": "ltr"}
OUTSIDE = {"mailto", "tel"}
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


def inspect(page: Page, *, reader: Person | None, shown: tuple[str, ...]) -> None:
    """Fails when the page breaks a rule of the house. `reader` may see the own data, anybody what `shown` names."""
    _headers(page)
    _frame(page)
    _identities(page)
    _controls(page)
    _forms(page)
    _strictness(page)
    _addresses(page)
    _privacy(page, reader, shown)


def _headers(page: Page) -> None:
    for name, value in HEADERS.items():
        assert value in page.headers.get(name, ""), f"{page.path}: {name} is {page.headers.get(name)!r}"
    assert "unsafe" not in page.headers["content-security-policy"]


def _frame(page: Page) -> None:
    assert page.doctype.lower() == "doctype html", f"{page.path}: no doctype"
    language = page.html["lang"]
    assert page.html["dir"] == DIRECTIONS[language], f"{page.path}: direction of {language}"
    assert page.path.startswith("/en/") <= (language == "en"), f"{page.path}: speaks {language}"
    assert page.heading, f"{page.path}: empty h1"
    assert page.title, f"{page.path}: empty title"
    assert page.main.all("h1"), f"{page.path}: the h1 is not in main"
    failed = bool(page.summary)
    assert page.title.startswith(("خطأ:", "Error:")) is failed, f"{page.path}: the title does not say whether it failed"
    assert page.headers.get("content-language", language) == language, f"{page.path}: Content-Language"


def _identities(page: Page) -> None:
    ids = [e["id"] for e in page.root.walk() if "id" in e.attrs]
    twice = {i for i in ids if ids.count(i) > 1}
    assert not twice, f"{page.path}: ids used twice: {twice}"
    assert "" not in ids, f"{page.path}: an empty id"
    for element in page.root.walk():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "data-reveal", "data-rules"):
            for target in element.get(name).split():
                assert target in ids, f"{page.path}: {name} points to {target!r}, which is not there"
        if element.tag == "a" and element.get("href").startswith("#"):
            assert element["href"][1:] in ids, f"{page.path}: link to {element['href']}"


def _controls(page: Page) -> None:
    for control in page.root.all("input", "select", "textarea"):
        if control.get("type") == "hidden":
            continue
        name = control.get("name")
        named = (
            control.get("aria-label") or any(page.root.all("label", for_=control.get("id"))) or control.above("label")
        )
        assert named, f"{page.path}: {name} has no label"
        kind = control.get("type")
        if kind in {"email", "tel", "password"} or control.get("inputmode") == "numeric":
            assert control.get("dir") == "ltr", f"{page.path}: {name} must be written from left to right"
        assert kind != "password" or not control.get("value"), f"{page.path}: {name} gives a password back"
        assert "required" not in control.attrs, f"{page.path}: {name} uses required instead of aria-required"
    for button in page.root.all("button"):
        assert button.text or button.get("aria-label"), f"{page.path}: a button without words"
    for link in page.root.all("a"):
        assert link.text or link.get("aria-label"), f"{page.path}: a link without words: {link.get('href')}"
    for image in page.root.all("img"):
        assert "alt" in image.attrs, f"{page.path}: an image without alt"
    for table in page.root.all("table"):
        assert table.all("caption"), f"{page.path}: a table without caption"
        assert all(h.get("scope") for h in table.all("th")), f"{page.path}: a header cell without scope"


def _forms(page: Page) -> None:
    for form in page.root.all("form"):
        method = form.get("method", "get")
        if method == "post":
            assert form.all("input", name="csrfmiddlewaretoken"), f"{page.path}: a form without its token"
        submits = [b for b in form.all("button") if b.get("type", "submit") == "submit"]
        assert submits, f"{page.path}: a form without a button"
        if method == "post":
            assert all(b.get("name") for b in submits), (
                f"{page.path}: a submit without name: {[b.text for b in submits]}"
            )
        if method == "post":
            _boxes(page, form)
        if method == "post" and _is_filled_in(form):
            assert "novalidate" in form.attrs, f"{page.path}: the browser would check this form before we do"


def _boxes(page: Page, form: Element) -> None:
    """A list of boxes sends its name several times, which the portal refuses unless the view says otherwise."""
    names = [box["name"] for box in form.all("input", type="checkbox")]
    lists = {name for name in names if names.count(name) > 1}
    if lists:
        view = resolve(urljoin(page.path, form.get("action") or page.path)).func
        allowed: frozenset[str] = getattr(view, "repeatable", frozenset())
        assert lists <= allowed, f"{page.path}: the boxes {lists - allowed} would be refused"


def _is_filled_in(form: Element) -> bool:
    return any(c.get("type") != "hidden" for c in form.all("input", "select", "textarea"))


def _strictness(page: Page) -> None:
    for element in page.root.walk():
        assert element.tag != "style", f"{page.path}: an inline style sheet"
        assert "style" not in element.attrs, f"{page.path}: <{element.tag} style=…>"
        handlers = [name for name in element.attrs if name.startswith("on")]
        assert not handlers, f"{page.path}: <{element.tag} {handlers}>"
        if element.tag == "script":
            assert element.get("src"), f"{page.path}: an inline script"
        if "data-js" in element.attrs:
            assert "hidden" in element.attrs, f"{page.path}: {element.tag} needs the script but shows without it"


def _addresses(page: Page) -> None:
    for element in page.root.walk():
        for name in ("href", "src", "action", "formaction", "poster", "srcset"):
            if name not in element.attrs:
                continue
            parts = urlsplit(element[name])
            local = not parts.scheme and not parts.netloc
            followed = element.tag == "a" and (parts.scheme in OUTSIDE or (parts.scheme == "https" and name == "href"))
            assert local or followed, f"{page.path}: <{element.tag} {name}={element[name]}> leaves the portal"
            if element.get("target") == "_blank":
                assert "noopener" in element.get("rel"), f"{page.path}: {element[name]} opens without noopener"


def _privacy(page: Page, reader: Person | None, shown: tuple[str, ...]) -> None:
    readable = page.source + " " + re.sub(r"[\s\u00a0-]", "", page.root.text)
    for person in EVERYBODY:
        assert person.password not in readable, f"{page.path}: shows a password"
        for value in person.private:
            if person is not reader and value not in shown:
                assert value not in readable, f"{page.path}: shows somebody's data: {value}"
