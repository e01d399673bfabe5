"""One role per function, with the verbs that its code calls and no other, on the things that it is given."""

import json
import re
from functools import cache
from typing import Any

import pytest

from tests.architecture.calls import Reach, reach_of_function, variables_by_setting
from tests.architecture.cloudformation import (
    as_list,
    common_to_functions,
    functions,
    of_type,
    resource,
    role_of,
    source_of,
    stacks,
    statements,
)

ACTIONS = {
    ("dynamodb", "get_item"): "dynamodb:GetItem",
    ("dynamodb", "put_item"): "dynamodb:PutItem",
    ("dynamodb", "update_item"): "dynamodb:UpdateItem",
    ("dynamodb", "delete_item"): "dynamodb:DeleteItem",
    ("dynamodb", "query"): "dynamodb:Query",
    ("dynamodb", "batch_get_item"): "dynamodb:BatchGetItem",
    ("dynamodb", "batch_write_item"): "dynamodb:BatchWriteItem",
    ("transaction", "Put"): "dynamodb:PutItem",
    ("transaction", "Update"): "dynamodb:UpdateItem",
    ("transaction", "Delete"): "dynamodb:DeleteItem",
    ("transaction", "ConditionCheck"): "dynamodb:ConditionCheckItem",
    ("s3", "get_object"): "s3:GetObject",
    # To be told that there is no object, and not that one may not know.
    ("s3", "head_object"): "s3:ListBucket",
    ("s3", "get_object_tagging"): "s3:GetObjectVersionTagging",  # always by version
    ("s3", "put_object"): "s3:PutObject",
    ("s3", "generate_presigned_post"): "s3:PutObject",
    ("s3", "generate_presigned_url"): "s3:GetObject",
    ("sqs", "send_message"): "sqs:SendMessage",
    ("sqs", "send_message_batch"): "sqs:SendMessage",
    ("sqs", "get_queue_attributes"): "sqs:GetQueueAttributes",
    ("sqs", "get_queue_url"): "sqs:GetQueueUrl",
    ("sqs", "change_message_visibility"): "sqs:ChangeMessageVisibility",
    ("events", "put_events"): "events:PutEvents",
    ("stepfunctions", "start_execution"): "states:StartExecution",
    ("stepfunctions", "describe_execution"): "states:DescribeExecution",
    ("stepfunctions", "send_task_success"): "states:SendTaskSuccess",
    ("secretsmanager", "get_secret_value"): "secretsmanager:GetSecretValue",
}
"""What IAM asks for, by operation of the client."""
NO_ACTION_OF_THEIR_OWN = {("dynamodb", "transact_write_items"), ("dynamodb", "get_paginator"), ("s3", "get_paginator")}

