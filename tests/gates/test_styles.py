"""Style sheets and scripts: logical properties, tokens, contrast, weight, nothing from elsewhere."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import tinycss2
from tinycss2 import ast

import bawaba

STATIC = sorted(Path(bawaba.__file__).parent.glob("web/*/static"))
SHEETS = sorted(path for tree in STATIC for path in tree.rglob("*.css") if "vendor" not in path.parts)
SCRIPTS = sorted(path for tree in STATIC for path in tree.rglob("*.js") if "vendor" not in path.parts)
OWN = next(path for path in SHEETS if path.name == "own.css")

PHYSICAL = re.compile(
    r"^(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:top|right|bottom|left)(?:-.*)?|top|right|bottom|left"
    r"|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius|float|clear)$"
)
SIDES = {"left", "right"}
KEYWORD_VALUES = {"text-align", "float", "clear", "justify-content", "justify-items", "transform-origin"}
COLOUR_WORDS = re.compile(r"^(?:#[0-9a-f]{3,8}|(?:rgb|rgba|hsl|hsla|lab|lch|oklab|oklch|color)\()", re.IGNORECASE)
NAMED_COLOURS = {
    "black",
    "white",
    "red",
    "green",
    "blue",
    "gray",
    "grey",
    "silver",
    "yellow",
    "orange",
    "purple",
    "navy",
}
LIMITS = {"own.css": 20 * 1024, "staff.css": 6 * 1024, "own.js": 10 * 1024}

TEXT = [  # ink on ground: 4.5 to 1
    *(
        (ink, ground)
        for ink in ("ink", "muted", "brand", "brand-strong", "err")
        for ground in ("bg", "surface", "brand-soft")
    ),
    *(("ink", ground) for ground in ("err-soft", "ok-soft", "warn-soft", "focus", "hover", "chip")),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-brand", "err"),
    ("err", "err-soft"),
    ("ok", "surface"),
    ("muted", "chip"),
    ("ok-ink", "ok-soft"),
    ("warn-ink", "warn-chip"),
    ("err-ink", "err-chip"),
]
BORDERS = [("field", "surface"), ("field", "bg"), ("err", "surface"), ("brand", "surface"), ("ink", "focus")]  # 3 to 1


def declarations(sheet: Path) -> Iterator[tuple[str, str, ast.Declaration]]:
    """Layer, selector or at-rule, and declaration, through all nesting."""
    yield from _walk(tinycss2.parse_stylesheet(sheet.read_text(), skip_comments=True, skip_whitespace=True), "", "")


def _walk(nodes: list[ast.Node], layer: str, place: str) -> Iterator[tuple[str, str, ast.Declaration]]:
    for node in nodes:
        assert node.type != "error", f"{place}: {getattr(node, 'message', '')}"
        if node.type == "at-rule" and node.content is not None:
            inner = tinycss2.serialize(node.prelude).strip() if node.at_keyword == "layer" else layer
            yield from _walk(
                tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True),
                inner,
                f"@{node.at_keyword}",
            )
        elif node.type == "qualified-rule":
            selector = tinycss2.serialize(node.prelude).strip()
            yield from _walk(
                tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True), layer, selector
            )
        elif node.type == "declaration":
            yield layer, place, node


@cache
def tokens() -> dict[str, str]:
    found = {
        d.name.removeprefix("--"): tinycss2.serialize(d.value).strip()
        for _, _, d in declarations(OWN)
        if d.name[:2] == "--"
    }
    assert "brand" in found
    return found


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(tokens()[one]), luminance(tokens()[other])), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_legible(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("line", "ground"), BORDERS)
def test_borders_of_fields_are_visible(line: str, ground: str) -> None:
    assert contrast(line, ground) >= 3


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheet_serves_both_directions(sheet: Path) -> None:
    for _, place, declared in declarations(sheet):
        assert not PHYSICAL.match(declared.name), f"{place}: {declared.name} has a side; use the logical property"
        if declared.name in KEYWORD_VALUES:
            words = {t.value for t in declared.value if t.type == "ident"}
            assert not words & SIDES, f"{place}: {declared.name} names a side"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheet_needs_no_force_and_nothing_from_elsewhere(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    assert "@import" not in text
    assert "http:" not in text
    assert "https:" not in text
    assert "data:" not in text
    assert not [place for _, place, declared in declarations(sheet) if declared.important]
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
    assert (
        not addresses if sheet.name != "fonts.css" else all(re.fullmatch(r"fonts/[\w-]+\.woff2", a) for a in addresses)
    )


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_colours_live_in_the_tokens(sheet: Path) -> None:
    for layer, place, declared in declarations(sheet):
        if layer == "tokens":
            continue
        for part in _words(declared.value):
            assert not COLOUR_WORDS.match(part), f"{place}: {declared.name}: {part}"
            assert part not in NAMED_COLOURS, f"{place}: {declared.name}: {part}"


def _words(values: list[ast.Node]) -> Iterator[str]:
    for value in values:
        if value.type == "hash":
            yield f"#{value.value}"
        elif value.type == "ident":
            yield value.lower_value
        elif value.type == "function":
            yield f"{value.name}("
            yield from _words(value.arguments)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(sheet: Path) -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet.read_text()))
    assert used <= set(tokens())


@pytest.mark.parametrize("path", SHEETS + SCRIPTS, ids=lambda path: path.name)
def test_weight(path: Path) -> None:
    if path.name in LIMITS:
        assert path.stat().st_size <= LIMITS[path.name]


def test_first_load_is_light() -> None:
    """Fonts of both scripts, sheets, script and icon, uncompressed: what every page brings."""
    fonts = sum(font.stat().st_size for font in (OWN.parent / "fonts").glob("*.woff2"))
    others = sum((OWN.parent / name).stat().st_size for name in ("own.css", "fonts.css", "own.js", "icon.svg"))
    assert fonts + others < 170 * 1024  # of 200; the rest is the page and the picture


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_is_plain_and_stays_at_home(path: Path) -> None:
    text = path.read_text()
    for word in ("http:", "https:", "eval(", "new Function", "innerHTML", "outerHTML", "document.write", ".style."):
        assert word not in text, word


def test_all_classes_of_templates_are_known() -> None:
    """A class that no sheet knows is a misspelling."""
    known = set()
    for sheet in SHEETS:
        known |= set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)))
    unknown = set()
    for template in Path(bawaba.__file__).parent.glob("web/**/templates/**/*.html"):
        for value in re.findall(r'class="([^"]*)"', template.read_text()):
            words = re.sub(r"\{[{%].*?[%}]\}", " ", value).split()
            unknown |= {f"{template.name}: {word}" for word in words if word not in known}
    assert not unknown


PAGES = sorted(Path(bawaba.__file__).parent.rglob("web/**/templates/**/*.html"))


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_template_holds_no_script_no_style_and_no_foreign_address(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<style\b|\sstyle=|<script\b(?![^>]*\bsrc=)|\son\w+=", text)
    assert not re.search(r"""(?:href|src|action)=["'](?:https?:)?//""", text)
