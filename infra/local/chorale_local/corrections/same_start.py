"""Starting a running execution again with the same name and input: AWS answers with it; the platform refuses.

Source: Step Functions API reference, StartExecution: idempotent for Standard workflows while the execution runs, and
ExecutionAlreadyExists when the input differs or the execution has ended.
"""

from typing import Any

from ministack.core.responses import json_response
from ministack.services import stepfunctions


def apply() -> None:
    """Answer with the execution that runs under this name, when it was started with the same input."""
    start = stepfunctions._start_execution

    def same(data: dict[str, Any]) -> Any:
        machine = stepfunctions._resolve_state_machine_arn(data.get("stateMachineArn", ""))
        for arn, execution in list(stepfunctions._executions.items()):
            if (
                (execution["stateMachineArn"], execution["name"]) == (machine, data.get("name"))
                and execution["status"] == "RUNNING"
                and execution["input"] == data.get("input", "{}")
            ):
                return json_response({"executionArn": arn, "startDate": execution["startDate"]})
        return start(data)

    stepfunctions._start_execution = same
