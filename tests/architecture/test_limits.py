"""Nothing that is deployed is beyond what AWS takes: each limit holds, and each is seen when a template breaks it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.architecture import limits, limits_page
from tests.architecture.cloudformation import ROOT
from tests.architecture.limits import KNOWN_NEAR, LIMITS, NEAR, Deployment, Limit, deployment

every_limit = pytest.mark.parametrize("limit", LIMITS, ids=[f"{row.service}: {row.what}" for row in LIMITS])
Break = Callable[[Deployment], Any]


def properties(of: Deployment, name: str) -> dict[str, Any]:
    """The properties of a resource as deployed, to be changed."""
    (found,) = (template["Resources"][name] for template in of.deployed.values() if name in template["Resources"])
    given: dict[str, Any] = found["Properties"]
    return given


def set_(name: str, key: str, value: Any) -> Break:
    """Give a resource another property."""
    return lambda of: properties(of, name).update({key: value})


def main(section: str, content: dict[str, Any] | str) -> Break:
    """Give the main template another section."""
    return lambda of: of.deployed["template.yaml"].update({section: content})


def many(count: int, entry: Any = "x") -> dict[str, Any]:
    """``count`` entries by name."""
    return {f"Name{number}": entry for number in range(count)}


def statement(**more: Any) -> dict[str, Any]:
    """A statement of a policy."""
    return {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"} | more


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def deep_paths(of: Deployment) -> None:
    """An API of a hundred paths, each of four parts."""
    properties(of, "Api")["Body"]["paths"] = {f"/a{number}/b/c/d": {} for number in range(100)}


def grown_policy(of: Deployment) -> None:
    """A role that names many tables."""
    role = properties(of, "ApiInvoicesRole")
    tables = [{"Fn::Sub": f"arn:${{AWS::Partition}}:dynamodb:::table/{number}"} for number in range(300)]
    role["Policies"][0]["PolicyDocument"]["Statement"].append(statement(Resource=tables))


def many_permissions(of: Deployment) -> None:
    """A function that sixty callers may call."""
    given = properties(of, "ApiTokenPermission")
    resources = of.deployed["template.yaml"]["Resources"]
    resources |= many(60, {"Type": "AWS::Lambda::Permission", "Properties": given})


def many_rules(of: Deployment) -> None:
    """A bus of three hundred rules more."""
    given = properties(of, "NotifyRule")
    of.deployed["webhooks.yaml"]["Resources"] |= many(300, {"Type": "AWS::Events::Rule", "Properties": given})


LONG = "x" * 5_000
BREAKS: dict[str, Break] = {
    "file of an AWS::Include": lambda of: of.includes.update({"infra/api/gateway.yaml": 647_328}),
    "template in S3, before and after transforms": set_("Api", "Body", {"paths": {"/" + "x" * 1_000_000: {}}}),
    "template inside a request": lambda of: setattr(of, "hub_template", 51_201),
    "resources of a template": main("Resources", many(501, {"Type": "AWS::SNS::Topic"})),
    "parameters of a template": main("Parameters", many(201, {"Type": "String"})),
    "outputs of a template": main("Outputs", many(201, {"Value": "x"})),
    "mappings of a template": main("Mappings", many(201, {})),
    "attributes of a mapping": main("Mappings", {"Regions": many(201)}),
    "logical id of a resource": main("Resources", {"R" * 256: {"Type": "AWS::SNS::Topic"}}),
    "name of a parameter": main("Parameters", {"P" * 256: {"Type": "String"}}),
    "name of an output": main("Outputs", {"O" * 256: {"Value": "x"}}),
    "value of a parameter": main("Parameters", {"Long": {"Type": "String", "Default": LONG}}),
    "description of a parameter": main("Parameters", {"Long": {"Type": "String", "Description": LONG}}),
    "description of an output": main("Outputs", {"Long": {"Value": "x", "Description": LONG}}),
    "description of a template": main("Description", LONG),
    "dynamic references of a template": main("Metadata", many(61) | {
        f"Secret{number}": f"{{{{resolve:secretsmanager:{number}}}}}" for number in range(61)
    }),
    "name of a stack": main("Resources", {"N" * 100: {"Type": "AWS::CloudFormation::Stack"}}),
    "tags of a stack": lambda of: of.tags["production"].extend(["a=b"] * 50),
    "resources of an API": deep_paths,
    "definition of an API": set_("Api", "Body", {"paths": {"/" + "x" * 6_300_000: {}}}),
    "time for an integration": set_("ApiWorksFunction", "Timeout", 30),
    "calls a second, all APIs of an account": lambda of: of.environments["production"].update(ApiRate="10001"),
    "burst of calls, all APIs of an account": lambda of: of.environments["production"].update(ApiBurst="5001"),
    "layers of a function": set_("NotifyFunction", "Layers", ["x"] * 6),
    "function and layers, unpacked": lambda of: of.unpacked.update({"layers/references": 200_000_000}),
    "ZIP of a function or layer, not through S3": lambda of: of.packed.update({"layers/dependencies": 60_000_000}),
    "environment of a function": set_("NotifyFunction", "Environment", {"Variables": {"LONG": LONG}}),
    "timeout of a function": set_("FluxIntegrateFunction", "Timeout", 901),
    "memory of a function": set_("FluxIntegrateFunction", "MemorySize", 10_241),
    "name of a function": set_("NotifyFunction", "FunctionName", {"Fn::Sub": "${AWS::StackName}-" + "n" * 50}),
    "description of a function": set_("NotifyFunction", "Description", LONG),
    "description of a layer": lambda of: next(of.of_type("AWS::Lambda::LayerVersion"))[1].update(Description=LONG),
    "name of a layer": lambda of: next(of.of_type("AWS::Lambda::LayerVersion"))[1].update(LayerName=LONG),
    "who may call a function": many_permissions,
    "answer of a function": lambda of: of.answers.update({"/docs": 6_300_000}),
    "timeout of a function that reads a queue": set_("NotifyQueue", "VisibilityTimeout", 59),
    "messages of a batch without a window": set_("NotifyFunctionNotify", "BatchSize", 11),
    "filters of a mapping": set_("OutboxRelayFunctionOutbox", "FilterCriteria", {"Filters": [{"Pattern": "{}"}] * 6}),
    "pattern of a filter": set_("OutboxRelayFunctionOutbox", "FilterCriteria", {"Filters": [{"Pattern": LONG}]}),
    "inline policies of a role, together": grown_policy,
    "who may take a role": set_("NotifyRole", "AssumeRolePolicyDocument", policy(statement(Resource=LONG))),
    "managed policies of a role": set_("NotifyRole", "ManagedPolicyArns", ["x"] * 11),
    "name of a role": set_("NotifyRole", "RoleName", "x" * 65),
    "name of a policy": set_("NotifyRole", "Policies", [{"PolicyName": "x" * 129, "PolicyDocument": {}}]),
    "policy of a queue": set_("EdiQueuePolicy", "PolicyDocument", policy(statement(Resource=[LONG, LONG]))),
    "statements of a policy": set_("EdiQueuePolicy", "PolicyDocument", policy(*[statement()] * 21)),
    "actions of a statement": set_("EdiQueuePolicy", "PolicyDocument", policy(statement(Action=["sqs:A"] * 8))),
    "conditions of a policy": set_("EdiQueuePolicy", "PolicyDocument", policy(statement(Condition=many(11)))),
    "name of a queue": set_("NotifyQueue", "QueueName", {"Fn::Sub": "${StackPrefix}-" + "n" * 62}),
    "visibility of a message": set_("NotifyQueue", "VisibilityTimeout", 43_201),
    "retention of a message": set_("NotifyQueue", "MessageRetentionPeriod", 1_209_601),
    "name of a bucket": set_("DepositBucket", "BucketName", {"Fn::Sub": "${StackPrefix}-" + "b" * 45}),
    "policy of a bucket": set_("DepositBucketPolicy", "PolicyDocument", policy(statement(Resource=[LONG] * 5))),
    "lifecycle rules of a bucket": set_("DepositBucket", "LifecycleConfiguration", {"Rules": [{}] * 1_001}),
    "global indexes of a table": set_("Ledger", "GlobalSecondaryIndexes", [{}] * 21),
    "attributes that indexes of a table repeat": set_(
        "Ledger", "GlobalSecondaryIndexes", [{"Projection": {"NonKeyAttributes": ["x"] * 20}}] * 6
    ),
    "targets of a rule": set_("NotifyRule", "Targets", [{}] * 6),
    "rules of a bus": many_rules,
    "pattern of a rule": set_("NotifyRule", "EventPattern", {"source": [LONG]}),
    "name of a rule": set_("NotifyRule", "Name", "x" * 65),
    "description of a rule": set_("NotifyRule", "Description", LONG),
    "name of an alarm": set_("NotifyErrors", "AlarmName", "x" * 256),
    "description of an alarm": set_("NotifyErrors", "AlarmDescription", LONG),
    "actions of an alarm": set_("NotifyErrors", "AlarmActions", ["x"] * 6),
    "widgets of a dashboard": set_("Dashboard", "DashboardBody", {"Fn::Sub": json.dumps({"widgets": [{}] * 501})}),
    "name of a dashboard": set_("Dashboard", "DashboardName", "x" * 256),
    "name of a log group": set_("NotifyLogs", "LogGroupName", {"Fn::Sub": "/aws/lambda/${StackPrefix}" + "x" * 500}),
    "definition of a state machine": set_("WorksMachine", "Definition", {"Comment": "x" * 1_050_000}),
    "name of a state machine": set_("WorksMachine", "StateMachineName", {"Fn::Sub": "${AWS::StackName}-" + "x" * 70}),
    "display name of a topic": set_("AlarmTopic", "DisplayName", "x" * 101),
}  # fmt: skip
"""A change of what is deployed that breaks each limit."""


@every_limit
def test_what_is_deployed_is_within_the_limit(limit: Limit) -> None:
    assert limit.exceeded(deployment()) == []


@every_limit
def test_a_template_beyond_the_limit_is_seen(limit: Limit) -> None:
    broken = deployment()
    BREAKS[limit.what](broken)

    assert limit.exceeded(broken) != []


def test_each_limit_has_a_name_of_its_own_and_a_source() -> None:
    assert len({limit.what for limit in LIMITS}) == len(LIMITS) == len(BREAKS)
    assert all(limit.source.startswith("https://") for limit in LIMITS)


def test_nothing_is_near_a_limit_but_what_is_meant_to_be() -> None:
    """What is new here has to be made smaller, or to be told why not in ``KNOWN_NEAR``."""
    found = limits.near(deployment())

    assert set(found) == set(KNOWN_NEAR), f"over {NEAR:.0%} of a limit: {found}"


def test_what_comes_near_a_limit_is_told_with_its_name_and_share() -> None:
    nearly = deployment()
    nearly.includes["infra/api/gateway.yaml"] = 400_000

    assert limits.near(nearly)["file of an AWS::Include"] == "infra/api/gateway.yaml: 89% of 450,000 bytes"


@pytest.mark.parametrize(
    ("written", "longest"),
    [
        ({"Fn::Sub": "${AWS::StackName}-notify"}, f"{limits.STACK}-notify"),
        ({"Fn::Sub": ["${given}!", {"given": {"Ref": "AWS::Region"}}]}, "eu-west-3!"),
        ({"Fn::If": ["HasName", "short", "the longer one"]}, "the longer one"),
        ({"Fn::Join": ["/", ["a", {"Ref": "AWS::Partition"}]]}, "a/aws"),
        ({"Ref": "LedgerTable"}, limits.UNKNOWN),
        ({"Fn::GetAtt": ["Ledger", "Arn"]}, limits.UNKNOWN_ARN),
    ],
)
def test_a_name_is_measured_as_long_as_it_can_become(written: Any, longest: str) -> None:
    assert limits.resolved(written) == longest


def test_a_stack_name_of_the_length_that_the_page_gives_is_taken_and_a_longer_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    length, of = limits.longest_stack_name(), deployment()

    def refused(characters: int) -> list[str]:
        for name in ("AWS::StackName", "StackPrefix"):
            monkeypatch.setitem(limits.PSEUDO, name, "s" * characters)
        return [limit.what for limit in LIMITS if limit.what.startswith("name of a") and limit.exceeded(of)]

    assert refused(length) == []
    assert refused(length + 1) == ["name of a bucket"]


def test_the_page_of_the_first_deployment_lists_the_limits() -> None:
    page = (ROOT / limits_page.PAGE).read_text(encoding="utf-8")

    assert page == limits_page.with_generated(page), "run make generate"
