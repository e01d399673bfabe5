"""Functions called with a task token: when one fails, AWS fails the task; the platform goes on waiting for the token.

Source: Step Functions Developer Guide, "Wait for a callback with the task token".
"""

import threading
from typing import Any

from ministack.services import stepfunctions


def apply() -> None:
    """Hand the function's error to the wait that it was called for."""
    wait, call = stepfunctions._invoke_with_callback, stepfunctions._call_lambda
    waiting = threading.local()

    def with_token(resource: str, given: Any, token: str, state: dict[str, Any]) -> Any:
        waiting.token = token
        try:
            return wait(resource, given, token, state)
        finally:
            waiting.token = None

    def called(reference: str, event: Any) -> Any:
        try:
            return call(reference, event)
        except stepfunctions._ExecutionError as error:
            info = stepfunctions._task_tokens.get(getattr(waiting, "token", None) or "")
            if info and not info["event"].is_set():
                info["error"] = {"Error": error.error, "Cause": error.cause}
                info["event"].set()
            raise

    stepfunctions._invoke_with_callback, stepfunctions._call_lambda = with_token, called
