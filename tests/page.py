"""An HTML page as a test reads it: a tree of elements, its forms, its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "br", "circle", "col", "hr", "img", "input", "link", "meta", "path", "rect", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)
    parent: "Element | None" = field(default=None, repr=False)

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def get(self, name: str, otherwise: str = "") -> str:
        return self.attrs.get(name, otherwise)

    @property
    def classes(self) -> set[str]:
        return set(self.get("class").split())

    @property
    def text(self) -> str:
        """The words inside, white space folded; a no-break space counts as a space."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in {"script", "style"}:
                yield from child._pieces()

    def walk(self) -> "Iterator[Element]":
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def all(self, *tags: str, **attrs: str) -> "list[Element]":
        """Every element inside with one of these tags and these attributes (class_, for_, aria_label …)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            e
            for e in self.walk()
            if (not tags or e.tag in tags)
            and all(
                value in e.classes if name == "class" else e.attrs.get(name) == value for name, value in wanted.items()
            )
        ]

    def one(self, *tags: str, **attrs: str) -> "Element":
        found = self.all(*tags, **attrs)
        assert len(found) == 1, f"{len(found)} elements {tags} {attrs}"
        return found[0]

    def above(self, tag: str) -> "Element | None":
        element = self.parent
        while element is not None and element.tag != tag:
            element = element.parent
        return element


class Builder(HTMLParser):
    """Refuses what a browser would silently mend: an unclosed or crossed element, a repeated attribute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#page")
        self.open = [self.root]
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>, line {self.getpos()[0]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass
class Page:
    """What came back: `status`, `path` it was found at, `headers`, and the tree if it is HTML."""

    path: str
    status: int
    headers: dict[str, str]
    source: str
    doctype: str
    root: Element

    @property
    def html(self) -> Element:
        return self.root.one("html")

    @property
    def title(self) -> str:
        return self.root.one("title").text

    @property
    def heading(self) -> str:
        return self.root.one("h1").text

    @property
    def main(self) -> Element:
        return self.root.one("main")

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def errors(self) -> dict[str, str]:
        """The message at each field that has one, by the field's name."""
        found = {}
        for control in self.root.all("input", "select", "textarea", "fieldset"):
            for target in control.get("aria-describedby").split():
                if target.endswith("_error"):
                    text = self.root.one(id=target).text
                    name = control.get("name") or control.all("input")[0]["name"]
                    found[name] = text.split(":", 1)[1].strip()
        return found

    @property
    def summary(self) -> list[str]:
        """The lines of the error summary."""
        boxes = self.root.all("div", id="errors")
        return [item.text for box in boxes for item in box.all("li")]

    @property
    def notes(self) -> list[str]:
        """The notices that follow an action."""
        return [e.text for e in self.root.all(role="status")]

    def link(self, text: str) -> Element:
        found = [a for a in self.root.all("a") if text in (a.text, a.get("aria-label"))]
        assert found, f"no link {text!r} on {self.path}; there are {[a.text for a in self.root.all('a')]}"
        assert len({a["href"] for a in found}) == 1, f"links {text!r} lead to different places"
        return found[0]

    def form(self, action: str) -> Element:
        """The form that is sent to this address."""
        return self.root.one("form", action=action)

    def button(self, label: str, *, within: Element | None = None) -> Element:
        """The button with these words. The invisible default button of a form does not count."""
        buttons = [b for b in (within or self.root).all("button") if "first" not in b.classes]
        found = [b for b in buttons if label in (b.text, b.get("aria-label"))]
        assert len(found) == 1, f"{len(found)} buttons {label!r} on {self.path}; there are {[b.text for b in buttons]}"
        return found[0]


def parse(source: str, *, path: str = "/", status: int = 200, headers: dict[str, str] | None = None) -> Page:
    builder = Builder()
    builder.feed(source)
    builder.close()
    assert builder.open == [builder.root], f"not closed: {[e.tag for e in builder.open[1:]]}"
    return Page(path, status, headers or {}, source, builder.doctype, builder.root)


def is_asked_first(page: Page, label: str) -> bool:
    """Whether the button with these words is folded away, under the same words, until somebody opens it."""
    fold = page.button(label).above("details")
    return fold is not None and "open" not in fold.attrs and fold.one("summary").text.startswith(label)


def values(form: Element) -> dict[str, list[str]]:
    """What a browser would send of a form as it stands, without its buttons."""
    found: dict[str, list[str]] = {}
    for control in form.all("input", "select", "textarea"):
        name = control.get("name")
        if not name or "disabled" in control.attrs:
            continue
        found.setdefault(name, []).extend(_value(control))
    return found


def _value(control: Element) -> list[str]:
    if control.tag == "select":
        options = control.all("option")
        chosen = [o for o in options if "selected" in o.attrs] or options[:1]
        return [o.get("value", o.text) for o in chosen]
    if control.tag == "textarea":
        return ["".join(c for c in control.children if isinstance(c, str)).removeprefix("\n")]
    if control.get("type") in {"checkbox", "radio"}:
        return [control.get("value", "on")] if "checked" in control.attrs else []
    return [control.get("value")]


def bare(page: Page) -> tuple[object, ...]:
    """Everything that came back, without what is random in each answer."""
    source = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.source)
    headers = {name: value for name, value in page.headers.items() if name != "expires"}
    return page.status, source, headers
