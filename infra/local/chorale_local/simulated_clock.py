"""The hub's clock, moved by hand: a jump stops wherever something is due, each thing happens at its own time."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from chorale.stores.exchange import webhook_calls

from chorale_local.emulator import Emulator
from chorale_local.refused import Refused

CLOCK_KEY = {"pk": {"S": "CLOCK"}, "sk": {"S": "C"}}
WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}

FARTHEST = 50 * 365 * UNITS["days"]
"""Seconds by which the hub's clock may differ: every date that it computes stays in the calendar, and after 1970."""


def read_clock(emulator: Emulator, outputs: Mapping[str, str], _given: Mapping[str, Any]) -> dict[str, Any]:
    """How far the hub's clock is ahead of the machine's, in seconds, and what it takes for ``now``."""
    found = emulator.client("dynamodb").get_item(TableName=outputs["TechnicalTable"], Key=CLOCK_KEY)
    return _clock(int(found.get("Item", {}).get("offset_seconds", {"N": "0"})["N"]))


def _clock(offset: int) -> dict[str, Any]:
    return {"offset_seconds": offset, "now": _at(offset).isoformat(timespec="seconds")}


def hub_time(emulator: Emulator, outputs: Mapping[str, str]) -> datetime:
    """What the hub takes for now (UTC)."""
    return _at(read_clock(emulator, outputs, {})["offset_seconds"])


def set_clock(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Set ``offset_seconds``, ahead or back; raises Refused when it is too far, or no whole number."""
    offset = _in_calendar(_whole("offset_seconds", given.get("offset_seconds")))
    item = {**CLOCK_KEY, "offset_seconds": {"N": str(offset)}}
    emulator.client("dynamodb").put_item(TableName=outputs["TechnicalTable"], Item=item)
    return _clock(offset)


def advance_clock(emulator: Emulator, outputs: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Move the clock by ``days``, ``hours``, ``minutes``, ``seconds``, running the watch at each due time on the way.

    What a deadline opens is met too when it is due before the end. Answers with the offset, the times of the ``stops``
    (the last is the end) and the sums of what the ``watch`` did; a watch that failed is counted as ``failed``. Raises
    Refused for a step that is none, or back.
    """
    unknown = set(given) - set(UNITS)
    if unknown or not given:
        raise Refused(f'Un pas se donne en {", ".join(UNITS)}, par exemple {{"days": 1}}.')
    counts = {unit: _whole(unit, count) for unit, count in given.items()}
    back = next((unit for unit, count in counts.items() if count < 0), None)
    if back:
        raise Refused(
            f"« {back} » est négatif : on n'avance pas en arrière. PUT /_local/clock, avec offset_seconds, recule "
            "l'horloge ; ce qui est déjà arrivé reste."
        )
    step = sum(UNITS[unit] * count for unit, count in counts.items())
    start = read_clock(emulator, outputs, {})["offset_seconds"]
    _in_calendar(start + step)
    done: Counter[str] = Counter()
    stops = []
    for offset in _stops(emulator, outputs, start, start + step):
        set_clock(emulator, outputs, {"offset_seconds": offset})
        stops.append(_at(offset).isoformat(timespec="seconds"))
        watched = run_watch(emulator)
        done.update({"failed": 1} if "errorMessage" in watched else watched)
    return {"offset_seconds": start + step, "stops": stops, "watch": dict(done)}


def run_watch(emulator: Emulator) -> dict[str, Any]:
    """Run the hourly watch now and return what it did."""
    functions = emulator.client("lambda").list_functions()["Functions"]
    name = next(entry["FunctionName"] for entry in functions if entry["FunctionName"].endswith("-watch-deadlines"))
    answer = emulator.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    done: dict[str, Any] = httpx.Response(200, content=answer["Payload"].read()).json()
    return done


def _stops(emulator: Emulator, outputs: Mapping[str, str], start: int, end: int) -> Iterator[int]:
    """Offsets to stop at, in order: just after each due time, as it is known by then, and the end."""
    reached = start
    while (due := _next_due(emulator, outputs["LedgerTable"], _at(reached), _at(end))) is not None:
        # The watch looks at what was due before its time: one second more, counted in whole ones.
        stop = math.floor((due - datetime.now(UTC)).total_seconds()) + 1
        reached = max(reached + 1, stop)
        if reached >= end:
            break
        yield reached
    yield end


def _in_calendar(offset: int) -> int:
    if abs(offset) > FARTHEST:
        raise Refused(f"L'horloge va au plus à {FARTHEST} secondes, cinquante ans, en avance ou en retard.")
    return offset


def _whole(name: str, value: Any) -> int:
    """A whole number, as JSON or in an address; raises Refused."""
    if isinstance(value, str) and WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise Refused(f"« {name} » est un nombre entier.")
    return int(value)


def _at(offset: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=offset)


def _next_due(emulator: Emulator, ledger: str, after: datetime, until: datetime) -> datetime | None:
    """The first time after one and before another at which something in the Ledger is due."""
    pages = emulator.client("dynamodb").get_paginator("scan").paginate(TableName=ledger, IndexName="due_sweep")
    times = (_met(row) for page in pages for row in page["Items"])
    return min((due for due in times if after < due < until), default=None)


def _met(row: Mapping[str, Any]) -> datetime:
    """When a jump meets what is due: at its time, but calls of webhooks at the end of their day, or at a stop before.

    They are calls that failed: a webhook that does not answer is called again and again, and a stop for each call
    would make a jump take minutes.
    """
    due = datetime.fromisoformat(row["due_sk"]["S"].split("#", 1)[0])
    if row["kind"]["S"] != webhook_calls.KIND:
        return due
    return datetime.fromtimestamp(math.ceil(due.timestamp() / UNITS["days"]) * UNITS["days"], UTC)
