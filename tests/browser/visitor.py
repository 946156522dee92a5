"""Somebody with a browser: a Chromium window of their own, and a record of everything that must not happen in it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Playwright, Request

# Chromium heeds the last such list alone, so Playwright's stands here once more; the last two are pages of the address
# bar, loaded with every window at the cost of a page of ours, though nobody sees a bar here.
WITHOUT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
ARGUMENTS = (
    f"--disable-features={','.join(WITHOUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = "/usr/bin/chromium"
HEIGHT = 900
WIDE, NARROW, NARROWEST = 1280, 390, 320
PREFIXES = {"ar": "", "en": "/en"}


def start_chromium(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])


@dataclass
class Record:
    """What went wrong so far, and how many bytes the page that is open has loaded, its files included."""

    complaints: list[str] = field(default_factory=list)
    weight: int = 0
    page: str = ""
    fetched: set[str] = field(default_factory=set)


class Visitor:
    def __init__(
        self, chromium: Browser, origin: str, *, language: str = "ar", width: int = WIDE, scripts: bool = True
    ) -> None:
        self.chromium = chromium
        self.origin = origin
        self.language = language
        self.scripts = scripts
        self.record = Record()
        self.context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=scripts,
            locale=language,
            reduced_motion="reduce",
            service_workers="block",
        )
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self._watch(self.page)

    def leave(self) -> None:
        """Makes place for the next in the same window. Cookies are all that the portal leaves in a browser."""
        with self.page.expect_navigation():
            self.page.evaluate("window.location = 'about:blank'")
        self.context.clear_cookies()
        self.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        self.record = Record()

    def address(self, path: str) -> str:
        """The full address of a page in this visitor's language."""
        return f"{self.origin}{self.local(path)}"

    def local(self, path: str) -> str:
        """The same without the origin, as links have it."""
        return f"{PREFIXES[self.language]}{path}"

    def open(self, path: str) -> Page:
        self.page.goto(self.address(path))
        return self.page

    def follow(self, path: str) -> None:
        """Follows the link of the content that leads to `path`."""
        self.page.locator(f'main a[href="{self.local(path)}"]').first.click()
        self.page.wait_for_url(self.address(path))

    def at(self, path: str) -> bool:
        """Whether the page that is open is the one at `path`, whatever its query."""
        return self.page.url.partition("?")[0] == self.address(path)

    def fill(self, **fields: str) -> None:
        """Types into inputs, chooses in lists and ticks boxes ("on"), each by its name."""
        for name, value in fields.items():
            control = self.page.locator(f'[name="{name}"]')
            kind = control.first.evaluate("element => element.type")
            if kind in {"checkbox", "radio"}:
                control.check()
            elif kind.startswith("select"):
                control.select_option(value)
            else:
                control.fill(value)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Presses the visible button of this name and waits for the page that follows."""
        button = (within or self.page.locator("body")).locator(f'button[name="{name}"]:not(.first)')
        with self.page.expect_navigation():
            button.click()

    def companion(self) -> "Visitor":
        """Somebody else on the same portal, in a browser of their own."""
        return Visitor(self.chromium, self.origin, language=self.language)

    def read_picture(self) -> str:
        """The text of the picture on the page, through the test seam."""
        return self._solution()["text"]

    def hear_digits(self) -> str:
        return self._solution()["digits"]

    def close(self) -> None:
        self.context.close()

    def _solution(self) -> dict[str, str]:
        picture = self.page.locator('[name="captcha_id"]').get_attribute("value")
        answer = self.context.request.get(self.address(f"/captcha/answer/{picture}"))
        solution: dict[str, str] = answer.json()
        return solution

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", self._broke)
        page.on("request", self._asked)
        page.on("requestfailed", self._missed)
        protocol = self.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.send("Network.setCacheDisabled", {"cacheDisabled": True})  # every load is a first load
        protocol.on("Network.requestWillBeSent", self._began)
        protocol.on("Network.loadingFinished", self._arrived)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url:
            return  # the status of the page itself, such as 422 for a form with errors
        if message.text.startswith("Clear-Site-Data header"):
            return  # what signing out is meant to do
        self.record.complaints.append(f"console on {message.page and message.page.url}: {message.text}")

    def _broke(self, error: Error) -> None:
        self.record.complaints.append(f"script error on {self.page.url}: {error}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(urljoin(self.origin, "/")):
            self.record.complaints.append(f"{self.page.url} asked {request.url}")

    def _missed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page that is left gives up what it was still fetching
            self.record.complaints.append(f"{self.page.url} did not get {request.url}: {request.failure}")

    def _began(self, event: dict[str, Any]) -> None:
        """What the page before was still fetching arrives late, and is none of this one's weight."""
        if event.get("type") == "Document" and event["requestId"] == event["loaderId"]:
            self.record.weight = 0
            self.record.fetched.clear()
            self.record.page = event["loaderId"]
        if event["loaderId"] == self.record.page:
            self.record.fetched.add(event["requestId"])

    def _arrived(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.record.fetched:
            self.record.weight += int(event["encodedDataLength"])
