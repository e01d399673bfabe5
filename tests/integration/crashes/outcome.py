"""What is left when all is done, without what may differ between two runs: ids, versions of objects, unused numbers."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from chorale.domain.findings import RankReport
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.works.dossier import BillingFile
from chorale.runtime.codec import plain, unpacked
from chorale.stores import counters

from tests.aws import BUCKETS, BUS_LISTENER, CALL_QUEUE, INTEGRATION_QUEUE, TABLES
from tests.integration.crashes.stage import Stage

PACKED = {"report": RankReport, "document": Invoice, "file": BillingFile}
SPACES = {name: first for name, first in counters.FIRST.items() if name not in counters.NO_IDS}
SPACE = 100_000
"""No test comes near so many numbers."""
NUMBER = re.compile(r"(?<![\d.-])0*(\d{7,9})(?!\d)")
FLUX = re.compile(r"CPP001[A-Z0-9]{4}\d{15}")
CHANCE = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{16}){1,2}(?![0-9a-f])")
"""The id of a webhook; the name of a version of the directory."""
NOT_COMPARED = frozenset({"version_id", "secret", "turn_0", "turn_1", "failures", "rests_until"})
"""Which version of an object was read is compared by its hash, which stands beside it. A secret is chance; a turn that
nobody gave back ends by itself; an attempt that was made and then made again counts as two."""


def outcome(stage: Stage) -> dict[str, Any]:
    """Tables, buckets, messages, events and executions, comparable between two runs.

    A message or an event that was sent twice counts as one: their readers bear it. Numbers that nobody got are allowed,
    and so is an object that no row names.
    """
    rows = {
        table: {"#".join(key): _readable(row) for key, row in stage.rows(table).items() if not _is_counter(key)}
        for table in TABLES.values()
    }
    written = json.dumps(rows, default=str, ensure_ascii=False)
    names = _names(written) | {flux: f"<flux {n}>" for n, flux in enumerate(sorted(set(FLUX.findall(written))), 1)}
    named = [f"{bucket} {key}" for bucket in BUCKETS.values() for key in stage.objects(bucket)]
    whole = {
        "tables": rows,
        "objects": {
            key: stage.objects(key.split(" ")[0])[key.split(" ")[1]].decode("utf-8", "replace")
            for key in named
            if _ids(key) <= names.keys()
        },
        "integration": _alike(stage.messages(INTEGRATION_QUEUE)),
        "calls": _alike(stage.messages(CALL_QUEUE)),
        "events": _alike(json.dumps(json.loads(body)["detail"]) for body in stage.messages(BUS_LISTENER)),
        "executions": stage.steps.executions,
        "waiting": sorted(stage.steps.waiting),
    }
    called: dict[str, Any] = _called(whole, names)
    return called


def _is_counter(key: tuple[str, str]) -> bool:
    return key[0].startswith("COUNTER#")


def _alike(bodies: Iterable[str]) -> list[str]:
    return sorted({json.dumps(json.loads(body), sort_keys=True) for body in bodies})


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: plain(unpacked(PACKED[name], value)) if name in PACKED and isinstance(value, bytes) else value
        for name, value in ((name, getattr(value, "value", value)) for name, value in row.items())
    }


def _space(number: int) -> str:
    return next((name for name, first in SPACES.items() if first <= number < first + SPACE), "")


def _ids(text: str) -> set[str]:
    return {*(found for found in NUMBER.findall(text) if _space(int(found))), *FLUX.findall(text)}


def _names(text: str) -> dict[str, str]:
    """What each number is called: the how manieth it is of its space, whatever gaps there are."""
    names: dict[str, str] = {}
    for space in SPACES:
        found = sorted(number for number in set(NUMBER.findall(text)) if _space(int(number)) == space)
        names |= {number: f"<{space} {place}>" for place, number in enumerate(found, start=1)}
    return names


def _called(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` with every number of a space called by its name."""
    if isinstance(value, dict):
        kept = ((key, item) for key, item in value.items() if key not in NOT_COMPARED)
        return {str(_called(key, names)): _called(item, names) for key, item in kept}
    if isinstance(value, list | tuple):
        return [_called(item, names) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(_called(item, names)) for item in value)
    text = FLUX.sub(lambda found: names.get(found[0], found[0]), str(value))
    text = NUMBER.sub(lambda found: names.get(found[1], found[0]), text)
    return CHANCE.sub("<chance>", text)


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Where two outcomes differ, one line each."""
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = sorted(set(found) | set(expected))
        return [
            line for key in keys for line in differences(found.get(key), expected.get(key), f"{path} {key}".strip())
        ]
    return [] if found == expected else [f"{path}: {found!r} instead of {expected!r}"]
