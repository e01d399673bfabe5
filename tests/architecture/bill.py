"""What AWS bills for one invoice, counted while it travels: deposited, reported, found, read, given three statuses.

The hub runs in this process and has worked before (its numbers are reserved). What is billed follows DynamoDB's rules:
a write is a unit for each KB of the row, twice that in a transaction, and again for each index that changes; a read
half a unit for each 4 KB.
"""

import base64
import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any
from unittest.mock import patch

import pytest
from chorale.domain.events import Event, EventType
from chorale.runtime import clock
from chorale.runtime.codec import restore
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.usecases.deposits.integrate_flux import integrate_flux
from chorale.usecases.deposits.receive_flux import receive_flux
from chorale.usecases.exchange.call_webhooks import ask_calls
from chorale.usecases.exchange.edi_out import tell
from chorale.usecases.exchange.relay_events import relay
from chorale.usecases.invoices.count_indicators import count
from chorale.usecases.watch_deadlines import watch

from tests.aws import BUCKETS, ENVIRONMENT, TABLES, Hub, fresh_hub, table_definition
from tests.cast import APPLICATION, EVERYBODY, NOW, RECIPIENT, SUPPLIER, actor, fill_directory, later, ubl
from tests.pipeline import UBL, settle
from tests.unit.http.calling import (
    CR_DETAILS,
    FLUX,
    PASSWORD,
    READ_RECEIVED,
    RECEIVED,
    SECRET,
    TREAT,
    Caller,
)

Item = dict[str, Any]
STATUSES = ("SERVICE_FAIT", "MANDATEE", "MISE_EN_PAIEMENT")
"""The statuses that the recipient gives."""
KB = 1024
ROW_OVERHEAD = 100
"""Bytes that DynamoDB adds to each row and index entry when it bills storage."""


@dataclass
class Bill:
    """``used``: billed operations by kind. ``calls``: calls of functions, by folder."""

    used: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)

    def __sub__(self, other: "Bill") -> "Bill":
        left = Bill(Counter(self.used), Counter(self.calls))
        left.used.subtract(other.used)
        left.calls.subtract(other.calls)
        return left


