"""Changing the catalogue: a reviewed file is compared with what is here, and applied whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.forms.models import model_to_dict

from bawaba.domain.catalogue.models import Service, Status
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record


@dataclass(frozen=True)
class Change:
    """What applying a file does to one service: `fields` maps a field to what it is and what it becomes."""

    key: str
    event: EventType
    fields: dict[str, tuple[object, object]]


def compare(services: Iterable[Service]) -> list[Change]:
    """What `apply` would do, in the order of the keys. A service that the file does not name is withdrawn."""
    wanted = {service.key: service for service in services}
    present = {service.key: service for service in Service.objects.all()}
    clients = {service.client for service in wanted.values() if service.client}
    changes = [_change(key, present.get(key), wanted.get(key), clients) for key in sorted(wanted | present)]
    return [change for change in changes if change is not None]


@transaction.atomic
def apply(services: Iterable[Service], *, actor: str) -> list[Change]:
    """Make the catalogue equal to these services. Returns what was changed."""
    services = list(services)
    changes = compare(services)
    changed = {change.key: change for change in changes}
    moved = [key for key, change in changed.items() if "client" in change.fields]
    Service.objects.filter(key__in=moved).update(client="")  # before another takes it: no two may have one
    for service in services:
        if service.key in changed:
            service.save()
    for change in changes:
        if change.event is EventType.SERVICE_WITHDRAWN:
            Service.objects.filter(key=change.key).update(status=Status.WITHDRAWN)
        _record(change, actor)
    return changes


def _change(key: str, before: Service | None, after: Service | None, clients: set[str]) -> Change | None:
    """`clients` are those that the file names: a service that it leaves out keeps its client unless another has it."""
    if after is None:
        assert before is not None  # noqa: S101 the key comes from one of the two
        return _withdrawal(before, clients)
    values = {name: _plain(value) for name, value in model_to_dict(after).items()}
    if before is None:
        return Change(key, EventType.SERVICE_ADDED, {name: (None, value) for name, value in values.items() if value})
    fields = {name: (was, values[name]) for name, was in model_to_dict(before).items() if was != values[name]}
    return Change(key, EventType.SERVICE_CHANGED, fields) if fields else None


def _withdrawal(service: Service, clients: set[str]) -> Change | None:
    fields: dict[str, tuple[object, object]] = {}
    if service.client in clients:
        fields["client"] = (service.client, "")
    if service.status == Status.WITHDRAWN:
        return Change(service.key, EventType.SERVICE_CHANGED, fields) if fields else None
    return Change(
        service.key, EventType.SERVICE_WITHDRAWN, {"status": (service.status, str(Status.WITHDRAWN))} | fields
    )


def _plain(value: object) -> object:
    """A default is one of a list of choices; as text it reads like what stands in the file and in the database."""
    return str(value) if isinstance(value, str) else value


def _record(change: Change, actor: str) -> None:
    if change.event is EventType.SERVICE_CHANGED:
        for name in change.fields:
            record(change.event, subject=change.key, actor=actor, service=change.key, field=name)
    else:
        record(change.event, subject=change.key, actor=actor, service=change.key)
