"""Applying a catalogue."""

import pytest

from bawaba.commands import catalogue
from bawaba.domain.catalogue import actions, files
from bawaba.domain.catalogue.models import Service, Status
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.models import Event

pytestmark = pytest.mark.django_db


def _demo() -> list[Service]:
    return files.read(files.DEMO.read_text(encoding="utf-8"))


def test_a_file_is_applied_whole_and_a_second_time_changes_nothing() -> None:
    assert len(actions.apply(_demo(), actor="operator")) == 8
    assert Service.objects.count() == 8
    assert actions.apply(_demo(), actor="operator") == []
    assert Event.objects.filter(event=EventType.SERVICE_ADDED).count() == 8


def test_a_service_that_the_file_leaves_out_is_withdrawn_and_comes_back_with_it() -> None:
    actions.apply(_demo(), actor="operator")
    actions.apply(_demo()[1:], actor="operator")
    key = _demo()[0].key
    assert Service.objects.get(key=key).status == Status.WITHDRAWN
    actions.apply(_demo(), actor="operator")
    assert Service.objects.get(key=key).status == Status.OPEN


@pytest.mark.parametrize("order", [1, -1])
def test_a_client_moves_from_one_service_to_another(order: int) -> None:
    actions.apply(_demo(), actor="operator")
    services = {service.key: service for service in _demo()}
    services["pay-duties"].client, services["declarations"].client = services["declarations"].client, ""
    actions.apply(list(services.values())[::order], actor="operator")
    assert Service.objects.of_client("sample-service").get().key == "pay-duties"


def test_a_new_service_takes_the_client_of_one_that_the_file_leaves_out() -> None:
    actions.apply(_demo(), actor="operator")
    renamed = [service for service in _demo() if service.client]
    others = [service for service in _demo() if not service.client]
    renamed[0].key = "customs-declarations"
    left, came = actions.compare(renamed + others)[::-1]
    assert (came.key, left.key) == ("customs-declarations", "declarations")
    assert left.fields == {"status": ("open", "withdrawn"), "client": ("sample-service", "")}
    actions.apply(others, actor="operator")
    assert Service.objects.of_client("sample-service").get().status == Status.WITHDRAWN  # it may ask no more
    actions.apply(renamed + others, actor="operator")
    assert Service.objects.of_client("sample-service").get().key == "customs-declarations"
    assert actions.compare(renamed + others) == []


def test_comparing_names_each_field_that_would_change_and_changes_none() -> None:
    actions.apply(_demo(), actor="operator")
    services = _demo()
    services[0].order = 99
    (change,) = actions.compare(services)
    assert change.fields == {"order": (10, 99)}
    assert Service.objects.get(key=services[0].key).order == 10


def test_the_command_shows_the_difference_and_applies_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogue.main(["apply", str(files.DEMO), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "+ declarations" in said
    assert "    status: 'open'\n" in said
    assert not Service.objects.exists()
    assert catalogue.main(["apply", str(files.DEMO)]) == 0
    assert Service.objects.count() == 8
    capsys.readouterr()
    assert catalogue.main(["export"]) == 0
    assert len(files.read(capsys.readouterr().out)) == 8


def test_the_command_refuses_a_bad_file_and_changes_nothing(
    tmp_path: "pytest.TempPathFactory", capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.toml"  # type: ignore[operator]  # pytest gives a Path
    bad.write_text('[[service]]\nkey = "x"\n')
    assert catalogue.main(["apply", str(bad)]) == 2
    said = capsys.readouterr().err
    assert "“icon” is missing" in said
    assert "icon: This field cannot be blank." in said
    assert not Service.objects.exists()
