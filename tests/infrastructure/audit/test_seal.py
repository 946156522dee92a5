"""Sealing, reading again, and what tampering leaves behind."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as live
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from bawaba.infrastructure import clock, logs
from bawaba.infrastructure.audit import append_only
from bawaba.infrastructure.audit.chain import Head, UnreadableHead, current_head, sign
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.audit.models import Anchor, Event
from bawaba.infrastructure.audit.retention import TooYoung, cut, remove_old, show_head
from bawaba.infrastructure.audit.seal import seal
from bawaba.infrastructure.audit.verify import Finding, Flaw, verify

MARYAM = str(uuid.UUID(int=2))


def happen(times: int) -> None:
    with transaction.atomic():
        for number in range(times):
            record(EventType.SIGN_IN_FAILED, subject=MARYAM, reason=f"try-{number}")


@pytest.fixture
def chain(db: None) -> list[Event]:
    happen(5)
    assert seal() == 5
    return list(Event.objects.sealed())


@pytest.fixture
def unlocked(chain: list[Event]) -> list[Event]:
    """The register in the hands of somebody who owns the database."""
    with connection.cursor() as cursor:
        for statement in append_only.unlock(connection.vendor):
            cursor.execute(statement)
    return chain


def flaws() -> list[Flaw]:
    return [finding.flaw for finding in verify().findings]


def test_sealed_events_follow_one_another(chain: list[Event]) -> None:
    assert [event.seq for event in chain] == [1, 2, 3, 4, 5]
    assert [event.prev for event in chain[1:]] == [event.hash for event in chain[:-1]]
    report = verify()
    assert (report.checked, report.last, report.waiting, report.is_whole) == (5, 5, 0, True)


@pytest.mark.django_db
def test_sealing_goes_on_where_it_stopped() -> None:
    happen(7)
    assert [seal(limit=3), seal(limit=3), seal(limit=3), seal(limit=3)] == [3, 3, 1, 0]
    happen(1)
    assert verify().waiting == 1
    assert seal() == 1
    assert verify().is_whole


def test_an_event_that_another_courier_sealed_meanwhile_is_left_alone(
    chain: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(2)
    monkeypatch.setattr("bawaba.infrastructure.audit.seal._end", lambda: (3, chain[2].hash))  # a stale look
    assert seal() == 0
    monkeypatch.undo()
    assert seal() == 2
    assert verify().is_whole


@pytest.mark.parametrize(
    "change",
    [
        {"event": "sign_in.succeeded"},
        {"subject": str(uuid.UUID(int=3))},
        {"actor": "7"},
        {"company": "7"},
        {"request_id": "other"},
        {"facts": {}},
        {"facts": {"reason": "try-2", "more": 1}},
        {"recorded_at": clock.now()},
        {"hash": "f" * 64},
    ],
)
def test_an_edited_event_is_found(unlocked: list[Event], change: dict[str, object]) -> None:
    Event.objects.filter(seq=3).update(**change)
    assert Finding(Flaw.ALTERED, 3) in verify().findings


def test_a_removed_event_is_found(unlocked: list[Event]) -> None:
    Event.objects.filter(seq=3).delete()
    assert verify().findings == (Finding(Flaw.MISSING, 4),)


def test_a_removed_event_is_found_when_the_rest_moves_up(unlocked: list[Event]) -> None:
    Event.objects.filter(seq=3).delete()
    for seq in (4, 5):
        Event.objects.filter(seq=seq).update(seq=seq - 1)
    assert Flaw.MISPLACED in flaws()
    assert Flaw.ALTERED in flaws()


def test_exchanged_events_are_found(unlocked: list[Event]) -> None:
    Event.objects.filter(seq=2).update(seq=99)
    Event.objects.filter(seq=4).update(seq=2)
    Event.objects.filter(seq=99).update(seq=4)
    assert {Flaw.MISPLACED, Flaw.ALTERED} <= set(flaws())


def test_a_chain_that_was_cut_off_is_found_by_an_earlier_head(unlocked: list[Event]) -> None:
    head = current_head()
    assert verify(head=head).is_whole
    Event.objects.filter(seq__gt=3).delete()
    assert verify().is_whole  # nothing inside the database can tell
    assert verify(head=head).findings == (Finding(Flaw.TRUNCATED, 5),)
    assert verify(start=head).findings == (Finding(Flaw.TRUNCATED, 5),)


def test_a_chain_that_was_cut_off_and_went_on_is_found_by_an_earlier_head(unlocked: list[Event]) -> None:
    head = current_head()
    Event.objects.filter(seq__gt=3).delete()
    happen(4)
    seal()
    assert verify().is_whole
    assert verify(head=head).findings == (Finding(Flaw.REWRITTEN, 5),)
    assert verify(start=head).findings == (Finding(Flaw.REWRITTEN, 5),)


def test_an_event_put_in_without_the_key_is_found(chain: list[Event]) -> None:
    forged = Event(event="sign_out", subject=MARYAM, seq=6, prev=chain[-1].hash, hash="a" * 64, key_id="1")
    forged.save()
    assert verify().findings == (Finding(Flaw.ALTERED, 6),)


def test_an_event_under_a_key_nobody_knows_is_found(chain: list[Event]) -> None:
    Event(event="sign_out", subject=MARYAM, seq=6, prev=chain[-1].hash, hash="a" * 64, key_id="77").save()
    assert verify().findings == (Finding(Flaw.UNKNOWN_KEY, 6),)


def test_a_head_is_read_from_its_text_and_a_forged_one_refused(chain: list[Event]) -> None:
    head = current_head()
    assert head
    assert Head.parse(str(head)) == head
    forged = Head(9, "a" * 64, head.at, head.key_id, head.signature)
    assert Finding(Flaw.FORGED_HEAD, 9) in verify(head=forged).findings
    with pytest.raises(UnreadableHead):
        Head.parse("5.abc")


def test_verification_can_start_at_a_head(chain: list[Event]) -> None:
    head = current_head()
    happen(2)
    seal()
    report = verify(start=head)
    assert (report.checked, report.last, report.is_whole) == (2, 7, True)


def test_no_event_of_the_last_year_and_none_behind_it_is_removed(db: None) -> None:
    happen(1)
    Event.objects.create(event="sign_out", subject=MARYAM, recorded_at=clock.now() - timedelta(days=800))
    seal()
    with pytest.raises(TooYoung):
        cut(clock.now() - timedelta(days=364))
    assert cut(clock.now() - timedelta(days=730)) == 0
    assert (verify().checked, verify().is_whole) == (2, True)


def test_what_is_left_after_a_cut_verifies_from_the_anchor(db: None) -> None:
    for _ in range(3):
        Event.objects.create(event="sign_out", subject=MARYAM, recorded_at=clock.now() - timedelta(days=800))
    happen(2)
    seal()
    head = current_head()
    assert cut(clock.now() - timedelta(days=730)) == 3
    assert Anchor.objects.get().seq == 3
    report = verify(head=head)
    assert (report.checked, report.last, report.is_whole) == (2, 5, True)
    happen(1)
    seal()
    assert verify(start=head).is_whole


def test_the_installation_says_how_long_events_are_kept_but_never_under_a_year(db: None, settings: Settings) -> None:
    for days in (1000, 700, 400, 300):
        Event.objects.create(event="sign_out", subject=MARYAM, recorded_at=clock.now() - timedelta(days=days))
    seal()
    assert remove_old() == 1
    settings.BAWABA = replace(live.BAWABA, audit_months=1)
    assert remove_old() == 2
    assert verify().is_whole


def test_the_head_in_the_log_can_be_verified(chain: list[Event], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "bawaba")
    show_head()
    line = logs.formatter("json").format(caplog.records[-1])
    head = Head.parse(json.loads(line)["head"])
    assert verify(head=head).is_whole
    assert head.seq == 5


def test_the_chain_goes_on_when_all_events_are_gone(db: None) -> None:
    Event.objects.create(event="sign_out", subject=MARYAM, recorded_at=clock.now() - timedelta(days=800))
    seal()
    assert cut(clock.now() - timedelta(days=730)) == 1
    happen(1)
    seal()
    report = verify()
    assert (report.last, report.is_whole) == (2, True)


def test_an_anchor_nobody_signed_is_found_and_so_is_a_head_used_as_one(unlocked: list[Event]) -> None:
    head = sign("head", 3, unlocked[2].hash)
    Anchor.objects.create(seq=3, hash=head.hash, made_at=head.at, key_id=head.key_id, signature=head.signature)
    Event.objects.filter(seq__lte=3).delete()
    assert verify().findings == (Finding(Flaw.FORGED_ANCHOR, 3),)


@given(st.data())
def test_any_single_change_of_a_sealed_chain_is_found(data: st.DataObject) -> None:
    _try_a_change(data)


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """The property test needs it too."""


def _try_a_change(data: st.DataObject) -> None:
    with transaction.atomic():
        happen(data.draw(st.integers(2, 6), label="before"))
        seal(limit=data.draw(st.integers(1, 6)))
        happen(data.draw(st.integers(0, 3), label="after"))
        while seal(limit=2):
            pass
        head = current_head()
        with connection.cursor() as cursor:
            for statement in append_only.unlock(connection.vendor):
                cursor.execute(statement)
        seqs = list(Event.objects.sealed().values_list("seq", flat=True))
        victim = Event.objects.filter(seq=data.draw(st.sampled_from(seqs), label="victim"))
        match data.draw(st.sampled_from(["delete", "edit", "move", "truncate"]), label="tampering"):
            case "delete":
                victim.delete()
            case "edit":
                victim.update(facts={"reason": "nothing"})
            case "move":
                victim.update(seq=1000)
            case _:
                Event.objects.filter(seq__gte=victim.values("seq")[:1]).delete()
        assert not verify(head=head).is_whole
        transaction.set_rollback(True)
