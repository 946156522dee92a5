"""Figures for a monitor, in the text form of Prometheus. Counted in the database when asked, so every web process and
every machine gives the same answer. No label holds anything personal.
"""

import hmac
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, F, Max, Min
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bawaba.domain.registration.models import Registration
from bawaba.infrastructure import backup, clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import LIMITS, KeyKind
from bawaba.infrastructure.messaging import chores
from bawaba.infrastructure.messaging.models import Chore, Heartbeat, Message, Provider, State
from bawaba.infrastructure.readiness.settings import certificate_seconds

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEWEST_DELIVERIES = 1_000


@dataclass(frozen=True)
class Figure:
    """One measured thing: its name without the prefix, what it means, its values by their labels."""

    name: str
    meaning: str
    values: list[tuple[dict[str, str], float]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"# HELP bawaba_{self.name} {self.meaning}"
        yield f"# TYPE bawaba_{self.name} gauge"
        for labels, value in self.values:
            inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield f"bawaba_{self.name}{{{inside}}} {value:g}" if inside else f"bawaba_{self.name} {value:g}"


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for whoever bears the token; 404 for everybody else, and while no token is set."""
    if not _bears_token(request):
        return HttpResponse(status=404)
    now = clock.now()
    lines = [line for figure in figures(now) for line in figure.lines()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def figures(now: datetime) -> Iterable[Figure]:
    yield from _queue(now)
    yield from _deliveries(now)
    yield from _providers(now)
    yield from _chores(now)
    yield from _register()
    yield from _limits()
    yield from _funnel(now)
    yield from _machine(now)


def _bears_token(request: HttpRequest) -> bool:
    token: str = settings.BAWABA.metrics_token
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _queue(now: datetime) -> Iterator[Figure]:
    waiting = Message.objects.waiting().values("channel").annotate(n=Count("id"), oldest=Min("due_at"))
    rows = list(waiting)
    yield Figure(
        "messages_waiting", "Messages not in a final state.", [({"channel": row["channel"]}, row["n"]) for row in rows]
    )
    yield Figure(
        "messages_oldest_due_seconds",
        "How long the oldest due message has been due.",
        [({"channel": row["channel"]}, max(0.0, (now - row["oldest"]).total_seconds())) for row in rows],
    )


def _deliveries(now: datetime) -> Iterator[Figure]:
    ended = Message.objects.filter(finished_at__gt=now - HOUR).values("channel", "provider", "state")
    yield Figure(
        "messages_ended_last_hour",
        "Messages that reached a final state within an hour.",
        [
            ({"channel": row["channel"], "provider": row["provider"], "state": row["state"]}, row["n"])
            for row in ended.annotate(n=Count("id")).order_by()
        ],
    )
    yield Figure(
        "delivery_seconds",
        "From the commit of a message to its handing over, within an hour, by share of the messages.",
        [
            ({"channel": channel, "quantile": str(share)}, _share(seconds, share))
            for channel, seconds in _delivery_seconds(now).items()
            for share in (0.5, 0.95)
        ],
    )


def _delivery_seconds(now: datetime) -> dict[str, list[float]]:
    handed = Message.objects.filter(state=State.HANDED_OVER, created_at__gt=now - HOUR, handed_at__isnull=False)
    times: dict[str, list[float]] = {}
    newest = handed.order_by("-created_at").values_list("channel", F("handed_at") - F("created_at"))
    for channel, took in newest[:NEWEST_DELIVERIES]:
        times.setdefault(channel, []).append(took.total_seconds())
    return {channel: sorted(seconds) for channel, seconds in times.items()}


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _providers(now: datetime) -> Iterator[Figure]:
    rows = list(Provider.objects.all())
    yield Figure(
        "provider_paused",
        "1 while a provider is left alone after failures.",
        [({"provider": row.name}, bool(row.paused_until and row.paused_until > now)) for row in rows],
    )
    yield Figure(
        "provider_fault",
        "1 while a provider is off for a fault in its settings.",
        [({"provider": row.name}, bool(row.fault)) for row in rows],
    )


def _chores(now: datetime) -> Iterator[Figure]:
    beat = Heartbeat.objects.aggregate(last=Max("at"))["last"]
    yield Figure(
        "courier_silent_seconds",
        "Since the last sign of life of a courier; -1 before the first.",
        [({}, (now - beat).total_seconds() if beat else -1)],
    )
    late = {row.name for row in chores.late(now)}
    names = Chore.objects.values_list("name", flat=True).order_by("name")
    yield Figure(
        "chore_late",
        "1 for a chore that has not succeeded for three times its period.",
        [({"chore": name}, name in late) for name in names],
    )


def _register() -> Iterator[Figure]:
    yield Figure("audit_unsealed", "Events that wait for their seal.", [({}, Event.objects.unsealed().count())])
    last = Event.objects.all().last_link()
    yield Figure("audit_sealed", "Number of the last sealed event.", [({}, last[0] if last else 0)])


def _limits() -> Iterator[Figure]:
    ours = [limit for limit in LIMITS if limit.key is KeyKind.SITE]
    yield Figure(
        "limit_used",
        "How much of a limit of the whole site is used now.",
        [({"limit": limit.name}, counter.total(limit)) for limit in ours],
    )
    yield Figure(
        "limit_most",
        "How much that limit allows.",
        [({"limit": limit.name}, limit.windows[0].most) for limit in ours],
    )


def _funnel(now: datetime) -> Iterator[Figure]:
    begun = Registration.objects.filter(created_at__gt=now - DAY).values("state").annotate(n=Count("id")).order_by()
    yield Figure(
        "registrations_last_day",
        "Requests to register of the last day, by what became of them.",
        [({"state": row["state"]}, row["n"]) for row in begun],
    )


def _machine(now: datetime) -> Iterator[Figure]:
    usage = shutil.disk_usage(settings.BAWABA.data_dir)
    yield Figure("disk_free_share", "Free part of the data folder's disk.", [({}, usage.free / usage.total)])
    if settings.BAWABA.tls_cert:
        left = certificate_seconds(Path(settings.BAWABA.tls_cert))
        yield Figure("certificate_seconds", "Until the certificate ends.", [({}, left)])
    if settings.BAWABA.backup_dir:
        made = [copy.stat().st_mtime for copy in backup.saved_copies(Path(settings.BAWABA.backup_dir))[-1:]]
        ages: list[tuple[dict[str, str], float]] = [({}, now.timestamp() - moment) for moment in made]
        yield Figure("backup_age_seconds", "Age of the newest saved copy of the database.", ages)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
