"""What is said of costs is summed from what is deployed and from what an invoice really uses."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import costs, costs_page
from tests.architecture.bill import Item, bills, size_of, write_units
from tests.architecture.cloudformation import ROOT, of_type, stacks

HEAD: Item = {"pk": {"S": "INV#1"}, "sk": {"S": "HEAD"}, "status": {"S": "DEPOSEE"}}
LISTED: Item = HEAD | {"supplier_pk": {"S": "SUP#10007"}, "supplier_sk": {"S": "2026-11-23#1"}}


@pytest.mark.parametrize("path", [costs_page.PAGE, costs_page.README])
def test_the_page_and_the_readme_say_what_is_summed(path: Path) -> None:
    page = (ROOT / path).read_text(encoding="utf-8")

    made = costs_page.generated() if path == costs_page.PAGE else costs_page.with_sentence(page)
    assert page == made, "run make generate"


def test_the_sums_are_those_of_their_lines() -> None:
    paid, left, thousand = costs.sums()

    assert paid == sum(row.paid for row in costs.idle())
    assert left == sum(row.left for row in costs.idle()) < paid
    assert thousand == costs.rounded(sum((line.thousand for line in costs.in_use()), Decimal(0)), costs.CENT)


def test_one_alarm_more_costs_what_an_alarm_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sum(row.paid for row in costs.idle())
    counted = costs.count_of
    monkeypatch.setattr(costs, "count_of", lambda *types: counted(*types) + (types == ("AWS::CloudWatch::Alarm",)))

    assert sum(row.paid for row in costs.idle()) == before + Decimal("0.10")


def test_nothing_is_deployed_that_costs_while_it_is_idle_and_is_not_in_the_sum() -> None:
    """A type that is new here needs a row in ``costs.idle``, or belongs to those that cost nothing idle."""
    summed = {
        "Alarm", "Dashboard", "Secret", "Key", "Queue", "Table", "Bucket", "LogGroup", "Function", "StateMachine",
    }  # fmt: skip
    free = {
        "Stack", "LayerVersion", "Api", "Permission", "Rule", "EventBus", "QueuePolicy", "BucketPolicy", "Role",
        "Account", "Topic", "TopicPolicy", "Subscription",
    }  # fmt: skip
    optional = {
        "WebACLAssociation", "WebACL", "LoggingConfiguration", "MalwareProtectionPlan", "BackupVault", "BackupPlan",
        "BackupSelection",
    }  # fmt: skip
    assert {kind.rsplit("::", 1)[1] for kind in _types()} == summed | free | optional


def _types() -> set[str]:
    return {resource["Type"] for template in stacks().values() for resource in template["Resources"].values()}


def test_each_alarm_watches_one_metric_of_the_ordinary_resolution() -> None:
    """Others cost more than the price in the table."""
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["Period"] >= 60
        assert "Metrics" not in alarm["Properties"]


def test_metrics_that_are_billed_one_by_one_are_off() -> None:
    (settings,) = of_type("AWS::Serverless::Api")["Api"]["Properties"]["MethodSettings"]
    assert settings["MetricsEnabled"] is False


def test_an_invoice_that_travels_is_called_for_by_every_function_on_its_way() -> None:
    assert set(bills().whole.calls) == {
        "api_deposit", "flux_receive", "flux_integrate", "outbox_relay", "count_indicators", "notify", "edi_exchange",
        "api_invoices", "api_process",
    }  # fmt: skip
    assert bills().whole.used["write units"] > bills().deposit.used["write units"] > 0


@pytest.mark.parametrize(
    ("old", "new", "in_transaction", "units"),
    [
        (None, HEAD, False, 1),
        (None, HEAD, True, 2),
        (HEAD, HEAD | {"document": {"S": "x" * 1024}}, False, 2),
        (None, LISTED, False, 2),
        (LISTED, LISTED | {"status": {"S": "REJETEE"}}, True, 3),
        (LISTED, LISTED | {"unseen": {"S": "x"}}, False, 1),
        (LISTED, LISTED | {"supplier_sk": {"S": "2026-11-24#1"}}, False, 3),
        (LISTED, HEAD, False, 2),
        (LISTED, None, False, 2),
    ],
    ids=[
        "a new row", "in a transaction twice", "each KB", "a new row in an index", "a change that an index shows",
        "a change that no index shows", "a key of an index changed: taken out and put in", "out of an index", "deleted",
    ],
)  # fmt: skip
def test_a_write_is_billed_as_dynamodb_bills_it(
    old: Item | None, new: Item | None, in_transaction: bool, units: int
) -> None:
    assert write_units("Ledger", old, new, in_transaction) == units


@pytest.mark.parametrize(
    ("item", "size"),
    [
        (None, 0),
        ({"é": {"S": "à"}}, 4),
        ({"n": {"N": "-12.34"}}, 4),
        ({"b": {"B": b"1234"}}, 5),
        ({"t": {"BOOL": True}}, 2),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 9),
        ({"m": {"M": {"k": {"S": "v"}}}}, 7),
        ({"s": {"SS": ["ab", "c"]}}, 4),
    ],
)
def test_a_row_is_as_large_as_its_names_and_values(item: Any, size: int) -> None:
    assert size_of(item) == size


def test_a_readme_without_the_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        costs_page.with_sentence("# Chorale")


def test_the_readme_gives_figures_of_cost_in_that_sentence_only() -> None:
    figures = re.findall(r"[\d.]+ USD", (ROOT / costs_page.README).read_text(encoding="utf-8"))
    assert len(figures) == 2
