"""What is left when all is done, without what may differ between two runs: ids, versions of objects, unused numbers."""

import json
import re
from typing import Any

from chorale.domain.findings import RankReport
from chorale.domain.invoice import Invoice
from chorale.runtime.codec import plain, unpacked

from tests.aws import BUCKETS, Hub

PACKED = {"report": RankReport, "document": Invoice}


def outcome(hub: Hub) -> dict[str, Any]:
    """Tables, buckets, messages and events, comparable between two runs.

    A message or an event that was sent twice counts as one: their readers bear it. Numbers that nobody got are allowed.
    """
    tables = {name: hub.rows(name) for name in ("Ledger", "Views")}
    names = {
        int(row["id"]): key[0].split("#", 1)[1] for key, row in tables["Ledger"].items() if key[0].startswith("UNIQ#")
    }
    kept = {
        table: {key: _readable(row) for key, row in rows.items() if not key[0].startswith("COUNTER#")}
        for table, rows in tables.items()
    }
    objects = {bucket: {key: _text(data) for key, data in hub.objects(bucket).items()} for bucket in BUCKETS.values()}
    messages = sorted({json.dumps(message, sort_keys=True) for message in hub.messages()})
    events = sorted({json.dumps(sent["detail"], sort_keys=True) for sent in hub.published()})
    whole = {"tables": kept, "objects": objects, "messages": messages, "events": events}
    named: dict[str, Any] = _named(whole, names)
    return named


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    unpacked_row = {
        name: plain(unpacked(PACKED[name], value)) if name in PACKED else value for name, value in row.items()
    }
    # Which version of the object was read is compared by its hash, which stands beside it.
    unpacked_row.pop("version_id", None)
    return unpacked_row


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _named(value: Any, names: dict[int, str]) -> Any:
    """``value`` with every invoice id replaced by the number of the invoice that has it."""
    if isinstance(value, dict):
        return {str(_named(key, names)): _named(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_named(item, names) for item in value]
    text = str(value)
    for invoice_id, name in names.items():
        text = re.sub(rf"(?<!\d)0*{invoice_id}(?!\d)", f"<{name}>", text)
    return text


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Where two outcomes differ, one line each."""
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = sorted(set(found) | set(expected))
        return [
            line for key in keys for line in differences(found.get(key), expected.get(key), f"{path} {key}".strip())
        ]
    return [] if found == expected else [f"{path}: {found!r} instead of {expected!r}"]
