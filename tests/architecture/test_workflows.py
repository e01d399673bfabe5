"""What the state machines call is what their role allows, and nothing else (the local platform does not enforce it)."""

from typing import Any

import pytest
import yaml

from tests.architecture.cloudformation import ROOT, of_type

WORKFLOWS = sorted((ROOT / "infra" / "workflows").glob("*.asl.yaml"))
ACTION_OF = {
    "arn:aws:states:::lambda:invoke": "lambda:InvokeFunction",
    "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken": "dynamodb:UpdateItem",
}
"""Resource of a task -> the action that it needs."""
TRACING = {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"}


def _tasks(path: Any) -> list[dict[str, Any]]:
    states = yaml.safe_load(path.read_text(encoding="utf-8"))["States"]
    return [state for state in states.values() if state["Type"] == "Task"]


def _statements() -> list[dict[str, Any]]:
    (policy,) = of_type("AWS::IAM::Role")["WorksMachineRole"]["Properties"]["Policies"]
    statements: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return statements


def test_the_role_allows_what_the_machines_call_and_nothing_more() -> None:
    needed = {ACTION_OF[task["Resource"]] for path in WORKFLOWS for task in _tasks(path)}
    allowed = {action for statement in _statements() for action in statement["Action"]}
    assert allowed - TRACING == needed


def test_the_role_names_the_functions_that_the_machines_call() -> None:
    called = {
        task["Parameters"]["FunctionName"].strip("${}")
        for path in WORKFLOWS
        for task in _tasks(path)
        if task["Resource"].endswith("lambda:invoke")
    }
    (statement,) = [one for one in _statements() if one["Sid"] == "CallFunctions"]
    named = {str(place).rsplit("-works-", 1)[1].rstrip("'}\"").replace("-", "") for place in statement["Resource"]}
    assert named == {name.removeprefix("Works").lower() for name in called}


@pytest.mark.parametrize("name", sorted(of_type("AWS::Serverless::StateMachine")))
def test_every_substitution_of_a_definition_is_given(name: str) -> None:
    properties = of_type("AWS::Serverless::StateMachine")[name]["Properties"]
    text = (ROOT / "infra" / "capabilities" / properties["DefinitionUri"]).read_text(encoding="utf-8")
    assert {given for given in properties["DefinitionSubstitutions"] if f"${{{given}}}" in text} == set(
        properties["DefinitionSubstitutions"]
    )
    assert properties["Type"] == "STANDARD"
