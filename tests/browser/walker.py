"""What every screen must pass in a real browser; each check speaks of the page that is open."""

from pathlib import Path
from typing import Any

from tests.browser.visitor import HEIGHT, NARROW, NARROWEST, Visitor

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
HEAVIEST = 200 * 1024
LIGHTEST = 60 * 1024  # the style and one font: less was not counted
LONG_EMAIL = f"{'ahmad.' * 10}a@{'mail-department.' * 11}{'a' * 12}.example".ljust(254, "m")
LONG_NAME = "عبدالرحمن عبدالعزيز عبدالمحسن عبداللطيف عبدالوهاب الفلاني ال"
STRETCH = """([email, name]) => {
  for (const part of document.querySelectorAll('main bdi')) {
    if (part.dir !== 'ltr') part.textContent = name;
    else if (part.textContent.includes('@')) part.textContent = email;
  }
}"""


def measure(visitor: Visitor, width: int) -> None:
    """The window in this width, when its fonts are there and it has been drawn."""
    visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
    visitor.page.evaluate("document.fonts.ready.then(() => new Promise((drawn) => requestAnimationFrame(drawn)))")


def accessible(visitor: Visitor) -> list[str]:
    """The violations that axe finds, what is folded away included."""
    visitor.page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    visitor.page.evaluate(AXE)
    found = visitor.page.evaluate("tags => axe.run({ runOnly: tags, resultTypes: ['violations'] })", list(RULES))
    return [_violation(rule) for rule in found["violations"]]


def _violation(rule: dict[str, Any]) -> str:
    places = "; ".join(" ".join(node["target"]) for node in rule["nodes"][:3])
    return f"{rule['id']}: {rule['help']} ({places})"


def too_wide(visitor: Visitor) -> list[str]:
    """What sticks out at 320 px when names and addresses are as long as they may be."""
    measure(visitor, NARROWEST)
    visitor.page.evaluate(STRETCH, [LONG_EMAIL, LONG_NAME])
    return _sticking_out(visitor, NARROWEST)


def too_wide_enlarged(visitor: Visitor) -> list[str]:
    """What sticks out on a phone of somebody who reads in letters of twice the size."""
    visitor.page.evaluate("document.documentElement.style.fontSize = '200%'")
    measure(visitor, NARROW)
    found = _sticking_out(visitor, NARROW)
    visitor.page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def _sticking_out(visitor: Visitor, limit: int) -> list[str]:
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    if width <= limit:
        return []
    parts = visitor.page.evaluate(
        """limit => [...document.querySelectorAll('body *')]
        .filter((part) => part.getBoundingClientRect().right > limit + 1 || part.getBoundingClientRect().left < -1)
        .slice(0, 5).map((part) => part.outerHTML.slice(0, 120))""",
        limit,
    )
    return [f"{width} px wide: {parts}"]


def out_of_order(visitor: Visitor) -> list[str]:
    """Lines of the error summary that do not follow the page from top to bottom."""
    targets: list[str] = visitor.page.evaluate("""() => {
      const targets = [...document.querySelectorAll('#errors a')].map((link) => link.hash.slice(1));
      const inputs = [...document.querySelectorAll('main [id]')].map((part) => part.id);
      return targets.filter((target, i) => i > 0 && inputs.indexOf(target) < inputs.indexOf(targets[i - 1]));
    }""")
    return targets


def ragged(visitor: Visitor) -> list[list[int]]:
    """Where the values of a table begin that has become cards, if they do not stand in one column."""
    starts: list[list[int]] = visitor.page.evaluate("""() => [...document.querySelectorAll('.cards')].map((table) => {
      const starts = [...table.querySelectorAll('[data-l]')].filter((cell) => cell.textContent.trim()).map((cell) => {
        const inside = document.createRange();
        inside.selectNodeContents(cell);
        const box = inside.getBoundingClientRect();
        return Math.round(document.dir === 'rtl' ? box.right : box.left);
      });
      return [...new Set(starts)];
    })""")
    return [each for each in starts if len(each) > 1]


def cut_off(visitor: Visitor, code: str) -> list[str]:
    """The boxes for a code that do not show this one whole on a phone."""
    measure(visitor, NARROW)
    boxes = visitor.page.locator('main input[autocomplete="one-time-code"]')
    for i in range(boxes.count()):
        boxes.nth(i).fill(code)
    cut: list[str] = boxes.evaluate_all(
        "boxes => boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.name)"
    )
    return cut if boxes.count() else ["there is none"]


def too_heavy(visitor: Visitor) -> list[str]:
    weight = visitor.record.weight
    return [] if LIGHTEST < weight <= HEAVIEST else [f"{weight} bytes"]


def dead_without_scripts(visitor: Visitor) -> list[str]:
    """Parts that need the script but show without it."""
    parts = visitor.page.locator("[data-js]")
    return [parts.nth(i).evaluate("part => part.outerHTML") for i in range(parts.count()) if parts.nth(i).is_visible()]
