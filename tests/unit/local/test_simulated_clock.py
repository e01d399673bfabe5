"""The local hub's clock: a jump stops wherever something is due."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from chorale.stores import aws, due, keys
from chorale.stores.exchange import webhook_calls
from chorale.stores.invoices import recorded as invoices
from chorale_local import simulated_clock
from chorale_local.refused import Refused
from chorale_local.simulated_clock import advance_clock, read_clock, set_clock

from tests.aws import TABLES, Hub

OUTPUTS = {"LedgerTable": TABLES["LEDGER_TABLE"], "TechnicalTable": TABLES["TECHNICAL_TABLE"]}
PLATFORM: Any = SimpleNamespace(client=aws.client)


def owe(file: int, moment: datetime, kind: str = invoices.KIND) -> None:
    """Something of this file is due at this moment."""
    row = keys.invoice(file) | due.columns(moment, file) | {"kind": kind}
    aws.client("dynamodb").put_item(TableName=OUTPUTS["LedgerTable"], Item=aws.to_item(row))


class Watch:
    """Stands for the watch: settles what is overdue, and opens what a settled deadline leads to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settled: list[tuple[str, datetime]] = []
        self.opens: dict[str, timedelta] = {}
        self.fails = False
        monkeypatch.setattr(simulated_clock, "run_watch", self.run)

    def run(self, _emulator: Any) -> dict[str, Any]:
        if self.fails:
            return {"errorMessage": "1 deadlines could not be settled", "errorType": "ExceptionGroup"}
        now = datetime.now(UTC) + timedelta(seconds=read_clock(PLATFORM, OUTPUTS, {})["offset_seconds"])
        overdue = [owner for _, owner in due.before(now, now - timedelta(days=1))]
        for owner in overdue:
            self.settled.append((owner, now))
            key = aws.to_item(dict(keys.invoice(int(owner))))
            aws.client("dynamodb").delete_item(TableName=OUTPUTS["LedgerTable"], Key=key)
            if owner in self.opens:
                owe(int(owner) + 1, now + self.opens[owner])
        return {"silences": len(overdue)}


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, hub: Hub) -> Watch:
    return Watch(monkeypatch)


def test_a_jump_gives_each_silence_its_own_date(watch):
    start = datetime.now(UTC)
    for file, days in ((1, 40), (2, 15), (3, 61)):
        owe(file, start + timedelta(days=days))

    done = advance_clock(PLATFORM, OUTPUTS, {"days": 60})

    assert [(owner, (at - start).days) for owner, at in watch.settled] == [("2", 15), ("1", 40)]
    assert done["watch"] == {"silences": 2}
    assert [round((datetime.fromisoformat(at) - start) / timedelta(days=1)) for at in done["stops"]] == [15, 40, 60]
    assert done["offset_seconds"] == read_clock(PLATFORM, OUTPUTS, {})["offset_seconds"] == 60 * 86400


def test_what_a_silence_opens_is_met_on_the_same_jump(watch):
    start = datetime.now(UTC)
    owe(1, start + timedelta(days=7))
    watch.opens["1"] = timedelta(days=30)

    advance_clock(PLATFORM, OUTPUTS, {"days": 60})

    assert [(owner, (at - start).days) for owner, at in watch.settled] == [("1", 7), ("2", 37)]


def test_two_deadlines_at_the_same_moment_are_one_stop(watch):
    moment = datetime.now(UTC) + timedelta(days=1)
    owe(1, moment)
    owe(2, moment)

    done = advance_clock(PLATFORM, OUTPUTS, {"days": 2})

    assert len(done["stops"]) == 2
    assert sorted(owner for owner, _ in watch.settled) == ["1", "2"]


def test_the_calls_of_a_day_are_one_stop_or_are_made_at_one_before(watch):
    day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    for file, hours in ((1, 1), (2, 9), (3, 15), (4, 25)):
        owe(file, day + timedelta(hours=hours), webhook_calls.KIND)
    owe(5, day + timedelta(hours=12))

    done = advance_clock(PLATFORM, OUTPUTS, {"days": 5})

    assert sorted((owner, (at - day) // timedelta(hours=1)) for owner, at in watch.settled) == [
        ("1", 12), ("2", 12), ("3", 24), ("4", 48), ("5", 12),
    ]  # fmt: skip
    assert len(done["stops"]) == 4


def test_what_stays_overdue_does_not_hold_the_clock(watch):
    owe(1, datetime.now(UTC) + timedelta(days=1))
    watch.fails = True

    done = advance_clock(PLATFORM, OUTPUTS, {"days": 3})

    assert done["watch"] == {"failed": 2}
    assert done["offset_seconds"] == 3 * 86400


def test_a_jump_starts_where_the_clock_is(watch):
    set_clock(PLATFORM, OUTPUTS, {"offset_seconds": 86400})
    owe(1, datetime.now(UTC) + timedelta(hours=36))
    owe(2, datetime.now(UTC) + timedelta(hours=12))

    done = advance_clock(PLATFORM, OUTPUTS, {"hours": 24})

    assert done["offset_seconds"] == 2 * 86400
    assert len(done["stops"]) == 2, "what was due before the jump is no stop of its own"


@pytest.mark.parametrize("given", [{}, {"weeks": 1}, {"days": 1, "weeks": 1}])
def test_an_unknown_unit_is_refused(watch, given):
    with pytest.raises(Refused, match="days"):
        advance_clock(PLATFORM, OUTPUTS, given)


@pytest.mark.parametrize("given", [{"days": -1}, {"days": 2, "hours": -1}, {"seconds": "-5"}])
def test_a_step_back_is_refused_with_the_way_back(watch, given):
    with pytest.raises(Refused, match=r"est négatif .* PUT /_local/clock"):
        advance_clock(PLATFORM, OUTPUTS, given)

    assert read_clock(PLATFORM, OUTPUTS, {})["offset_seconds"] == 0


@pytest.mark.parametrize("value", [True, 0.5, float("inf"), float("nan"), "un", None, [1], "9" * 5000])
def test_what_is_no_whole_number_is_refused(watch, value):
    for tool, name in ((advance_clock, "days"), (set_clock, "offset_seconds")):
        with pytest.raises(Refused, match=f"« {name} » est un nombre entier"):
            tool(PLATFORM, OUTPUTS, {name: value})


def test_the_clock_tells_the_time_of_the_hub_and_takes_back_what_it_told(watch):
    told = set_clock(PLATFORM, OUTPUTS, {"offset_seconds": "-3600"})

    assert abs(datetime.fromisoformat(told["now"]) - datetime.now(UTC) + timedelta(hours=1)) < timedelta(minutes=1)
    assert set_clock(PLATFORM, OUTPUTS, read_clock(PLATFORM, OUTPUTS, {}))["offset_seconds"] == -3600
