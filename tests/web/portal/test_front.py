"""The opening screen."""

from django.test import Client


def test_front_page_is_arabic_and_right_to_left(client: Client) -> None:
    page = client.get("/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page


def test_front_page_is_english_under_en(client: Client) -> None:
    page = client.get("/en/").content.decode()
    assert '<html lang="en" dir="ltr">' in page
    assert "Company services" in page
