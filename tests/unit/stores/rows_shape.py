"""``tests/unit/stores/rows_shape.json``: what the kept rows are made of, class by class, at which shape.

``make generate`` writes it again. It refuses to, as long as ``ROWS_SHAPE`` is the one of a file whose rows could not be
read any more.
"""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from chorale.domain.deposits.flux import Flux
from chorale.domain.directory.structures import Service, Structure
from chorale.domain.events import Event
from chorale.domain.exchange.webhook_calls import WebhookCall
from chorale.domain.exchange.webhooks import Webhook
from chorale.domain.findings import RankReport
from chorale.domain.invoices.attachments import AttachedFile, StoredFile
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.invoices.recorded import HistoryLine, InvoiceSummary, UserAction
from chorale.domain.works.contract import WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.lists import PaperEntry, TaskEntry
from chorale.stores.shape import ROWS_SHAPE

PAGE = Path("tests/unit/stores/rows_shape.json")
ROOT = Path(__file__).parents[3]
KEPT = (
    AttachedFile, BillingFile, Event, Flux, HistoryLine, Invoice, InvoiceSummary, PaperEntry, RankReport, Service,
    StoredFile, Structure, TaskEntry, UserAction, Webhook, WebhookCall, WorksContract,
)  # fmt: skip
"""What the stores write with the codec and read back."""
DEFAULT = " = ..."
"""Ends the type of a field that rows may lack."""

Shapes = Mapping[str, Mapping[str, str]]


def _classes(kind: Any) -> Iterator[type]:
    """The dataclasses that a type is made of."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        yield kind
    for part in get_args(kind):
        yield from _classes(part)


def shapes() -> dict[str, dict[str, str]]:
    """Class -> field -> its type, with ``DEFAULT`` where rows may lack it."""
    waiting, found = list(KEPT), dict[str, dict[str, str]]()
    while waiting:
        kind = waiting.pop()
        if kind.__name__ in found:
            continue
        hints = get_type_hints(kind)
        found[kind.__name__] = {field.name: _type_of(field, hints[field.name]) for field in dataclasses.fields(kind)}
        waiting += [one for hint in hints.values() for one in _classes(hint)]
    return dict(sorted(found.items()))


def _type_of(field: dataclasses.Field[Any], hint: Any) -> str:
    """As the class says it, without the modules that it comes from."""
    has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    named = hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    plain = re.sub(r"\b(?:[a-z_]+\.)+", "", named)
    # The codec leaves out texts and sequences that are empty, and None.
    lacks = has_default or hint is str or type(None) in get_args(hint) or get_origin(hint) is tuple
    return plain + DEFAULT * lacks


def unreadable(written: Shapes, read: Shapes) -> list[str]:
    """What of rows that were written so cannot be read so, one line each."""
    found = []
    for kind, fields in written.items():
        now = read.get(kind, {})
        for name, was in fields.items():
            if name in now and now[name].removesuffix(DEFAULT) != was.removesuffix(DEFAULT):
                found.append(f"{kind}.{name} was {was}, is {now[name]}")
            elif name not in now and kind in read:
                found.append(f"{kind}.{name} is gone")
            elif name in now and was.endswith(DEFAULT) and not now[name].endswith(DEFAULT):
                found.append(f"{kind}.{name} has no default any more")
        new = (name for name in now if name not in fields and not now[name].endswith(DEFAULT))
        found += [f"{kind}.{name} is new and has no default" for name in new]
    return found


def generated() -> str:
    """The file; raises ValueError when the committed one has the same shape and rows of it could not be read."""
    committed: dict[str, Any] = (
        json.loads((ROOT / PAGE).read_text(encoding="utf-8")) if (ROOT / PAGE).exists() else {"shape": 0}
    )
    broken = unreadable(committed["classes"], shapes()) if committed["shape"] == ROWS_SHAPE else []
    if broken:
        raise ValueError(f"Raise ROWS_SHAPE (stores/shape.py), kept rows cannot be read: {'; '.join(broken)}")
    return json.dumps({"shape": ROWS_SHAPE, "classes": shapes()}, ensure_ascii=False, indent=1) + "\n"
