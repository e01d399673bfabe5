"""``infra/runbooks/costs.md`` and the sentence of the README, printed from prices, templates and counted calls.

``make generate`` writes them again.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.architecture.bill import bills
from tests.architecture.cloudformation import functions
from tests.architecture.costs import (
    LOG_BYTES,
    PRICES,
    REGION,
    ROWS_STORED,
    S3_STORED,
    SECONDS,
    SEEN,
    TENTH_OF_A_CENT,
    WEB_ACL,
    Price,
    gb_seconds,
    idle,
    in_use,
    rounded,
    sums,
)

PAGE, README = Path("infra/runbooks/costs.md"), Path("README.md")
SENTENCE = re.compile(r"Idle, it costs about \S+ USD a month at Paris list prices(.*?)and about \S+ USD per", re.DOTALL)


def with_sentence(page: str) -> str:
    """The README with the figures of today; raises ValueError if it has no such sentence."""
    paid, _, thousand = sums()
    text = rf"Idle, it costs about {_whole(paid)} USD a month at Paris list prices\g<1>and about {thousand} USD per"
    made, found = SENTENCE.subn(text, page)
    if found != 1:
        raise ValueError("the README says nothing of what it costs")
    return made


def _whole(dollars: Decimal) -> int:
    return int(dollars.quantize(Decimal(1), ROUND_HALF_UP))


def generated() -> str:
    """The whole page."""
    paid, _, thousand = sums()
    return TEXT.format(
        region=REGION, seen=SEEN, paid=_whole(paid), thousand=thousand, acl=WEB_ACL.dollars, idle=_idle_table(),
        use=_use_table(), storage=_storage(), times=_times(), prices=_prices(),
    )  # fmt: skip


TEXT = """# What it costs

Printed by `make generate` from the templates, from the prices in `tests/architecture/costs.py` and from an invoice
that travels through the code while `tests/architecture/bill.py` counts what is billed.

List prices of {region} in US dollars, before VAT, as seen in {seen} in public price listings; those marked
(*) are not confirmed for Paris. Ask the pricing calculator before you quote them. Durations and logged bytes are from
runs on the local platform, not from a bill.

## Idle: about {paid} dollars a month

Nothing runs while nobody calls: no server, no provisioned capacity.

{idle}

A web ACL (`WebAcl`, `WebAclArn`) adds {acl} a month, and its rules and calls (*). Backups (`Backups`) add a key, two
alarms and what they store. Metrics of each method of the API are off: they would be billed one by one.

## In use: about {thousand} dollars per thousand invoices

One invoice in one file, inline; its depositor asks twice for the report; its recipient finds it (a page of 20), reads
it and gives three statuses. Quotas are on, no webhook and no EDI partner waits for it.

{use}

{storage}

{times}

What moves the sum: statuses; polling (each call of the API its function, its quota and its log); batches (500 invoices
in a tar.gz share the flux, its report and its calls); memory of `flux_integrate`. An answer kept for its
`Idempotency-Key` writes four units more; point-in-time recovery costs about a fifth more per GB than the table
itself (*).

## Prices

{prices}
"""


def _idle_table() -> str:
    paid, left, _ = sums()
    lines = ["| what | a month | after the free tier of an account |", "| --- | --- | --- |"]
    lines += [f"| {row.what} | {row.paid} | {row.left} |" for row in idle()]
    return "\n".join([*lines, f"| **sum** | **{paid}** | **{left}** |"])


def _use_table() -> str:
    lines = ["| what | per invoice | price | per 1,000 invoices |", "| --- | --- | --- | --- |"]
    lines += [f"| {line.service} | {line.amount} | {line.price} | {line.thousand} |" for line in in_use()]
    return "\n".join([*lines, f"| **sum** | | | **{sums()[2]}** |"])


def _storage() -> str:
    kept = bills()
    objects, rows = kept.objects * 1_000, kept.rows * 1_000
    return (
        f"Stored for a thousand invoices of the example's size: {objects / 1e6:.0f} MB of originals and reports "
        f"({rounded(S3_STORED.of(objects), TENTH_OF_A_CENT)} a month), {rows / 1e6:.0f} MB of rows\nand indexes "
        f"({rounded(ROWS_STORED.of(rows), TENTH_OF_A_CENT)} a month (*))."
    )


def _times() -> str:
    bill = bills().whole
    lines = ["| function | calls | seconds | GB |", "| --- | --- | --- | --- |"]
    for name, calls in sorted(bill.calls.items()):
        seconds = SECONDS["api"] if name.startswith("api_") else SECONDS.get(name, SECONDS["other"])
        lines.append(f"| `{name}` | {calls} | {seconds} | {functions()[name]['MemorySize'] / 1024:g} |")
    note = f"Calls of an invoice, {float(gb_seconds(bill)):.1f} GB-seconds; {LOG_BYTES // 1000} KB are logged:"
    return note + "\n\n" + "\n".join(lines)


def _prices() -> str:
    lines = ["| what | dollars | for each | free each month |", "| --- | --- | --- | --- |"]
    lines += [_price(price) for price in PRICES]
    return "\n".join(lines)


def _price(price: Price) -> str:
    mark = "" if price.confirmed else " (*)"
    return f"| {price.name} | {price.dollars}{mark} | {price.unit} | {f'{price.free:,}' if price.free else ''} |"
