"""What the keyboard alone does on the page that is open."""

from tests.browser.visitor import Visitor

MOST_STEPS = 150
FIELDS = "main form input:not([type=hidden], [type=checkbox], [type=radio])"
# The form is not sent: the listener keeps the name of the button that would have sent it.
CATCH = """() => { window.pressed = []; document.addEventListener('submit', (event) => {
  event.preventDefault(); window.pressed.push(event.submitter ? event.submitter.name : ''); }); }"""
# A date is one part with several stops of its own.
STOP = """() => { const [part, last] = [document.activeElement, window.lastStop]; window.lastStop = part;
  return part === document.body ? 'outside' : part === last ? 'same' : 'next'; }"""
FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter((part) => part.tabIndex >= 0 && !part.disabled && part.checkVisibility()).length"""


def answer_dialog(visitor: Visitor) -> None:
    """Presses the button of a modal dialog, if one stands before the page; the focus must go to what comes next."""
    page = visitor.page
    if page.locator("dialog:modal").count():
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        page.keyboard.press("Enter")
        assert page.locator("dialog:modal").count() == 0
        assert begins_in_content(visitor)


def begins_in_content(visitor: Visitor) -> bool:
    """Whether the focus stands in the content already: on the errors, on what was asked for."""
    inside: bool = visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    return inside


def enter(visitor: Visitor) -> dict[str, str]:
    """Which button Enter presses in each field of the page, by their names."""
    page = visitor.page
    page.evaluate(CATCH)
    found: dict[str, str] = {}
    fields = page.locator(FIELDS)
    for i in range(fields.count()):
        if fields.nth(i).is_visible():
            name = fields.nth(i).get_attribute("name") or ""
            fields.nth(i).press("Enter")
            found[name] = page.evaluate("window.pressed.pop() ?? 'nothing'")
    return found


def skips_to_content(visitor: Visitor) -> bool:
    """Whether the first stop is the skip link and the one after it lies in the content."""
    page = visitor.page
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside: bool = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    has_stops = page.locator("main").locator("a[href], button, input, select, textarea, summary").count() > 0
    return first == "skip" and (inside or not has_stops)


def stops(visitor: Visitor) -> tuple[int, int]:
    """How many parts Tab reaches before it leaves the page, and how many there are. Ends before the first."""
    page = visitor.page
    reached = 0
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop == "outside":
            break
        reached += stop == "next"
    return reached, page.evaluate(FOCUSABLE)
