"""Every sentence the code and the templates ask to be translated, found where it stands."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.template import Engine, Template
from django.template.base import FilterExpression, Node, VariableNode
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

import bawaba

ROOT = Path(bawaba.__file__).parent
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}


class Word(NamedTuple):
    text: str
    plural: str
    context: str
    place: str


def templates() -> list[Path]:
    return sorted(ROOT.rglob("templates/**/*.html")) + sorted(ROOT.rglob("templates/**/*.txt"))


@cache
def used() -> tuple[Word, ...]:
    found = [word for path in sorted(ROOT.rglob("*.py")) for word in _of_code(path)]
    found += [word for path in templates() for word in _of_template(path)]
    return tuple(found)


def _of_code(path: Path) -> Iterator[Word]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = f"{path.relative_to(ROOT)}:{node.lineno}"
        if name in SINGULAR and isinstance(node.args[0], ast.Constant):
            yield Word(_text(node.args[0]), "", "", place)
        elif name in PLURAL:
            yield Word(_text(node.args[0]), _text(node.args[1]), "", place)
        elif name in CONTEXT:
            yield Word(_text(node.args[1]), "", _text(node.args[0]), place)


def _text(argument: ast.expr) -> str:
    assert isinstance(argument, ast.Constant), (
        f"line {argument.lineno}: a sentence must be written out to be translated"
    )
    assert isinstance(argument.value, str)
    return argument.value


def _of_template(path: Path) -> Iterator[Word]:
    place = str(path.relative_to(ROOT))
    template = Template(path.read_text(encoding="utf-8"), engine=Engine.get_default())
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            literal = getattr(node.filter_expression.var, "literal", None)
            if isinstance(literal, str):
                yield Word(literal, "", _context(node), place)
        elif isinstance(node, BlockTranslateNode):
            singular = node.render_token_list(node.singular)[0]
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Word(singular, plural, _context(node), place)
        elif isinstance(node, VariableNode):
            yield from _of_expression(node.filter_expression, place)


def _of_expression(expression: FilterExpression, place: str) -> Iterator[Word]:
    if getattr(expression.var, "translate", False):
        yield Word(expression.var.literal, "", "", place)


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    return str(node.message_context.var) if node.message_context else ""
