"""Failing functions: AWS names the error by its exception's class; the platform calls all of them Runtime.HandlerError.

Retry and Catch of a state machine match that name. Source: AWS Lambda Developer Guide, "Lambda function handler in
Python: errors", and Step Functions Developer Guide, "Handling errors".
"""

import re
from typing import Any

from ministack.services import lambda_svc

UNNAMED = "Runtime.HandlerError"


def apply() -> None:
    """Take the class, the stack and the request's number from what the function's process printed."""
    execute = lambda_svc._execute_function_warm

    def named(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        result: dict[str, Any] = execute(func, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == UNNAMED:
            name = class_in(result.get("log") or "", body.get("errorMessage") or "")
            if name:
                body.update(errorType=name, requestId=request_id, stackTrace=stack_in(result["log"]))
        return result

    lambda_svc._execute_function_warm = named


def class_in(log: str, message: str) -> str | None:
    """Class, without its module, of the exception with this message at the end of a printed stack."""
    ending = f": {re.escape(message.splitlines()[0])}" if message else ""
    found = re.findall(rf"^[ |]*([A-Za-z_][\w.]*){ending}$", log, re.MULTILINE)
    return found[-1].rsplit(".", 1)[-1] if found else None


def stack_in(log: str) -> list[str]:
    """Lines of the last printed stack."""
    return [line for line in log[log.rfind("Traceback") :].splitlines()[1:] if line.startswith("  ")]