def size_of(item: Item | None) -> int:
    """Bytes of a row as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in (item or {}).items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(content)
        case "N":
            return math.ceil(len(content.lstrip("-").replace(".", "")) / 2) + 1
        case "M":
            return 3 + size_of(content) + len(content)
        case "L":
            return 3 + sum(_value_size(entry) + 1 for entry in content)
        case "SS" | "NS" | "BS":
            return sum(_value_size({kind[0]: entry}) for entry in content)
        case _:
            return 1


def write_units(table: str, old: Item | None, new: Item | None, in_transaction: bool) -> int:
    """Units of the change of a row from ``old`` to ``new``: the row, and the indexes that show it."""
    units = math.ceil(max(size_of(old), size_of(new), 1) / KB) * (2 if in_transaction else 1)
    definition = table_definition(table)
    for index in definition.get("GlobalSecondaryIndexes", []):
        before, after = _shown(old, index, definition), _shown(new, index, definition)
        units += _index_units(before, after, [part["AttributeName"] for part in index["KeySchema"]])
    return units


def _shown(item: Item | None, index: Item, table: Item) -> Item | None:
    """The row as the index has it; None where it has it not."""
    keys = [part["AttributeName"] for part in index["KeySchema"]]
    if item is None or not set(keys) <= set(item):
        return None
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return item
    kept = {*keys, *(part["AttributeName"] for part in table["KeySchema"]), *projection.get("NonKeyAttributes", [])}
    return {name: value for name, value in item.items() if name in kept}


def _index_units(before: Item | None, after: Item | None, keys: list[str]) -> int:
    if before == after:
        return 0
    if before and after and any(before[key] != after[key] for key in keys):
        return math.ceil(size_of(before) / KB) + math.ceil(size_of(after) / KB)
    return math.ceil(max(size_of(before), size_of(after)) / KB)


WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
IN_TRANSACTION = {"Put", "Update", "Delete", "ConditionCheck"}


@contextmanager
def metered(bill: Bill) -> Iterator[None]:
    """Add to ``bill`` every call to AWS that is made in between."""
    watched = {"dynamodb": _Database(bill), "s3": _Objects(bill), "sqs": _Queue(bill), "events": _Bus(bill)}
    for service, meter in watched.items():
        events = aws.client(service).meta.events
        events.register(f"provide-client-params.{service}", meter.before, unique_id="bill before")
        events.register(f"after-call.{service}", meter.after, unique_id="bill after")
    try:
        yield
    finally:
        for service in watched:
            events = aws.client(service).meta.events
            events.unregister(f"provide-client-params.{service}", unique_id="bill before")
            events.unregister(f"after-call.{service}", unique_id="bill after")


@dataclass
class _Meter:
    bill: Bill
    asked: dict[str, Any] = field(default_factory=dict)

    def before(self, params: dict[str, Any], **_: Any) -> None:
        """Keep what is asked: the answer alone does not say it."""
        self.asked = params

    def after(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        """Count the call."""


class _Objects(_Meter):
    def after(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self.bill.used["S3 PUT" if model.name.startswith(("Put", "Copy", "List")) else "S3 GET"] += 1


class _Queue(_Meter):
    def after(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self.bill.used["SQS"] += 1


class _Bus(_Meter):
    def after(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self.bill.used["events"] += len(self.asked.get("Entries", []))


@dataclass
class _Database(_Meter):
    old: list[tuple[str, Item, Item | None]] = field(default_factory=list)
    looking: bool = False

    def before(self, params: dict[str, Any], model: Any = None, **_: Any) -> None:
        if self.looking:
            return
        self.asked = params
        self.old = [(table, key, self._row(table, key)) for table, key in _written(model.name, params)]

    def after(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        if self.looking:
            return
        in_transaction = model.name == "TransactWriteItems"
        for table, key, old in self.old:
            self.bill.used["write units"] += write_units(table, old, self._row(table, key), in_transaction)
        # A read that need not be consistent is half a unit.
        self.bill.used["read units"] += self._read(model.name, parsed)  # type: ignore[assignment]

    def _read(self, operation: str, parsed: dict[str, Any]) -> float:
        each = 1.0 if self.asked.get("ConsistentRead") else 0.5
        if operation == "GetItem":
            return each * _blocks(size_of(self._row(self.asked["TableName"], self.asked["Key"])))
        if operation == "BatchGetItem":
            found = [item for items in parsed.get("Responses", {}).values() for item in items]
            asked = sum(len(table["Keys"]) for table in self.asked["RequestItems"].values())
            return each * (sum(_blocks(size_of(item)) for item in found) + asked - len(found))
        if operation == "Query":
            return each * _blocks(sum(map(size_of, parsed.get("Items", []))))
        return 0.0

    def _row(self, table: str, key: Item) -> Item | None:
        self.looking = True
        try:
            found: Item | None = aws.client("dynamodb").get_item(TableName=table, Key=key).get("Item")
        finally:
            self.looking = False
        return found


def _blocks(size: int) -> int:
    return max(1, math.ceil(size / (4 * KB)))


def _written(operation: str, params: dict[str, Any]) -> Iterator[tuple[str, Item]]:
    if operation in WRITES:
        yield params["TableName"], _key(params)
    elif operation == "TransactWriteItems":
        for entry in params["TransactItems"]:
            ((kind, write),) = entry.items()
            assert kind in IN_TRANSACTION
            yield write["TableName"], _key(write)


def _key(write: dict[str, Any]) -> Item:
    key: Item = write.get("Key") or {name: write["Item"][name] for name in ("pk", "sk")}
    return key


@dataclass
class Journey:
    """An invoice on its way; every call of a function is noted on the bill."""

    hub: Hub
    bill: Bill

    def calls(self, function: str, act: Callable[[], Any]) -> Any:
        """Let a function do its work, on the bill."""
        self.bill.calls[function] += 1
        with metered(self.bill):
            return act()

    def queued(self, function: str, act: Callable[[], Any]) -> Any:
        """The same, for a message that Lambda took from a queue: receiving it and deleting it are calls too."""
        self.bill.used["SQS"] += 2
        return self.calls(function, act)

    def deposit(self, by: Caller) -> None:
        """From the file in a request to the verdict, whose events are told."""
        content = base64.b64encode(ubl("F-1")).decode()
        body = {"fichierFlux": content, "nomFichier": "facture.xml", "syntaxeFlux": UBL, "avecSignature": False}
        number = self.calls("api_deposit", lambda: by.post(FLUX, body))["numeroFluxDepot"]
        key = f"incoming/{number}"
        self.bill.used["SQS"] += 1  # S3 tells the queue
        version = self.hub.version_of(key)
        self.queued("flux_receive", lambda: receive_flux(key, version, NOW))
        for message in self.hub.messages():
            work = partial(integrate_flux, message["flux"], message.get("chunk"), NOW)
            self.queued("flux_integrate", work)
        self.tell()
        for _ in range(2):
            self.calls("api_invoices", lambda: by.post(CR_DETAILS, {"numeroFluxDepot": number}))

    def treat(self, by: Caller) -> None:
        """Find, read, and give three statuses."""
        paging = {
            "nbResultatsParPage": 20,
            "pageResultatDemandee": 1,
            "triColonne": "DateDepot",
            "triSens": "Descendant",
        }
        search = {"typeDemandePaiement": "FACTURE", "paramRecherche": paging}
        [invoice, *_] = (
            entry["idFacture"]
            for entry in self.calls("api_invoices", lambda: by.post(RECEIVED, search))["listeFactures"]
            if entry["numeroFacture"] == "F-1"
        )
        self.calls("api_invoices", lambda: by.post(READ_RECEIVED, {"identifiantFactureCPP": invoice}))
        for status in STATUSES:
            body = {"idFacture": invoice, "nouveauStatut": status}
            answer = self.calls("api_process", partial(by.post, TREAT, body))
            assert answer["codeRetour"] == 0, answer
            self.tell()

    def tell(self) -> None:
        """The stream gives the new events to the relay, the bus to the counters, the webhooks and the EDI partners."""
        rows = [aws.to_item(row) for row in self.hub.rows().values() if "pending_pk" in row]
        for row in rows:
            self.calls("outbox_relay", partial(relay, [row]))
        for sent in self.hub.published():
            for function, act in _consumers(restore(Event, sent["detail"])).items():
                self.bill.used["SQS"] += 1  # the bus sends it
                self.queued(function, act)


def _consumers(event: Event) -> dict[str, Callable[[], Any]]:
    """Who is told of an event by the rules of the bus: no rule of works papers takes one of an invoice."""
    told: dict[str, Callable[[], Any]] = {"notify": lambda: ask_calls(event), "edi_exchange": lambda: tell(event)}
    if event.type is EventType.INVOICE_STATUS_CHANGED:
        told["count_indicators"] = lambda: count([event], NOW)
    return told


@contextmanager
def working_hub() -> Iterator[Hub]:
    """A hub on which one invoice was integrated before, with the demo parties and their accounts."""
    with pytest.MonkeyPatch.context() as changed:
        for name, value in ENVIRONMENT.items():
            changed.setenv(name, value)
        changed.setenv("CALLS_PER_MINUTE", "1200")  # as deployed: each call of the API is counted
        changed.setitem(accounts.SCRYPT, "n", 2**4)
        with fresh_hub() as hub, patch.object(clock, "now", lambda: NOW):
            fill_directory()
            accounts.write_application(APPLICATION, SECRET)
            for structure in EVERYBODY:
                somebody, secret = actor(structure), accounts.hashed(PASSWORD)
                account = accounts.TechnicalAccount(somebody.login, secret, dict(somebody.rights))
                accounts.write_technical_account(account)
            settle(hub, ubl("F-0"))
            Journey(hub, Bill()).tell()
            yield hub


@dataclass(frozen=True)
class Bills:
    """``deposit``: to MISE_A_DISPOSITION, with two reports. ``whole``: to the third status. ``watch``: an idle run."""

    deposit: Bill
    whole: Bill
    watch: Bill
    objects: int
    """Bytes that the invoice leaves in the document bucket."""
    rows: int
    """Bytes that it leaves in the tables and their indexes, with the hundred that each row costs more."""


def _stored(hub: Hub) -> tuple[int, int]:
    rows = 0
    for table in TABLES.values():
        definition = table_definition(table)
        for row in hub.rows(table).values():
            item = aws.to_item(row)
            shown = [_shown(item, index, definition) for index in definition.get("GlobalSecondaryIndexes", [])]
            rows += sum(size_of(one) + ROW_OVERHEAD for one in [item, *shown] if one)
    return sum(map(len, hub.objects(BUCKETS["DOCUMENT_BUCKET"]).values())), rows


@cache
def bills() -> Bills:
    """Play the journey once."""
    with working_hub() as hub:
        bill = Bill()
        journey = Journey(hub, bill)
        supplier, recipient = Caller(SUPPLIER), Caller(RECIPIENT)
        for caller in (supplier, recipient):  # a container remembers an account for a minute
            caller.post(CR_DETAILS, {"numeroFluxDepot": "CPP0011100000000000000001"})
        before = _stored(hub)
        journey.deposit(supplier)
        deposited = bill - Bill()
        journey.treat(recipient)
        watch(NOW)  # the first run looks at every day since the hub began
        idle = Bill()
        Journey(hub, idle).calls("watch_deadlines", lambda: watch(later(hours=1)))
        objects, rows = _stored(hub)
    return Bills(deposited, bill, idle, objects - before[0], rows - before[1])
