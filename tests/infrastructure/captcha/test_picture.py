"""The drawing: dark enough, small enough, never the same twice."""

from collections import Counter
from io import BytesIO
from secrets import choice

from django.conf import settings
from PIL import Image

from bawaba.infrastructure.captcha import picture, store

MANY = 150
Colour = tuple[int, int, int]


def _luminance(colour: Colour) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _colours(file: bytes) -> list[tuple[int, Colour]]:
    """How many pixels have which colour, most first: the paper, then the body of the strokes, then their edges."""
    image = Image.open(BytesIO(file)).convert("RGB")
    assert image.size == (240, 80)
    pixels = Counter(zip(*[iter(image.tobytes())] * 3, strict=True))
    return [(count, colour) for colour, count in pixels.most_common()]


def _text() -> str:
    return "".join(choice(settings.BAWABA.captcha_alphabet) for _ in range(store.LENGTH))


def test_strokes_stand_out_from_the_paper_and_the_file_is_small() -> None:
    for _ in range(MANY):
        file = picture.draw(_text())
        (_, paper), (body, ink), *edges = _colours(file)
        assert _contrast(ink, paper) >= 4.5
        assert body > 240 * 80 * 0.03  # it is the strokes that are dark, not a dot of noise
        assert body > max(pixels for pixels, _ in edges)
        assert len(file) <= 3 * 1024
        assert len(edges) + 2 <= picture.COLOURS


def test_every_ink_is_far_darker_than_needed() -> None:
    assert min(_contrast(ink, picture.PAPER) for ink in picture.INKS) > 9.7


def test_same_text_is_never_drawn_the_same_way() -> None:
    assert len({picture.draw("Ab23ef") for _ in range(20)}) == 20


def test_default_alphabet_has_no_look_alikes() -> None:
    alphabet = set(settings.BAWABA.captcha_alphabet)
    for alike in ("0Oo", "1lIij", "Cc", "Jj", "Kk", "Pp", "S5s", "Uu", "VvYy", "Ww", "Xx", "2Zz", "8B"):
        assert len(alphabet & set(alike)) <= 1, alike
