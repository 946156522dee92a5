"""The catalogue as a file."""

import pytest

from bawaba.domain.catalogue import files
from bawaba.domain.catalogue.files import UnfitCatalogue

GOOD = """
[[service]]
key = "declarations"
icon = "pen"
order = 1
permission = "submit"
link = "https://services.example.com/declarations"
ar = { name = "البيانات الجمركية", description = "إعداد البيان الجمركي وتقديمه." }
en = { name = "Declarations", description = "Prepare and submit a declaration." }
"""


def test_the_demo_has_eight_services_in_both_languages() -> None:
    services = files.read(files.DEMO.read_text(encoding="utf-8"))
    assert len(services) == 8
    assert all(service.name_ar and service.name_en and service.description_ar for service in services)


def test_what_is_written_reads_as_the_same() -> None:
    services = files.read(files.DEMO.read_text(encoding="utf-8"))
    text = files.write(services)
    assert files.write(files.read(text)) == text


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ('key = "declarations"', "", "“key” is missing"),
        ('icon = "pen"', 'icon = "rocket"', "icon: one of"),
        ('permission = "submit"', 'permission = "rule"', "permission: one of"),
        ('link = "https', 'link = "http', "must begin with https://"),
        ('link = "https://services.example.com/declarations"', "", "“link” is missing"),
        ("order = 1", 'order = "first"', "order:"),
        ("order = 1", "order = 1\ncolour = 3", "unknown field “colour”"),
        ('name = "Declarations", ', "", "“en.name” is missing"),
        ("order = 1", 'order = 1\nstatus = "closed"', "a closed service needs “closed” in both languages"),
        ("order = 1", "order = ", "Invalid value"),
        ("[[service]]", "[service]", "each service begins with a line [[service]]"),
        ("[[service]]", "service = [1]\n[other]", "each service begins with a line [[service]]"),
        ('key = "declarations"', "key = 7", "key: a text in quotes"),
        ('link = "https://services.example.com/declarations"', "link = 5", "link: a text in quotes"),
        ('permission = "submit"', 'permission = ["submit"]', "permission: a text in quotes"),
        ("order = 1", "order = true", "order: a whole number"),
        ("order = 1", 'order = 1\ndelegable = "false"', "delegable: true or false"),
        ('en = { name = "Declarations", ', "en = { name = 3, ", "name_en: a text in quotes"),
        (GOOD[GOOD.index("en = ") :], 'en = "Declarations"', "en: { name = …, description = … }"),
    ],
)
def test_a_fault_is_named_with_its_place(was: str, becomes: str, sentence: str) -> None:
    assert len(files.read(GOOD)) == 1
    with pytest.raises(UnfitCatalogue) as unfit:
        files.read(GOOD.replace(was, becomes))
    assert any(sentence in fault.sentence for fault in unfit.value.faults)


def test_a_key_stands_once() -> None:
    with pytest.raises(UnfitCatalogue):
        files.read(GOOD + GOOD)
