"""Tasks whose time limit comes from the state's input: AWS reads TimeoutSecondsPath; the platform waits for ever.

Source: Amazon States Language specification, "Task State": TimeoutSecondsPath is a reference path, its value a
positive integer; anything else ends the execution with States.Runtime.
"""

from typing import Any

from ministack.services import stepfunctions

FIELD = "TimeoutSecondsPath"


def apply() -> None:
    """Read the limit when the state is entered, and hand it on as TimeoutSeconds."""
    execute = stepfunctions._execute_task

    def limited(state: dict[str, Any], given: Any, execution: dict[str, Any], context: dict[str, Any]) -> Any:
        if FIELD not in state:
            return execute(state, given, execution, context)
        effective = stepfunctions._apply_input_path(state, given, context)
        seconds = stepfunctions._resolve_path_or_ctx(state[FIELD], effective, context)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
            raise stepfunctions._ExecutionError(
                "States.Runtime", f"{FIELD} {state[FIELD]} is not a positive integer: {seconds!r}"
            )
        return execute({**state, "TimeoutSeconds": seconds}, given, execution, context)

    stepfunctions._execute_task = limited
