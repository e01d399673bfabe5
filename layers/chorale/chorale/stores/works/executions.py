"""Executions of the state machine: they wait, the ledger knows."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chorale.runtime.settings import settings
from chorale.stores import due, keys
from chorale.stores.aws import client, error_code, from_item, to_item

KIND = "WORKS_RUN"
LOOKED_AT_EVERY = timedelta(days=7)
"""An open file is looked at so often, and at each of its deadlines: does its execution still run?"""
GONE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")
"""What Step Functions says of a token that nothing waits on any more."""
RUNNING = "RUNNING"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest execution started for a billing file."""

    file_id: int
    cycle: int
    attempt: int
    execution: str
    """Its ARN."""


def start(file_id: int, cycle: int, attempt: int, now: datetime) -> Run:
    """Start the execution ``<file>-<cycle>-<attempt>``, once: one that exists already is as good."""
    machine, name = settings().works_machine, f"{file_id}-{cycle}-{attempt}"
    try:
        started = client("stepfunctions").start_execution(
            stateMachineArn=machine,
            name=name,
            input=json.dumps({"file": file_id, "cycle": cycle, "attempt": attempt}),
        )
        execution = started["executionArn"]
    except ClientError as error:
        if error_code(error) != "ExecutionAlreadyExists":
            raise
        execution = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    run = Run(file_id, cycle, attempt, execution)
    _put(run, now + LOOKED_AT_EVERY)
    return run


def _put(run: Run, look_at: datetime | None) -> None:
    row: dict[str, Any] = keys.works_file(run.file_id, keys.RUN) | {
        "kind": KIND,
        "id": run.file_id,
        "cycle": run.cycle,
        "attempt": run.attempt,
        "execution": run.execution,
    }
    if look_at is not None:
        row |= due.columns(look_at, run.file_id)
    client("dynamodb").put_item(TableName=settings().ledger_table, Item=to_item(row))


def latest(file_id: int) -> Run | None:
    """The latest execution started for a file."""
    answer = client("dynamodb").get_item(
        TableName=settings().ledger_table,
        Key=to_item(dict(keys.works_file(file_id, keys.RUN))),
        ConsistentRead=True,
    )
    if "Item" not in answer:
        return None
    row = from_item(answer["Item"])
    return Run(file_id, int(row["cycle"]), int(row["attempt"]), row["execution"])


def is_running(run: Run) -> bool:
    """Whether the execution runs; one that Step Functions does not know (any more) does not."""
    try:
        answer = client("stepfunctions").describe_execution(executionArn=run.execution)
    except ClientError as error:
        if error_code(error) != "ExecutionDoesNotExist":
            raise
        return False
    return bool(answer["status"] == RUNNING)


def look_again(run: Run, now: datetime) -> None:
    """Look at the file's execution again a week from ``now``."""
    _put(run, now + LOOKED_AT_EVERY)


def rest(run: Run) -> None:
    """Nothing is owed on the file any more: its execution is not looked at, and its name stays taken."""
    _put(run, None)


def wake(token: str) -> bool:
    """Let the state that waits on ``token`` go on; False when nothing waits there any more."""
    try:
        client("stepfunctions").send_task_success(taskToken=token, output="{}")
    except ClientError as error:
        if error_code(error) not in GONE:
            raise
        return False
    return True
