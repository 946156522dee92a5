"""Catalogues: what our compiler writes is what gettext and polib read."""

import gettext
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from bawaba.commands import messages
from tests.servers import surroundings

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=6; plural="\n'
    '"n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n"\n\n'
)
BODY = (
    '# a remark\nmsgid "Send"\nmsgstr "إرسال"\n\n'
    'msgid ""\n"two "\n"lines\\n"\nmsgstr ""\n"سطران "\n"\\"اثنان\\"\\n"\n\n'
    '#, fuzzy\nmsgid "unsure"\nmsgstr "ربما"\n\n'
    'msgctxt "month"\nmsgid "May"\nmsgstr "مايو"\n\n'
    'msgid "{n} file"\nmsgid_plural "{n} files"\nmsgstr[0] "لا ملفات"\nmsgstr[1] "ملف"\nmsgstr[2] "ملفان"\n'
    'msgstr[3] "{n} ملفات"\nmsgstr[4] "{n} ملفًا"\nmsgstr[5] "{n} ملف"\n'
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "locale" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = folder / "django.po"
    po.write_text(HEAD + BODY, encoding="utf-8")
    return po


def test_gettext_reads_what_was_compiled(catalogue: Path) -> None:
    assert messages.compile_catalogues(catalogue.parents[4]) == 1
    with catalogue.with_suffix(".mo").open("rb") as file:
        arabic = gettext.GNUTranslations(file)
    assert arabic.gettext("Send") == "إرسال"
    assert arabic.gettext("two lines\n") == 'سطران "اثنان"\n'
    assert arabic.gettext("unsure") == "unsure"
    assert arabic.pgettext("month", "May") == "مايو"
    assert [arabic.ngettext("{n} file", "{n} files", n) for n in (0, 1, 2, 3, 11, 100)] == [
        "لا ملفات", "ملف", "ملفان", "{n} ملفات", "{n} ملفًا", "{n} ملف",
    ]  # fmt: skip


def test_second_start_compiles_nothing(catalogue: Path) -> None:
    messages.compile_catalogues(catalogue.parents[4])
    assert messages.compile_catalogues(catalogue.parents[4]) == 0


def test_unreadable_line_stops_with_its_number(catalogue: Path) -> None:
    catalogue.write_text(HEAD + "msgid Send\n", encoding="utf-8")
    with pytest.raises(messages.UnreadableCatalogue) as stopped:
        messages.compile_catalogues(catalogue.parents[4])
    assert stopped.value.line == 7


@pytest.mark.parametrize("po", sorted(messages.ROOT.glob("**/locale/*/LC_MESSAGES/*.po")), ids=lambda p: p.parts[-5])
def test_our_catalogues_mean_to_polib_what_they_mean_to_us(po: Path) -> None:
    theirs = {
        entry.msgid: entry.msgstr or "\0".join(entry.msgstr_plural.values())
        for entry in polib.pofile(str(po))
        if not entry.fuzzy
    }
    ours = {key.split("\x04")[-1].split("\0")[0]: text for key, text in messages.read(po).items()}
    assert ours.pop("")
    assert ours == theirs


def test_the_first_start_of_all_speaks_arabic(tmp_path: Path) -> None:
    """As in a fresh clone, where nothing has been compiled yet; while the models load, gettext reads what there is."""
    shutil.copytree(messages.ROOT, tmp_path / "bawaba", ignore=shutil.ignore_patterns("*.mo", "static", "__pycache__"))
    script = (
        "from bawaba.commands.django import set_up_django; set_up_django()\n"
        "from django.utils.translation import gettext; print(gettext('Sign in'))"
    )
    folders = {"BAWABA_DATA_DIR": str(tmp_path / "data"), "BAWABA_KEYS_DIR": str(tmp_path / "keys")}
    environment = surroundings() | folders | {"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"}
    command = (sys.executable, "-c", script)
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True, encoding="utf-8")
    assert said.stdout.strip() == "تسجيل الدخول"
