"""Draws the picture of a text: six characters in one dark ink on the page's paper, about 4 ms of one core each."""

from io import BytesIO
from pathlib import Path
from secrets import choice

from captcha.image import ImageCaptcha
from PIL.Image import Image

WIDTH, HEIGHT = 240, 80
PAPER = (246, 248, 247)
INKS = ((16, 58, 49), (20, 50, 86), (84, 28, 30), (70, 40, 92), (74, 50, 10))
COLOURS = 8
FONTS = sorted(str(path) for path in (Path(__file__).parent / "fonts").glob("*.ttf"))


class _Artist(ImageCaptcha):
    # The library takes the ink's own luminance for its opacity, so dark ink comes out pale. Six times that is opaque.
    lookup_table = [min(255, luminance * 6) for luminance in range(256)]
    word_offset_dx = 0.12  # less overlap than the library's 0.25: people read it, and machines read either


_artist = _Artist(WIDTH, HEIGHT, fonts=FONTS, font_sizes=(44, 50, 56))


def draw(text: str) -> bytes:
    """A PNG file of 240 x 80 pixels and at most 3 KB. Every call draws the text differently.

    One in some hundred drawings has more edge than stroke once its colours are reduced: it is drawn anew.
    """
    while True:
        reduced = _artist.generate_image(text, bg_color=PAPER, fg_color=choice(INKS)).quantize(COLOURS)
        if _stands_out(reduced):
            file = BytesIO()
            reduced.save(file, "PNG")
            return file.getvalue()


def _stands_out(reduced: Image) -> bool:
    """Whether the most frequent colour after the paper's is the ink: no channel of an ink is as light as half way."""
    pixels = sorted(reduced.convert("RGB").getcolors(reduced.width * reduced.height) or [], reverse=True)
    _, body = pixels[1]
    return isinstance(body, tuple) and max(body) < 160
