"""The events that leave the ledger are those that infra/events describes."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from chorale.domain.events import Event, EventType
from chorale.domain.invoices.transitions import TRANSITIONS
from chorale.domain.statuses import VERDICTS, FluxState, Status
from chorale.stores import outbox

from tests.architecture.cloudformation import ROOT, of_type

SCHEMAS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "infra" / "events").glob("*.json")
}
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SAMPLES = [
    Event(EventType.INVOICE_STATUS_CHANGED, "1000001", 3, "", Status.MISE_A_DISPOSITION.value, AT, 11, 22),
    Event(EventType.INVOICE_STATUS_CHANGED, "1000001", 4, "MISE_A_DISPOSITION", Status.SUSPENDUE.value, AT, 11, 22),
    Event(EventType.INVOICE_STATUS_CHANGED, "1000001", 2, "", Status.A_VALIDER_1.value, AT, 11, None, 33),
    Event(
        EventType.INVOICE_STATUS_CHANGED,
        "1000001",
        7,
        "A_RECYCLER",
        Status.MISE_A_DISPOSITION.value,
        AT,
        11,
        22,
        33,
        previous_recipient_id=44,
        previous_validator_id=55,
    ),
    Event(
        EventType.INVOICE_STATUS_CHANGED, "1000001", 2, "", "MISE_A_DISPOSITION", AT, 11, 22, works_file_id=300000001
    ),
    Event(EventType.WORKS_FILE_CHANGED, "300000001", 1, "", "OUVERT", AT, cycle=1, members=(11, 22)),
    Event(EventType.WORKS_FILE_CHANGED, "300000001", 2, "OUVERT", "SANS_TACHE", AT, members=(11, 22)),
    Event(EventType.WORKS_CONTRACT_CHANGED, "7", 1, "", "A_ACCEPTER", AT, members=(11, 22)),
    Event(EventType.WORKS_CONTRACT_CHANGED, "7", 2, "INSCRIT", "INSCRIT", AT, members=(11, 22)),
    Event(EventType.FLUX_DECIDED, "CPP0011100000000000000042", 2, "RECEIVED", FluxState.REJECTED.value, AT),
]


@pytest.fixture
def on_the_bus(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is put on the bus, instead of putting it."""
    sent: list[dict[str, Any]] = []

    class Recorder:
        def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
            sent.extend(Entries)
            return {"Entries": [{} for _ in Entries]}

        def update_item(self, **_: Any) -> None:
            return None

    monkeypatch.setattr(outbox, "client", lambda _service: Recorder())
    monkeypatch.setenv("EVENT_BUS", "bus")
    monkeypatch.setenv("LEDGER_TABLE", "ledger")
    return sent


@pytest.mark.parametrize("event", SAMPLES, ids=[event.id for event in SAMPLES])
def test_an_event_is_as_its_schema_says(event: Event, on_the_bus: list[dict[str, Any]]) -> None:
    outbox.publish([({"pk": "a", "sk": "b"}, event)])
    (entry,) = on_the_bus
    jsonschema.validate(json.loads(entry["Detail"]), SCHEMAS[entry["DetailType"]])
    assert entry["Source"] == "chorale.ledger"


def test_every_type_of_event_has_a_schema() -> None:
    assert set(SCHEMAS) == {kind.value for kind in EventType}
    assert all(schema["title"] == name for name, schema in SCHEMAS.items())


def test_the_schemas_know_every_status() -> None:
    kinds = (EventType.INVOICE_STATUS_CHANGED, EventType.FLUX_DECIDED)
    changed, decided = (SCHEMAS[kind.value]["properties"] for kind in kinds)
    of_invoices = {row.target.value for row in TRANSITIONS}
    assert set(changed["target"]["enum"]) == of_invoices
    assert set(changed["source"]["enum"]) == of_invoices
    assert set(decided["target"]["enum"]) == {state.value for state in VERDICTS}
    assert set(decided["source"]["enum"]) == {state.value for state in set(FluxState) - VERDICTS}


RULES = {name: rule["Properties"] for name, rule in of_type("AWS::Events::Rule").items()}
OF_OUR_BUS = sorted(name for name, properties in RULES.items() if "EventBusName" in properties)


def test_one_rule_listens_to_aws_itself_for_the_scans_of_deposited_files_only() -> None:
    (foreign,) = set(RULES) - set(OF_OUR_BUS)
    pattern = RULES[foreign]["EventPattern"]
    assert (pattern["source"], pattern["detail-type"]) == (
        ["aws.guardduty"],
        ["GuardDuty Malware Protection Object Scan Result"],
    )
    assert pattern["detail"]["s3ObjectDetails"] == {
        "bucketName": [{"Ref": "DepositBucket"}],
        "objectKey": [{"prefix": "incoming/"}],
    }


@pytest.mark.parametrize("rule", OF_OUR_BUS)
def test_a_rule_waits_for_events_that_exist(rule: str) -> None:
    pattern = RULES[rule]["EventPattern"]
    assert pattern["source"] == [outbox.SOURCE]
    assert set(pattern["detail-type"]) <= {kind.value for kind in EventType}
