"""The definitions of ``infra/workflows``, made from the table of what is owed.

``python -m tests.unit.domain.works.workflow_files`` (with ``layers/chorale`` on the path) writes them again.
"""

from pathlib import Path
from typing import Any

import yaml
from chorale.domain.works.chain import Chain, steps_of
from chorale.domain.works.owed import OWED
from chorale.domain.works.tasks import TASK_LABELS, TaskKind

FOLDER = Path("infra/workflows")
FILES = {Chain.PROGRESS: "works-progress.asl.yaml", Chain.FINAL: "works-final.asl.yaml"}
TITLES = {Chain.PROGRESS: "works, progress payments", Chain.FINAL: "works, final account"}
BEFORE_ANY_PAPER = (TaskKind.PROJET_DECOMPTE_FINAL, TaskKind.ETABLISSEMENT_D_OFFICE)
AFTER_THE_ACCOUNT = (TaskKind.REVISION_DES_PRIX,)
HEADER = "# Generated from the tables of chorale.domain.works by tests/unit/domain/works/workflow_files.py.\n"
GAVE_UP = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
           "Lambda.TooManyRequestsException"]  # fmt: skip


def kinds_of(chain: Chain) -> list[TaskKind]:
    """The kinds of task that a file of ``chain`` can have, in the order of the table."""
    rows = [row.kind for row in OWED if any(step.chain is chain for frame in row.frames for step in steps_of(frame))]
    first = BEFORE_ANY_PAPER if chain is Chain.FINAL else ()
    last = AFTER_THE_ACCOUNT if chain is Chain.FINAL else ()
    return list(dict.fromkeys([*first, *rows, *last]))


def _call(function: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": f"${{{function}}}", "Payload": payload},
        "Retry": [{"ErrorEquals": GAVE_UP, "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2.0}],
        **more,
    }


SETTLE = {"file.$": "$.file", "cycle.$": "$.cycle", "started.$": "$$.Execution.StartTime"}


def _settle() -> dict[str, Any]:
    selected = {"next.$": "$.Payload.next", "task.$": "$.Payload.task"}
    return _call("WorksSettleTask", SETTLE, ResultSelector=selected, ResultPath="$.step", Next="Route")


def definition(chain: Chain) -> dict[str, Any]:
    """The state machine of ``chain``: for each kind of task the same three states, and one choice."""
    kinds = kinds_of(chain)
    states: dict[str, Any] = {
        "Read": {"Comment": "The ledger is the truth: what is there to wait for?", **_settle()},
        "Route": {
            "Type": "Choice",
            "Choices": [
                *(
                    {"Variable": "$.step.next", "StringEquals": kind.value, "Next": f"Open_{kind.value}"}
                    for kind in kinds
                ),
                {"Variable": "$.step.next", "StringEquals": "RELAIS", "Next": "HandOver"},
            ],
            "Default": "Done",
        },
    }
    for kind in kinds:
        states |= _unit(kind)
    states["HandOver"] = {
        "Comment": "Executions last a year at most: a successor goes on.",
        **_call("WorksStart", {"file.$": "$.file", "cycle.$": "$.cycle", "attempt.$": "$.attempt"}, ResultPath=None),
        "Next": "Done",
    }
    states["Done"] = {"Type": "Succeed"}
    return {"Comment": f"Chorale: {TITLES[chain]}", "StartAt": "Read", "States": states}


def _unit(kind: TaskKind) -> dict[str, Any]:
    name = kind.value
    return {
        f"Open_{name}": {
            "Comment": TASK_LABELS[kind],
            **_call(
                "WorksOpenTask",
                {"file.$": "$.file", "task.$": "$.step.task"},
                ResultSelector={
                    "pk.$": "$.Payload.pk", "sk.$": "$.Payload.sk",
                    "attempt.$": "$.Payload.attempt", "seconds.$": "$.Payload.seconds",
                },
                ResultPath="$.wait",
                Next=f"Wait_{name}",
            ),
        },
        f"Wait_{name}": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
            "Parameters": {
                "TableName": "${LedgerTable}",
                "Key": {"pk": {"S.$": "$.wait.pk"}, "sk": {"S.$": "$.wait.sk"}},
                "UpdateExpression": "SET task_token = :token",
                "ConditionExpression": "task_state = :open AND attempt = :attempt",
                "ExpressionAttributeValues": {
                    ":token": {"S.$": "$$.Task.Token"}, ":open": {"S": "OUVERTE"},
                    ":attempt": {"N.$": "$.wait.attempt"},
                },
            },
            "TimeoutSecondsPath": "$.wait.seconds",
            "ResultPath": None,
            "Retry": [
                {
                    "ErrorEquals": ["DynamoDb.TransactionConflictException", "DynamoDb.ThrottlingException"],
                    "IntervalSeconds": 1, "MaxAttempts": 6, "BackoffRate": 2.0,
                }
            ],
            "Catch": [
                {
                    "ErrorEquals": ["DynamoDb.ConditionalCheckFailedException", "States.Timeout"],
                    "ResultPath": None, "Next": f"Settle_{name}",
                }
            ],
            "Next": f"Settle_{name}",
        },
        f"Settle_{name}": _settle(),
    }  # fmt: skip


def text(chain: Chain) -> str:
    """The file of ``chain``."""
    return HEADER + yaml.safe_dump(definition(chain), sort_keys=False, allow_unicode=True, width=120)


def main() -> None:
    """Write both files."""
    for chain, name in FILES.items():
        (FOLDER / name).write_text(text(chain), encoding="utf-8")


if __name__ == "__main__":
    main()
