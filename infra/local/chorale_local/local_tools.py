"""What only the local hub offers, under ``/_local/``: its clock, its queues, what it sent, a reset."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from chorale_local import edi_folders, structures
from chorale_local.emulator import Emulator
from chorale_local.seed import seed_stack
from chorale_local.simulated_clock import advance_clock, hub_time, read_clock, set_clock

READ_AT_ONCE = 25
SET_ASIDE = ("DeadLetters", "RelayFailureQueue")
"""In the names of queues that nothing empties by itself."""
NOT_AWAITED = (*SET_ASIDE, "Notify", "CallQueue")
"""Nor those of calls to others: a webhook that does not answer is called again for days."""
COUNTERS = "COUNTER#"
"""Beginning of the keys of the counters of numbers (chorale/stores/keys.py)."""
SETTLED_AT_MOST = 120
"""Seconds."""

Tool = Callable[[Emulator, Mapping[str, str], Mapping[str, Any]], Any]


def queues(emulator: Emulator, _outputs: Mapping[str, str], _given: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Messages that wait, and messages in work, per queue."""
    sqs = emulator.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    depths = {}
    for url in sqs.list_queues().get("QueueUrls", []):
        read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        depths[url.rsplit("/", 1)[1]] = {"waiting": int(read[names[0]]), "in_work": int(read[names[1]])}
    return depths


def executions(emulator: Emulator, _outputs: Mapping[str, str], _given: Mapping[str, Any]) -> list[dict[str, str]]:
    """Executions of the state machines, newest first."""
    states = emulator.client("stepfunctions")
    return [
        {"name": run["name"], "status": run["status"], "machine": machine["name"], "started": str(run["startDate"])}
        for machine in states.list_state_machines()["stateMachines"]
        for run in states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    ]


def emails(emulator: Emulator, _outputs: Mapping[str, str], _given: Mapping[str, Any]) -> Any:
    """E-mails that the hub sent."""
    return httpx.get(f"{emulator.endpoint}/_ministack/ses/messages", timeout=10).json()


def stack(_emulator: Emulator, outputs: Mapping[str, str], _given: Mapping[str, Any]) -> dict[str, str]:
    """Outputs of the deployed stack."""
    return dict(outputs)


def platform(emulator: Emulator, _outputs: Mapping[str, str], _given: Mapping[str, Any]) -> dict[str, str]:
    """Variables that point AWS clients of this machine at the platform, as its root user."""
    return emulator.environment


def reset(emulator: Emulator, outputs: Mapping[str, str], _given: Mapping[str, Any]) -> dict[str, bool]:
    """Empty tables, buckets and queues, then seed the demo parties again.

    The counters stay: workers hold numbers that they reserved, and a number that was given is not given again.
    """
    for name in ("LedgerTable", "DirectoryTable", "ViewsTable", "TechnicalTable"):
        _empty_table(emulator, outputs[name])
    for name in ("DepositBucket", "DocumentBucket"):
        _empty_bucket(emulator, outputs[name])
    sqs = emulator.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        sqs.purge_queue(QueueUrl=url)
    seed_stack(emulator.environment, outputs)
    return {"reset": True}


def _empty_table(emulator: Emulator, table: str) -> None:
    dynamodb = emulator.client("dynamodb")
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ProjectionExpression="pk, sk"):
        keys = [key for key in page["Items"] if not key["pk"]["S"].startswith(COUNTERS)]
        for start in range(0, len(keys), READ_AT_ONCE):
            requests = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + READ_AT_ONCE]]
            dynamodb.batch_write_item(RequestItems={table: requests})


def _empty_bucket(emulator: Emulator, bucket: str) -> None:
    s3 = emulator.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for entry in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])


def write_examples(emulator: Emulator, outputs: Mapping[str, str], _given: Mapping[str, Any]) -> dict[str, bool]:
    """Write what the examples of /docs are about; ``written`` is false when it is there already.

    Answers when the hub has done what follows from them: papers start machines, and every status is counted. Webhooks
    are not waited for.
    """
    # Parsers and works rules: of no use to who starts the hub.
    from chorale_local.example_objects import seed_examples

    written = seed_examples(emulator.environment, outputs, hub_time(emulator, outputs))
    until = time.monotonic() + SETTLED_AT_MOST
    while written and _is_busy(emulator) and time.monotonic() < until:
        time.sleep(0.5)
    return {"written": written}


def is_awaited(queue: str) -> bool:
    """Whether the messages of a queue are the hub's own work, which ends."""
    return not any(mark in queue for mark in NOT_AWAITED)


def _is_busy(emulator: Emulator) -> bool:
    """Whether a message waits or is in work: looked at twice, because one queue feeds another."""
    for _ in range(2):
        depths = queues(emulator, {}, {}).items()
        if any(depth for name, known in depths if is_awaited(name) for depth in known.values()):
            return True
        time.sleep(0.5)
    return False


TOOLS: Mapping[tuple[str, str], Tool] = {
    ("GET", "clock"): read_clock,
    ("PUT", "clock"): set_clock,
    ("POST", "advance"): advance_clock,
    ("GET", "queues"): queues,
    ("GET", "executions"): executions,
    ("GET", "emails"): emails,
    ("GET", "stack"): stack,
    ("GET", "platform"): platform,
    ("POST", "reset"): reset,
    ("POST", "examples"): write_examples,
    ("GET", "structures"): structures.listed,
    ("POST", "structures"): structures.add,
    ("GET", "edi"): edi_folders.look,
    ("POST", "edi"): edi_folders.drop,
}
