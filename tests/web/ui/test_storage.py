"""Static files: hashed names that may be kept for ever, compressed, with addresses that agree with each other."""

import gzip
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import Client

from bawaba.web.ui.storage import Storage
from tests.client import Browser
from tests.page import Page

HASHED = re.compile(r"\.[0-9a-f]{12}\.(?:css|js|svg|woff2)$")
FOREVER = "max-age=315360000, public, immutable"


@pytest.fixture
def front() -> Page:
    return Browser().get("/")


def addresses(page: Page) -> list[str]:
    head = page.root.one("head")
    return [link["href"] for link in head.all("link")] + [script["src"] for script in head.all("script")]


def test_every_file_of_the_frame_has_a_hashed_name(front: Page) -> None:
    assert len(addresses(front)) == 5
    assert all(HASHED.search(address) for address in addresses(front))


def fetch(address: str, **headers: str) -> tuple[Mapping[str, str], bytes]:
    response = Client(SERVER_NAME="127.0.0.1").get(address, headers=headers)
    assert response.status_code == 200, address
    return response.headers, b"".join(response)  # reading it to the end closes it


def test_every_file_of_the_frame_is_there_and_kept_for_ever(front: Page) -> None:
    for address in addresses(front):
        headers, _ = fetch(address)
        assert headers["Cache-Control"] == FOREVER
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_sheet_and_script_are_compressed(front: Page) -> None:
    for address in [a for a in addresses(front) if a.endswith((".css", ".js"))]:
        _, plain = fetch(address)
        headers, packed = fetch(address, accept_encoding="gzip")
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == plain
        assert len(packed) < len(plain) / 1.5


def test_sheet_of_fonts_names_the_hashed_files(front: Page) -> None:
    sheet = next(address for address in addresses(front) if "fonts." in address)
    text = fetch(sheet)[1].decode()
    named = re.findall(r'url\("([^"]+)"\)', text)
    assert len(named) == 4
    assert all(HASHED.search(name) for name in named)
    preloaded = front.root.one("link", rel="preload")["href"].rsplit("/", 1)[1]
    assert preloaded in text  # else the browser would load it twice


def test_modules_import_each_other_by_hashed_names(tmp_path: Path) -> None:
    (tmp_path / "door.js").write_text('import { key } from "./key.js";\n')
    (tmp_path / "key.js").write_text("export const key = 1;\n")
    storage = Storage(location=str(tmp_path))
    list(storage.post_process({name: (storage, name) for name in ("door.js", "key.js")}))
    door = next(path for path in tmp_path.glob("door.*.js") if HASHED.search(path.name))
    assert re.search(r"\./key\.[0-9a-f]{12}\.js", door.read_text())


def test_first_font_is_the_one_the_page_begins_with(front: Page) -> None:
    assert "plex-arabic-400" in front.root.one("link", rel="preload")["href"]
    assert "plex-latin-400" in Browser().get("/en/").root.one("link", rel="preload")["href"]
