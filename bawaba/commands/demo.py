"""Example people, companies and services for the demonstration, made once, when there is nothing yet."""

import logging
from dataclasses import dataclass

from django.db import transaction

from bawaba.domain.accounts import credentials
from bawaba.domain.accounts.actions import create_user
from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue import actions as catalogue
from bawaba.domain.catalogue import files
from bawaba.domain.catalogue.models import Service
from bawaba.domain.companies import actions as companies
from bawaba.domain.companies.models import Company, LegalForm
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import clock
from bawaba.web.portal import texts

PASSWORD = "Pearl-Diver#77"  # noqa: S105 printed at the start of every demonstration


@dataclass(frozen=True)
class Example:
    """Somebody invented; the civil number carries century 1, which no living person has."""

    first_name: str
    last_name: str
    gender: str
    civil_id: str
    email: str


ADMINISTRATOR = Example("لطيفة", "المثال", "f", "185041200002", "latifa@example.com")
SUBMITTER = Example("يوسف", "المثال", "m", "186030500004", "yousef@example.com")
BROKER = Example("هند", "المثال", "f", "187070700005", "hind@example.com")


def fill_once() -> None:
    """Called when a demonstration's database has just been made; does nothing where somebody lives already.

    Its events are kept but not logged: a screen of lines would stand before the one that says where the portal is.
    """
    if not Service.objects.exists() and not User.objects.exists():
        logging.disable(logging.INFO)
        try:
            fill()
        finally:
            logging.disable(logging.NOTSET)


@transaction.atomic
def fill() -> None:
    catalogue.apply(files.read(files.DEMO.read_text(encoding="utf-8")), actor="demo")
    hashed = credentials.hash_password(PASSWORD)
    latifa, yousef, hind = (_person(each, hashed) for each in (ADMINISTRATOR, SUBMITTER, BROKER))
    trading = companies.admit_registrant(user=latifa, cr_number="900100", legal_form="wll").company
    _name(trading, latifa, "شركة المثال للتجارة العامة", "Example General Trading Co.")
    asked = companies.admit_registrant(user=yousef, cr_number="900100")
    companies.admit(membership=asked, roles=[Role.SUBMITTER], by=latifa)
    clearing = companies.admit_registrant(user=hind, cr_number="900200", legal_form="establishment").company
    _name(clearing, hind, "مكتب المثال للتخليص الجمركي", "Example Customs Clearing")


def _person(example: Example, hashed: str) -> User:
    text = texts.terms()
    return create_user(
        terms_version=text.version,
        terms_hash=text.digest,
        terms_accepted_at=clock.now(),
        email=example.email,
        password=hashed,
        first_name=example.first_name,
        last_name=example.last_name,
        gender=example.gender,
        civil_id=example.civil_id,
        mobile="+96550000000",
        language="ar",
    )


def _name(company: Company, by: User, name_ar: str, name_en: str) -> None:
    companies.edit_company(
        company=company,
        by=by,
        name_ar=name_ar,
        name_en=name_en,
        legal_form=LegalForm.objects.filter(code=company.legal_form_id).first(),
        joint_signature=False,
    )
