"""The human check in a page: each way is enough, none is not, and everything works without JavaScript."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import altcha
import pytest
from django.conf import settings as live
from pytest_django import DjangoAssertNumQueries, Settings

from bawaba.infrastructure.captcha import proof_of_work, store
from bawaba.infrastructure.captcha.models import UsedAnswer
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import CAPTCHA_PICTURES, CAPTCHA_RECORDINGS, FAILURES_SOURCE, REGISTER, Limit
from tests.client import Browser
from tests.page import Page

HERE = "127.0.0.1"
WRONG = "The image text is not correct. Mind upper and lower case and try again."

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.ui.captcha_page")]


@pytest.fixture(autouse=True)
def _seam(settings: Settings) -> None:
    settings.BAWABA = replace(live.BAWABA, test_seam=True)


def _picture(page: Page) -> str:
    return page.root.one("input", name="captcha_id")["value"]


def _text(page: Page) -> str:
    return store.solve(_picture(page)).text


def _proof(challenge: dict[str, Any]) -> str:
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    return b64encode(json.dumps({"challenge": challenge, "solution": solution.to_dict()}).encode()).decode()


def _failures() -> int:
    return counter.total(FAILURES_SOURCE, HERE)


def test_drawn_text_is_enough() -> None:
    browser = Browser()
    page = browser.get("/en/sample/")
    assert browser.submit("Send", captcha=_text(page)).notes == ["passed"]


def test_recording_is_enough() -> None:
    browser = Browser()
    browser.get("/en/sample/")
    page = browser.submit("Listen to the code")
    sound = page.root.one("audio")
    assert "controls" in sound.attrs
    assert "hidden" not in sound.attrs
    assert browser.client.get(sound["src"]).content == store.wav(_picture(page), "en")
    assert browser.submit("Send", captcha=store.solve(_picture(page)).digits).notes == ["passed"]


def test_proof_of_work_is_enough() -> None:
    browser = Browser()
    page = browser.get("/en/sample/")
    challenge = browser.client.get(page.root.one("div", class_="captcha")["data-challenge"]).json()
    assert browser.submit("Send", captcha_proof=_proof(challenge)).notes == ["passed"]


def test_without_any_of_them_it_is_refused() -> None:
    browser = Browser()
    browser.get("/en/sample/")
    page = browser.submit("Send")
    assert page.errors == {"captcha": "This field is required."}
    assert page.summary == ["Enter the text in the image: This field is required."]
    control = page.root.one("input", id="captcha")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"].split() == ["captcha_helptext", "captcha_error"]
    assert control["aria-required"] == "true"
    assert not UsedAnswer.objects.exists()


def test_error_is_arabic_on_the_arabic_page() -> None:
    browser = Browser()
    browser.get("/sample/")
    assert browser.submit("Send").errors == {"captcha": "هذا الحقل مطلوب."}
    assert browser.submit("Send", captcha="wrong1").errors == {
        "captcha": "نص الصورة غير صحيح. راعِ الحروف الكبيرة والصغيرة ثم أعد المحاولة."
    }


def test_after_a_failure_another_picture_stands_there_and_the_old_text_is_gone() -> None:
    browser = Browser()
    before = browser.get("/en/sample/")
    after = browser.submit("Send", captcha="wrong1", first_name="أحمد")
    assert _picture(after) != _picture(before)
    assert "value" not in after.root.one("input", id="captcha").attrs
    assert after.root.one("input", name="first_name")["value"] == "أحمد"
    assert browser.submit("Send", captcha=_text(before)).errors == {"captcha": WRONG}


@pytest.mark.parametrize("button", ["Another image", "Listen to the code", "Verify without an image"])
def test_buttons_keep_what_was_typed_and_complain_about_nothing(button: str) -> None:
    browser = Browser()
    before = browser.get("/en/sample/")
    page = browser.submit(button, first_name="مريم", password="Falcon-tree-77", terms="on", captcha="half")
    assert page.errors == {}
    assert page.root.one("input", name="first_name")["value"] == "مريم"
    assert "checked" in page.root.one("input", name="terms").attrs
    assert "value" not in page.root.one("input", name="password").attrs
    assert "value" not in page.root.one("input", id="captcha").attrs
    assert _picture(page) != _picture(before)
    assert _failures() == 0


def test_focus_returns_to_where_the_button_was() -> None:
    browser = Browser()
    browser.get("/en/sample/")
    assert "autofocus" in browser.submit("Another image").root.one("input", id="captcha").attrs
    assert "autofocus" in browser.submit("Listen to the code").root.one("audio").attrs


def test_picture_of_another_form_is_refused() -> None:
    browser = Browser()
    browser.get("/en/sample/")
    picture_id = store.new("register").id
    page = browser.submit("Send", captcha_id=picture_id, captcha=store.solve(picture_id).text)
    assert page.errors == {"captcha": WRONG}


def test_solution_of_another_form_is_refused() -> None:
    browser = Browser()
    browser.get("/en/sample/")
    page = browser.submit("Send", captcha_proof=_proof(proof_of_work.challenge("register")))
    assert page.errors == {"captcha": WRONG}


def test_showing_the_page_writes_nothing_and_draws_nothing(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("bawaba.infrastructure.captcha.picture.draw")
    with django_assert_num_queries(0):
        Browser().get("/sample/")


def test_wrong_answers_count_for_the_source_and_right_ones_loosen_nothing() -> None:
    browser = Browser()
    browser.get("/en/sample/")
    browser.submit("Send", captcha="wrong1")
    page = browser.submit("Send", captcha_proof="rubbish")
    assert _failures() == 2
    browser.submit("Send", captcha=_text(page))
    assert _failures() == 2
    browser.submit("Send", captcha=" ")
    assert _failures() == 2


def test_full_source_is_refused_even_with_the_right_text() -> None:
    browser = Browser()
    page = browser.get("/en/sample/")
    for _ in range(FAILURES_SOURCE.windows[0].most):
        counter.spend(FAILURES_SOURCE, HERE)
    browser.submit("Send", status=429, captcha=_text(page))


@pytest.mark.parametrize(("kind", "limit"), [("picture", CAPTCHA_PICTURES), ("audio", CAPTCHA_RECORDINGS)])
def test_files_are_limited_for_a_source_and_proof_of_work_stays_open(kind: str, limit: Limit) -> None:
    browser = Browser(raises=False)
    fresh = browser.client.get("/captcha/sample/new").json()
    for _ in range(limit.windows[0].most):
        assert browser.client.get(fresh[kind]).status_code == 200
    refused = browser.client.get(fresh[kind])
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= limit.windows[0].seconds
    assert browser.client.get("/captcha/sample/work").status_code == 200


def test_busy_source_computes_longer() -> None:
    browser = Browser()
    easy = browser.client.get("/captcha/sample/work").json()["parameters"]["cost"]
    for _ in range(REGISTER.warn_above + 1):
        counter.spend(REGISTER, HERE)
    assert browser.client.get("/captcha/sample/work").json()["parameters"]["cost"] > easy


def test_another_picture_can_be_fetched_without_the_page() -> None:
    browser = Browser()
    fresh = browser.client.get("/en/captcha/sample/new").json()
    assert browser.client.get(fresh["picture"])["Content-Type"] == "image/png"
    assert fresh["audio"].startswith("/en/")
    assert store.answer(fresh["id"], "sample", store.solve(fresh["id"]).text)


def test_recording_speaks_the_language_of_its_address() -> None:
    client = Browser().client
    picture_id = store.new("sample").id
    arabic = client.get(f"/captcha/audio/{picture_id}.wav")
    english = client.get(f"/en/captcha/audio/{picture_id}.wav")
    assert (arabic["Content-Type"], english["Content-Type"]) == ("audio/wav", "audio/wav")
    assert arabic.content != english.content


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=0-1", 0, 1), ("bytes=100-", 100, None), ("bytes=50-999999", 50, None)]
)
def test_recording_can_be_fetched_in_ranges(wanted: str, first: int, last: int | None) -> None:
    client = Browser().client
    address = client.get("/captcha/sample/new").json()["audio"]
    whole = client.get(address).content
    part = client.get(address, headers={"Range": wanted})
    end = len(whole) - 1 if last is None else last
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes {first}-{end}/{len(whole)}"
    assert part.content == whole[first : end + 1]


@pytest.mark.parametrize(
    ("wanted", "status"), [("bytes=999999-", 416), ("bytes=5-2", 416), ("lines=1-2", 200), ("bytes=-5", 200)]
)
def test_range_that_makes_no_sense_breaks_nothing(wanted: str, status: int) -> None:
    client = Browser().client
    address = client.get("/captcha/sample/new").json()["audio"]
    assert client.get(address, headers={"Range": wanted}).status_code == status


@pytest.mark.parametrize(
    "address", ["/captcha/picture/made-up.png", "/captcha/audio/made-up.wav", "/captcha/answer/made-up"]
)
def test_made_up_picture_is_not_found(address: str) -> None:
    assert Browser(raises=False).client.get(address).status_code == 404


def test_seam_gives_the_answer_only_where_it_is_open(settings: Settings) -> None:
    client = Browser(raises=False).client
    picture_id = store.new("sample").id
    solution = store.solve(picture_id)
    assert client.get(f"/captcha/answer/{picture_id}").json() == {"text": solution.text, "digits": solution.digits}
    settings.BAWABA = replace(settings.BAWABA, test_seam=False)
    assert client.get(f"/captcha/answer/{picture_id}").status_code == 404


def test_check_can_be_switched_off(settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, human_check=False)
    browser = Browser()
    assert not browser.get("/en/sample/").root.all("input", id="captcha")
    assert browser.submit("Send").notes == ["passed"]


def test_words_name_the_other_ways_and_never_the_text() -> None:
    page = Browser().get("/sample/")
    image = page.root.one("img")
    assert image["alt"] == "صورة فيها ستة حروف وأرقام. إن لم تتمكن من قراءتها فاستمع إلى الرمز أو تحقّق دون صورة."
    assert _text(page) not in page.source
