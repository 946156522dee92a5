"""The people of the tests. They are invented; their civil numbers carry century 1, which no living person has."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    first_name: str
    last_name: str
    gender: str
    civil_id: str
    mobile: str
    """In E.164."""
    email: str
    password: str

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def private(self) -> tuple[str, ...]:
        """What a page may show to this person alone: local mobile, civil number, e-mail; the password to nobody."""
        return (self.civil_id, self.mobile.removeprefix("+965"), self.email)


@dataclass(frozen=True, kw_only=True)
class Firm:
    cr_number: str
    name_ar: str
    name_en: str


ahmad = Person(  # administers the company
    first_name="أحمد",
    last_name="الصالح",
    gender="m",
    civil_id="185041200029",
    mobile="+96550000101",
    email="ahmad@example.com",
    password="Diwaniya#1958",
)
maryam = Person(  # a member of the company
    first_name="مريم",
    last_name="العلي",
    gender="f",
    civil_id="188092300015",
    mobile="+96560000102",
    email="maryam@example.com",
    password="Failaka!Boat7",
)
salem = Person(  # belongs to no company
    first_name="سالم",
    last_name="المثال",
    gender="m",
    civil_id="191010500011",
    mobile="+96590000103",
    email="salem@example.com",
    password="long walks on the Gulf road",
)
noura = Person(  # an officer of the public body
    first_name="Noura",
    last_name="Example",
    gender="f",
    civil_id="179063000019",
    mobile="+96550000104",
    email="noura@officer.example.com",
    password="Sidra-Tree%2031",
)
EVERYBODY = (ahmad, maryam, salem, noura)
PRIVATE = ahmad.private + maryam.private + salem.private

example_trading = Firm(cr_number="123456", name_ar="شركة المثال للتجارة العامة", name_en="Example General Trading Co.")
broker = Firm(cr_number="777", name_ar="مكتب المثال للتخليص", name_en="Example Clearing Office")
