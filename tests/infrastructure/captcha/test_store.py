"""One picture, one form, five minutes, one answer."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as live
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from bawaba.commands.duties import CHORES
from bawaba.infrastructure.captcha import store
from bawaba.infrastructure.captcha.models import UsedAnswer
from tests.infrastructure.captcha.at_once import at_once

MORNING = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seam(settings: Settings) -> None:
    settings.BAWABA = replace(live.BAWABA, test_seam=True)


def _picture(form: str = "register") -> tuple[str, store.Solution]:
    picture = store.new(form)
    return picture.id, store.solve(picture.id)


def _mixed_case() -> tuple[str, str]:
    while True:
        picture_id, solution = _picture()
        if solution.text.swapcase() != solution.text:
            return picture_id, solution.text


def test_drawn_text_is_an_answer() -> None:
    picture_id, solution = _picture()
    assert store.answer(picture_id, "register", solution.text)


def test_spoken_digits_are_an_answer() -> None:
    picture_id, solution = _picture()
    assert store.answer(picture_id, "register", solution.digits)


@pytest.mark.parametrize("script", [ARABIC, PERSIAN])
def test_digits_of_other_scripts_are_the_same_digits(script: dict[int, int]) -> None:
    picture_id, solution = _picture()
    assert store.answer(picture_id, "register", solution.digits.translate(script))


def test_marks_nobody_sees_and_outer_spaces_do_not_count() -> None:
    picture_id, solution = _picture()
    assert store.answer(picture_id, "register", f"\u200f \u00a0{solution.text[:3]}\u200b{solution.text[3:]}\u2069\t")


def test_case_matters() -> None:
    picture_id, text = _mixed_case()
    assert not store.answer(picture_id, "register", text.swapcase())


def test_second_answer_is_refused_even_the_right_one() -> None:
    picture_id, solution = _picture()
    assert store.answer(picture_id, "register", solution.text)
    for right in (solution.text, solution.digits):
        with pytest.raises(store.UsedUp):
            store.answer(picture_id, "register", right)


def test_wrong_answer_uses_the_picture_up() -> None:
    picture_id, solution = _picture()
    assert not store.answer(picture_id, "register", "wrong")
    with pytest.raises(store.UsedUp):
        store.answer(picture_id, "register", solution.text)


def test_spelling_the_id_in_another_way_does_not_make_a_fresh_picture() -> None:
    picture_id, solution = _picture()
    assert not store.answer(picture_id, "register", "wrong")
    for other in (
        picture_id.rstrip("="),
        picture_id + "==",
        picture_id + "A",
        f"\n{picture_id}",
        picture_id[:8] + "!" + picture_id[8:],
    ):
        with suppress(store.UsedUp):
            assert not store.answer(other, "register", solution.text)


def test_empty_answer_writes_nothing() -> None:
    picture_id, _ = _picture()
    assert not store.answer(picture_id, "register", " \u200b ")
    assert not UsedAnswer.objects.exists()


def test_picture_of_another_form_is_refused() -> None:
    picture_id, solution = _picture("register")
    assert not store.answer(picture_id, "reset", solution.text)
    assert store.answer(picture_id, "register", solution.text)


def test_picture_lives_five_minutes_to_the_second() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        in_time, solution = _picture()
        late, other = _picture()
        clock.shift(timedelta(minutes=5) - timedelta(seconds=1))
        assert store.answer(in_time, "register", solution.text)
        clock.shift(timedelta(seconds=1))
        assert not store.answer(late, "register", other.text)
        with pytest.raises(store.NoSuchPicture):
            store.png(late)
        with pytest.raises(store.NoSuchPicture):
            store.wav(late, "ar")


def test_of_many_answers_at_once_one_is_heard(transactional_db: None) -> None:
    picture_id, solution = _picture()
    assert at_once(lambda: store.answer(picture_id, "register", solution.text)) == 1


def test_showing_drawing_and_speaking_write_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        picture_id = store.new("register").id
        assert store.png(picture_id).startswith(b"\x89PNG")
        assert store.wav(picture_id, "en").startswith(b"RIFF")


def test_id_does_not_show_the_answer() -> None:
    picture_id, solution = _picture()
    sealed = store._sealed(picture_id)
    assert solution.text.encode() not in sealed
    assert solution.digits.encode() not in sealed


def test_texts_are_six_characters_of_the_alphabet_without_rn(settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, captcha_alphabet="rnABDEFGHLMNQRTabdef")
    texts = {_picture()[1].text for _ in range(400)}
    assert len(texts) > 390
    assert all(
        len(text) == 6 and set(text) <= set(settings.BAWABA.captcha_alphabet) and "rn" not in text for text in texts
    )


def test_expired_answers_are_forgotten_and_stay_refused() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        picture_id, solution = _picture()
        store.answer(picture_id, "register", solution.text)
        clock.shift(timedelta(minutes=4))
        assert store.purge() == 0
        clock.shift(timedelta(minutes=1))
        assert store.purge() == 1
        assert not store.answer(picture_id, "register", solution.text)


def test_seam_is_closed_outside_of_tests(settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, test_seam=False)
    with pytest.raises(store.SeamClosed):
        store.solve(store.new("register").id)


@given(st.text(max_size=600))
def test_no_made_up_id_is_a_picture(picture_id: str) -> None:
    assert not store.answer(picture_id, "register", "ABDEFG")
    with pytest.raises(store.NoSuchPicture):
        store.png(picture_id)


@given(st.text(max_size=40))
def test_no_made_up_answer_is_right(text: str) -> None:
    assert not store.answer(store.new("register").id, "register", text)


def test_courier_forgets_them_every_hour() -> None:
    assert [duty.every for duty in CHORES if duty.act is store.purge] == [timedelta(hours=1)]
