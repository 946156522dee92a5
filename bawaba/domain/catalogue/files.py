"""The catalogue as one TOML file that can be reviewed: read, checked whole, compared, written."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
from django.core.exceptions import ValidationError

from bawaba.domain.accounts.models import Audience
from bawaba.domain.catalogue.models import Service, Status
from bawaba.domain.companies.roles import Permission

LOOPBACK = ("http://127.0.0.1:", "http://localhost:")  # for trying things out
DEMO = Path(__file__).parent / "demo.toml"
ICONS = ("document", "renew", "search", "pen", "people", "box", "coins", "ship", "shield", "calendar")
_PLAIN = (
    "icon",
    "order",
    "status",
    "audience",
    "permission",
    "verified_company",
    "second_factor",
    "delegable",
    "link",
    "client",
)
_WORDS = ("name", "description", "closed")
_TEXT = (str, "a text in quotes")
_FLAG = (bool, "true or false")
_KINDS = {
    "order": (int, "a whole number"),
    "verified_company": _FLAG,
    "second_factor": _FLAG,
    "delegable": _FLAG,
}
_NEEDED = ("key", "icon", "order", "link")
_NEEDED_WORDS = ("name", "description")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file: the service's key or place, and a sentence."""

    where: str
    sentence: str


class UnfitCatalogue(Exception):
    """A file that cannot be applied; `faults` are all of them, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def read(text: str) -> list[Service]:
    """The services of a file, unsaved, in its order. Raises `UnfitCatalogue`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnfitCatalogue([Fault("file", str(error))]) from error
    faults = [Fault("file", f"unknown part “{name}”") for name in document if name != "service"]
    entries = document.get("service", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnfitCatalogue([Fault("file", "each service begins with a line [[service]]")])
    services = []
    for place, entry in enumerate(entries, start=1):
        service, found = _service(entry, place)
        faults += found
        services.append(service)
    faults += _doubles(services)
    if faults:
        raise UnfitCatalogue(faults)
    return services


def write(services: Iterable[Service]) -> str:
    """The file that `read` turns into these services."""
    return tomli_w.dumps({"service": [_entry(service) for service in services]})


def _service(entry: Mapping[str, Any], place: int) -> tuple[Service, list[Fault]]:
    where = str(entry.get("key", f"service {place}"))
    known = {"key", "ar", "en", *_PLAIN}
    faults = [Fault(where, f"unknown field “{name}”") for name in entry if name not in known]
    faults += [Fault(where, f"“{name}” is missing") for name in _NEEDED if name not in entry]
    service = Service()
    for name in ("key", *_PLAIN):
        if name in entry:
            faults += _set(service, name, entry[name], where)
    for language in ("ar", "en"):
        faults += _set_words(service, entry.get(language, {}), language, where)
    return service, faults + _faults(service, where)


def _set(service: Service, field: str, value: object, where: str) -> list[Fault]:
    """Nothing is set that is not of the field's kind."""
    kind, words = _KINDS.get(field, _TEXT)
    if type(value) is not kind:  # true is no whole number
        return [Fault(where, f"{field}: {words}")]
    setattr(service, field, value)
    return []


def _set_words(service: Service, words: object, language: str, where: str) -> list[Fault]:
    if not isinstance(words, dict):
        return [Fault(where, f"{language}: {{ name = …, description = … }}")]
    faults = [Fault(where, f"unknown field “{language}.{name}”") for name in words if name not in _WORDS]
    for name in _WORDS:
        if name in words:
            faults += _set(service, f"{name}_{language}", words[name], where)
        elif name in _NEEDED_WORDS:
            faults.append(Fault(where, f"“{language}.{name}” is missing"))
    return faults


def _faults(service: Service, where: str) -> list[Fault]:
    faults = []
    try:
        service.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        faults += [Fault(where, f"{name}: {' '.join(sentences)}") for name, sentences in error.message_dict.items()]
    if service.icon not in ICONS:
        faults.append(Fault(where, f"icon: one of {', '.join(ICONS)}"))
    if service.permission and service.permission not in set(Permission):
        faults.append(Fault(where, f"permission: one of {', '.join(Permission)}"))
    if service.link and not service.link.startswith(("https://", *LOOPBACK)):
        faults.append(Fault(where, "link: must begin with https://"))
    if service.status == Status.CLOSED and not (service.closed_ar and service.closed_en):
        faults.append(Fault(where, "a closed service needs “closed” in both languages"))
    return faults


def _doubles(services: list[Service]) -> list[Fault]:
    faults, seen = [], set()
    for service in services:
        for name in filter(None, (f"key {service.key}", service.client and f"client {service.client}")):
            if name in seen:
                faults.append(Fault(service.key, f"{name} stands twice"))
            seen.add(name)
    return faults


def _entry(service: Service) -> dict[str, Any]:
    defaults = {"status": Status.OPEN, "audience": Audience.ORGANIZATION}
    entry: dict[str, Any] = {"key": service.key}
    for name in _PLAIN:
        value = getattr(service, name)
        if value not in (defaults.get(name), "", False):
            entry[name] = str(value) if isinstance(value, str) else value
    for language in ("ar", "en"):
        words = {name: getattr(service, f"{name}_{language}") for name in _WORDS}
        entry[language] = {name: text for name, text in words.items() if text}
    return entry