EVENT_SOURCES = {
    "SQS": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    "DynamoDB": {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"},
    "Schedule": set(),
}
"""What Lambda itself does in the name of the role, by kind of event source."""
ALWAYS = {"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}
OF_A_VERSION = {"s3:GetObject": "s3:GetObjectVersion"}
"""Reading an object by its version is another action than reading the latest."""
ANY_RESOURCE = {
    "xray:PutTraceSegments": "X-Ray has no resource to name",
    "xray:PutTelemetryRecords": "the same",
    "states:SendTaskSuccess": "a token names no resource",
}

NEVER = {
    ("chorale.apidoc.openapi", "public_document"): "describes the routes of every function and calls none",
}
PUBLIC_ONLY = {
    ("chorale.http.edge.middleware", "authenticate_caller"): "called for routes that are not public",
}
"""What a function whose routes are all public never comes to."""
NOT_REPLAYED = {
    ("chorale.stores.replay", "once"): "called for routes of an Api that is made with replayed=True",
}
"""What a function whose answers are not kept never comes to."""
NO_TIME = {("chorale.http.edge.middleware", "clocked"): "reads the clock only where SIMULATED_CLOCK is given"}
WITHOUT_TIME = {"api_docs"}
"""Functions whose answers depend on no time: they are given no clock."""

FUNCTIONS = sorted(functions())
every_function = pytest.mark.parametrize("name", FUNCTIONS)


@cache
def reach(name: str) -> Reach:
    """What a function of the template reaches in the code."""
    never = set(NEVER)
    routes = reach_of_function(name, frozenset(never)).routes
    if routes and all(way == "public" for way in routes):
        never |= set(PUBLIC_ONLY)
    if not reach_of_function(name, frozenset(never)).replayed:
        never |= set(NOT_REPLAYED)
    if name in WITHOUT_TIME:
        never |= set(NO_TIME)
    return reach_of_function(name, frozenset(never))


def granted(name: str) -> set[str]:
    """The actions of a function's role."""
    return {
        action
        for statement in statements(role_of(functions()[name]))
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
    }


def from_event_sources(name: str) -> set[str]:
    """The actions that the function's event sources need."""
    events = functions()[name].get("Events", {}).values()
    needed = {action for event in events for action in EVENT_SOURCES[event["Type"]]}
    if any("DestinationConfig" in event["Properties"] for event in events):
        needed.add("sqs:SendMessage")
    return needed


def called(reached: Reach) -> set[str]:
    """The actions that the code needs; an operation that ACTIONS does not know fails the test."""
    return {ACTIONS[operation] for operation in reached.operations - NO_ACTION_OF_THEIR_OWN}


def test_every_function_has_a_role_of_its_own() -> None:
    roles = [source_of(properties["Role"], properties["Stack"]) for properties in functions().values()]
    assert len(set(roles)) == len(roles)
    assert all(resource(role)["Type"] == "AWS::IAM::Role" for role in roles)


@every_function
def test_no_action_and_no_resource_is_a_wildcard(name: str) -> None:
    for statement in statements(role_of(functions()[name])):
        assert not any("*" in action for action in as_list(statement["Action"])), statement["Sid"]
        if any(place == "*" for place in as_list(statement["Resource"])):
            assert set(as_list(statement["Action"])) <= set(ANY_RESOURCE), statement["Sid"]


@every_function
def test_a_role_has_no_managed_policy(name: str) -> None:
    assert "ManagedPolicyArns" not in role_of(functions()[name])["Properties"]


@every_function
def test_the_role_allows_every_operation_that_the_code_calls(name: str) -> None:
    missing = called(reach(name)) - granted(name)
    assert not missing, f"add to the role of {name}: {sorted(missing)}"


@every_function
def test_the_role_allows_nothing_that_the_code_does_not_call(name: str) -> None:
    needed = called(reach(name)) | from_event_sources(name) | ALWAYS
    needed |= {OF_A_VERSION[action] for action in needed if action in OF_A_VERSION}
    extra = granted(name) - needed
    assert not extra, f"take from the role of {name}: {sorted(extra)}"


@every_function
def test_the_role_names_the_indexes_that_the_code_queries(name: str) -> None:
    known = {
        index["IndexName"]
        for table in of_type("AWS::DynamoDB::Table").values()
        for index in table["Properties"].get("GlobalSecondaryIndexes", [])
    }
    asked = reach(name).texts & known
    text = json.dumps(statements(role_of(functions()[name])))
    allowed = set(re.findall(r"/index/([a-z_]+)", text))
    assert allowed == asked


@every_function
def test_a_function_is_given_the_variables_that_its_code_reads_and_no_other(name: str) -> None:
    variables = variables_by_setting()
    read = {variable for setting in reach(name).settings for variable in variables[setting]}
    common = set(common_to_functions()["Environment"]["Variables"])
    given = set(functions()[name]["Environment"]["Variables"])
    assert given - common == read - common


@every_function
def test_what_a_function_is_told_of_its_role_may_use(name: str) -> None:
    """A variable that names a table, bucket, queue, bus or secret goes with a statement on it."""
    stack = functions()[name]["Stack"]
    role = role_of(functions()[name])
    role_stack = source_of(functions()[name]["Role"], stack)[0]
    mine = {
        source_of(part, role_stack)
        for statement in statements(role)
        for place in as_list(statement["Resource"])
        for part in _references(place)
    }
    told = {
        variable: source_of(value, stack) for variable, value in functions()[name]["Environment"]["Variables"].items()
    }
    resources = {
        variable: place for variable, place in told.items() if place[0] and place[1] in stacks()[place[0]]["Resources"]
    }
    assert not {variable: place for variable, place in resources.items() if place not in mine}


def _references(place: Any) -> list[dict[str, Any]]:
    """The parts of a resource expression that stand for something else."""
    if isinstance(place, dict) and "Fn::Sub" in place:
        names = re.findall(r"\$\{(\w+)\}", place["Fn::Sub"])
        return [{"Ref": name} for name in names if name != "StackPrefix"]
    return [place] if isinstance(place, dict) else []
