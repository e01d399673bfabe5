"""What the hub costs: one table of list prices, quantities counted from the templates and from an invoice that travels.

Prices are dated and of one region; everything else follows the templates and the code. ``costs_page`` prints it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from tests.architecture.bill import STATUSES, Bill, bills
from tests.architecture.cloudformation import functions, source_of, stacks

REGION, SEEN = "eu-west-3 (Paris)", "November 2026"
HOURS_A_MONTH = 730
CENT, TENTH_OF_A_CENT = Decimal("0.01"), Decimal("0.001")
MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """``dollars`` for each ``per``, ``confirmed`` for the region; ``free``: what an account has for nothing a month."""

    name: str
    dollars: Decimal
    per: int
    unit: str
    confirmed: bool
    free: int = 0

    def of(self, amount: float | Decimal) -> Decimal:
        """Dollars for ``amount``, not rounded."""
        return self.dollars * Decimal(str(amount)) / self.per

    def beyond_free(self, amount: float | Decimal) -> Decimal:
        """Dollars for what is left of ``amount`` after the free part."""
        return self.of(max(Decimal(0), Decimal(str(amount)) - self.free))


def _price(name: str, dollars: str, per: int, unit: str, confirmed: bool, free: int = 0) -> Price:
    return Price(name, Decimal(dollars), per, unit, confirmed, free)


ALARM = _price("CloudWatch alarm", "0.10", 1, "alarm and month", False, 10)
DASHBOARD = _price("CloudWatch dashboard", "3.00", 1, "dashboard and month", False, 3)
SECRET = _price("Secrets Manager", "0.40", 1, "secret and month", False)
KEY = _price("KMS", "1.00", 1, "key and month", False)
SQS = _price("SQS", "0.40", MILLION, "million calls", True, MILLION)
WRITES = _price("DynamoDB, writes", "0.7423", MILLION, "million units", True)
READS = _price("DynamoDB, reads", "0.1487", MILLION, "million units", True)
LAMBDA_TIME = _price("Lambda, time", "0.0000166667", 1, "GB-second", True, 400_000)
LAMBDA_CALLS = _price("Lambda, calls", "0.20", MILLION, "million", True, MILLION)
GATEWAY = _price("API Gateway, REST", "3.70", MILLION, "million calls", False)
S3_PUT = _price("S3, PUT", "0.0053", 1_000, "thousand", True)
S3_GET = _price("S3, GET", "0.0042", 10_000, "ten thousand", True)
EVENTS = _price("EventBridge", "1.00", MILLION, "million events", False)
LOGS = _price("CloudWatch Logs", "0.5985", 1_000_000_000, "GB taken in", True)
S3_STORED = _price("S3, storage", "0.024", 1_000_000_000, "GB and month", True)
ROWS_STORED = _price("DynamoDB, storage", "0.2975", 1_000_000_000, "GB and month", False)
TRACES = _price("X-Ray", "5.00", MILLION, "million traces", False)
WEB_ACL = _price("WAF, web ACL", "5.00", 1, "ACL and month", False)
PRICES = (
    ALARM, DASHBOARD, SECRET, KEY, SQS, WRITES, READS, LAMBDA_TIME, LAMBDA_CALLS, GATEWAY, S3_PUT, S3_GET, EVENTS, LOGS,
    TRACES, S3_STORED, ROWS_STORED, WEB_ACL,
)  # fmt: skip

POLLS_A_MINUTE = 15
"""Lambda reads a queue with five pollers, each of which waits 20 seconds for a message."""
SECONDS = {
    "api": Decimal("0.1"),
    "flux_receive": Decimal("0.15"),
    "flux_integrate": Decimal("0.6"),
    "other": Decimal("0.07"),
    "watch_deadlines": Decimal("0.5"),
}
"""How long a call takes, from runs on the local platform: of the API, of the functions named, of the others."""
LOG_BYTES = 14_000
"""Logged for an invoice, from runs on the local platform."""
TRACED = Decimal("0.05")
"""Share of calls of the API that X-Ray follows."""


@dataclass(frozen=True)
class Row:
    """One line of a sum, in dollars: ``paid`` as listed, ``left`` after the free part of an account."""

    what: str
    paid: Decimal
    left: Decimal


def rounded(dollars: Decimal, to: Decimal) -> Decimal:
    """``dollars`` as a price is written."""
    return dollars.quantize(to, ROUND_HALF_UP)


def count_of(*types: str) -> int:
    """How many resources of these types are deployed where no parameter asks for more stacks."""
    asked_for = {name for name, entry in stacks()[""]["Resources"].items() if "Condition" in entry}
    return sum(
        entry["Type"] in types
        for name, template in stacks().items()
        if name not in asked_for
        for entry in template["Resources"].values()
    )


def read_queues() -> set[str]:
    """The queues that Lambda asks for messages."""
    return {
        source_of(event["Properties"]["Queue"], properties["Stack"])[1]
        for properties in functions().values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "SQS"
    }


def idle() -> list[Row]:
    """What a month costs in which nobody calls."""
    alarms, dashboards = count_of("AWS::CloudWatch::Alarm"), count_of("AWS::CloudWatch::Dashboard")
    secrets, keys = count_of("AWS::SecretsManager::Secret"), count_of("AWS::KMS::Key")
    queues = len(read_queues())
    polls = queues * POLLS_A_MINUTE * 60 * HOURS_A_MONTH
    rows = [
        _row(f"{alarms} alarms at {ALARM.dollars}", ALARM, alarms),
        _row(f"{dashboards} dashboard at {DASHBOARD.dollars}", DASHBOARD, dashboards),
        _row(f"{secrets} secret at {SECRET.dollars}", SECRET, secrets),
        _row(f"{keys} keys of KMS at {KEY.dollars}", KEY, keys),
        _row(
            f"Lambda asking {queues} queues for messages: about {POLLS_A_MINUTE} calls a minute each, "
            f"{polls / MILLION:.1f} million",
            SQS,
            polls,
        ),
    ]
    run = bills().watch
    watched = HOURS_A_MONTH * (_dynamodb(run) + _lambda(run))
    units = f"{_plain(run.used['read units'])} read units and {run.used['write units']} write unit"
    what = f"hourly watch: {HOURS_A_MONTH} runs of {units}"
    rows.append(Row(what, rounded(watched, CENT), rounded(watched, CENT)))
    tables, buckets = count_of("AWS::DynamoDB::Table"), count_of("AWS::S3::Bucket")
    nothing = (
        f"{tables} tables, {buckets} buckets, {count_of('AWS::SQS::Queue')} queues, "
        f"{count_of('AWS::Logs::LogGroup')} log groups, {len(functions())} functions, "
        f"{count_of('AWS::Serverless::StateMachine')} state machines, the bus, the API: their storage only"
    )
    return [*rows, Row(nothing, Decimal("0.00"), Decimal("0.00"))]


def _row(what: str, price: Price, amount: int) -> Row:
    return Row(what, rounded(price.of(amount), CENT), rounded(price.beyond_free(amount), CENT))


def _plain(amount: float) -> str:
    return f"{amount:g}"


def _dynamodb(bill: Bill) -> Decimal:
    return WRITES.of(bill.used["write units"]) + READS.of(bill.used["read units"])


def _lambda(bill: Bill) -> Decimal:
    return LAMBDA_TIME.of(gb_seconds(bill)) + LAMBDA_CALLS.of(sum(bill.calls.values()))


def gb_seconds(bill: Bill) -> Decimal:
    """Time of the functions that were called, by the memory that the template gives them."""
    total = Decimal(0)
    for name, calls in bill.calls.items():
        seconds = SECONDS["api"] if name.startswith("api_") else SECONDS.get(name, SECONDS["other"])
        total += calls * seconds * functions()[name]["MemorySize"] / 1024
    return total


@dataclass(frozen=True)
class Used:
    """What one invoice uses of a service."""

    service: str
    amount: str
    price: str
    thousand: Decimal
    """Dollars for a thousand invoices."""


def in_use(bill: Bill | None = None) -> list[Used]:
    """What a thousand invoices cost, each deposited alone, reported twice, found, read and given three statuses."""
    return list(_used(bill or bills().whole))


def _used(bill: Bill) -> Iterator[Used]:
    used, api = bill.used, sum(calls for name, calls in bill.calls.items() if name.startswith("api_"))
    deposit = bills().deposit.used["write units"]
    each = Decimal(used["write units"] - deposit) / len(STATUSES)
    shares = f"{deposit} units to MISE_A_DISPOSITION and both reports, then {float(each):.1f} per status"
    yield _line("DynamoDB writes", f"{used['write units']} units: {shares}", WRITES, used["write units"])
    yield _line("DynamoDB reads", f"{_plain(used['read units'])} units", READS, used["read units"])
    yield _line("Lambda, time", f"{float(gb_seconds(bill)):.1f} GB-seconds", LAMBDA_TIME, gb_seconds(bill))
    yield _line("Lambda, calls", f"{sum(bill.calls.values())} calls", LAMBDA_CALLS, sum(bill.calls.values()))
    yield _line("API Gateway", f"{api} calls; one more an hour for the token", GATEWAY, api)
    yield _line("S3, PUT", f"{used['S3 PUT']}", S3_PUT, used["S3 PUT"])
    yield _line("S3, GET", f"{used['S3 GET']}", S3_GET, used["S3 GET"])
    yield _line("SQS", f"{used['SQS']} calls", SQS, used["SQS"])
    yield _line("EventBridge", f"{used['events']} events", EVENTS, used["events"])
    yield _line("Logs", f"{LOG_BYTES // 1000} KB", LOGS, LOG_BYTES)
    yield _line("X-Ray", "one call of the API in twenty", TRACES, api * TRACED)


def _line(service: str, amount: str, price: Price, quantity: float | Decimal) -> Used:
    listed = f"{price.dollars} a {price.unit}" + ("" if price.confirmed else " (*)")
    return Used(service, amount, listed, rounded(price.of(quantity) * 1_000, TENTH_OF_A_CENT))


@cache
def sums() -> tuple[Decimal, Decimal, Decimal]:
    """Dollars a month when idle, the same after the free part, and for a thousand invoices."""
    rows = idle()
    paid, left = sum((row.paid for row in rows), Decimal(0)), sum((row.left for row in rows), Decimal(0))
    return paid, left, rounded(sum((line.thousand for line in in_use()), Decimal(0)), CENT)
