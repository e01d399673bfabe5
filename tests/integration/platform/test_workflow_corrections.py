"""Each correction of the platform's state machines: what AWS does, and that the platform alone does otherwise.

When the second half of a test fails, its authors have mended the defect: remove the correction.
"""

import json
import time
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from chorale_local.emulator import Emulator

from tests.platform_functions import make_function, make_role

pytestmark = pytest.mark.platform

LONGEST = 10.0
"""Seconds that an execution of these tests may take; one that still runs then would run for ever."""
FAILING = """
class TooLate(Exception):
    pass


def handler(event, context):
    raise TooLate("the task is settled\\nsince yesterday")
"""
WAIT = "arn:aws:states:::lambda:invoke.waitForTaskToken"


def machine(platform: Emulator, states: dict[str, Any]) -> str:
    name = f"machine-{uuid4().hex}"
    made = platform.client("stepfunctions").create_state_machine(
        name=name,
        roleArn=make_role(platform, name, "states", "lambda:InvokeFunction"),
        definition=json.dumps({"StartAt": next(iter(states)), "States": states}),
    )
    arn: str = made["stateMachineArn"]
    return arn


def outcome(platform: Emulator, states: dict[str, Any], given: dict[str, Any] | None = None) -> dict[str, Any]:
    """What DescribeExecution says of these states once they have ended, or after ``LONGEST``."""
    client = platform.client("stepfunctions")
    arn = client.start_execution(stateMachineArn=machine(platform, states), input=json.dumps(given or {}))[
        "executionArn"
    ]
    until = time.monotonic() + LONGEST
    while (seen := client.describe_execution(executionArn=arn))["status"] == "RUNNING" and time.monotonic() < until:
        time.sleep(0.1)
    if seen["status"] == "RUNNING":
        client.stop_execution(executionArn=arn)
    result: dict[str, Any] = seen
    return result


def calling(function: str, error: str) -> dict[str, Any]:
    return {
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": function, "Payload": {}},
            "Catch": [{"ErrorEquals": [error], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {"Type": "Succeed"},
    }


def test_a_catch_names_the_functions_exception(corrected, untouched):
    function = make_function(corrected, "too-late", FAILING)
    caught = outcome(corrected, calling(function, "TooLate"))
    assert caught["status"] == "SUCCEEDED"
    cause = json.loads(json.loads(caught["output"])["Cause"])
    assert cause["errorMessage"] == "the task is settled\nsince yesterday"
    assert "raise TooLate" in "".join(cause["stackTrace"])
    assert outcome(corrected, calling(function, "Another"))["error"] == "TooLate"

    function = make_function(untouched, "too-late", FAILING)
    missed = outcome(untouched, calling(function, "TooLate"))
    assert (missed["status"], missed["error"]) == ("FAILED", "Runtime.HandlerError")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("raise KeyError('file')", "KeyError"),
        ("raise ValueError", "ValueError"),
        ("raise ExceptionGroup('two', [ValueError('one'), KeyError('other')])", "ExceptionGroup"),
        ("import json; json.loads('{')", "JSONDecodeError"),
        ("import botocore.exceptions as e; raise e.ClientError({'Error': {'Code': 'X'}}, 'Get')", "ClientError"),
    ],
)
def test_the_error_is_the_class_without_its_module(corrected, body, error):
    function = make_function(corrected, f"raises-{uuid4().hex}", f"def handler(event, context):\n    {body}\n")

    assert outcome(corrected, calling(function, "Never"))["error"] == error


def waiting(function: str, **limit: object) -> dict[str, Any]:
    return {
        "Wait": {
            "Type": "Task",
            "Resource": WAIT,
            "Parameters": {"FunctionName": function, "Payload": {"token.$": "$$.Task.Token"}},
            **limit,
            "End": True,
        }
    }


def test_a_function_that_fails_with_a_token_fails_its_task(corrected, untouched):
    function = make_function(corrected, "fails-with-token", FAILING)
    assert outcome(corrected, waiting(function))["status"] == "FAILED"

    function = make_function(untouched, "fails-with-token", FAILING)
    assert outcome(untouched, waiting(function))["status"] == "RUNNING"


def test_a_wait_takes_its_limit_from_the_input(corrected, untouched):
    quiet = "def handler(event, context):\n    return None\n"
    function = make_function(corrected, "quiet", quiet)
    ended = outcome(corrected, waiting(function, TimeoutSecondsPath="$.seconds"), {"seconds": 1})
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    took = (ended["stopDate"] - ended["startDate"]).total_seconds()
    assert 1 <= took < 4

    function = make_function(untouched, "quiet", quiet)
    assert outcome(untouched, waiting(function, TimeoutSecondsPath="$.seconds"), {"seconds": 1})["status"] == "RUNNING"


@pytest.mark.parametrize("seconds", [0, -1, 1.5, "1", True, None])
def test_a_limit_that_is_no_positive_number_ends_the_execution(corrected, seconds):
    ended = outcome(corrected, waiting("any", TimeoutSecondsPath="$.seconds"), {"seconds": seconds})

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")


def start_twice(platform: Emulator, first: str, second: str, *, after_its_end: bool = False) -> bool:
    """Whether a second start with the same name answers with the first execution; else it "already exists"."""
    client = platform.client("stepfunctions")
    arn = machine(platform, {"Long": {"Type": "Wait", "Seconds": 60, "End": True}})
    started = client.start_execution(stateMachineArn=arn, name="12-1-1", input=first)["executionArn"]
    if after_its_end:
        client.stop_execution(executionArn=started)
    try:
        again = client.start_execution(stateMachineArn=arn, name="12-1-1", input=second)["executionArn"]
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ExecutionAlreadyExists"
        return False
    assert again == started
    return True


def test_starting_a_running_execution_again_answers_with_it(corrected, untouched):
    assert start_twice(corrected, '{"file": 12}', '{"file": 12}')
    assert not start_twice(corrected, '{"file": 12}', '{"file": 13}')
    assert not start_twice(corrected, '{"file": 12}', '{"file": 12}', after_its_end=True)

    assert not start_twice(untouched, '{"file": 12}', '{"file": 12}')
