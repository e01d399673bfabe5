"""The templates: functions, layers, API, and what each environment of samconfig.toml asks for."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.architecture.cloudformation import (
    ROOT,
    common_to_functions,
    functions,
    load,
    of_type,
    parameters_of,
    resource,
    source_of,
    stacks,
)

MAIN = stacks()[""]
FUNCTIONS = sorted(functions())
NESTED = [*(ROOT / "infra").glob("*.yaml"), *(ROOT / "infra" / "capabilities").glob("*.yaml")]
API_FUNCTIONS = [name for name in FUNCTIONS if name.startswith("api_")]
ENVIRONMENTS = ("sandbox", "staging", "production")
LAMBDA_LIMIT_OF_AN_API_CALL = 29
"""Seconds: API Gateway gives up then, whatever the function's timeout."""


def definition() -> dict[str, Any]:
    """The API's definition, which the template includes; plain YAML, since AWS::Include refuses short forms."""
    include = MAIN["Resources"]["Api"]["Properties"]["DefinitionBody"]["Fn::Transform"]
    assert include["Name"] == "AWS::Include"
    loaded: dict[str, Any] = yaml.safe_load((ROOT / include["Parameters"]["Location"]).read_text(encoding="utf-8"))
    return loaded


def integrations() -> list[tuple[str, dict[str, Any]]]:
    """(method and path, gateway integration) of every operation."""
    return [
        (f"{method} {path}", operation["x-amazon-apigateway-integration"])
        for path, item in definition()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def refused(parameters: dict[str, str]) -> list[str]:
    """What the template's rules say against these parameters."""
    return [
        assertion["AssertDescription"]
        for rule in MAIN["Rules"].values()
        if _holds(rule["RuleCondition"], parameters)
        for assertion in rule["Assertions"]
        if not _holds(assertion["Assert"], parameters)
    ]


def _holds(condition: dict[str, Any], parameters: dict[str, str]) -> bool:
    if "Fn::Or" in condition:
        return any(_holds(part, parameters) for part in condition["Fn::Or"])
    if "Fn::Not" in condition:
        return not _holds(condition["Fn::Not"][0], parameters)
    left, right = (parameters[side["Ref"]] if isinstance(side, dict) else side for side in condition["Fn::Equals"])
    return bool(left == right)


def test_every_folder_of_functions_is_deployed_and_nothing_else_is() -> None:
    assert {path.parent.name for path in (ROOT / "functions").glob("*/app.py")} == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_called_as_its_folder_and_logs_to_a_group_with_a_retention(name: str) -> None:
    properties = functions()[name]
    dashed = name.replace("_", "-")
    assert properties["FunctionName"] == {"Fn::Sub": f"${{StackPrefix}}-{dashed}"}
    (group,) = (
        entry["Properties"]
        for entry in of_type("AWS::Logs::LogGroup").values()
        if entry["Properties"]["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/${{StackPrefix}}-{dashed}"}
    )
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    (alarm,) = (
        entry["Properties"]
        for entry in of_type("AWS::CloudWatch::Alarm").values()
        if entry["Properties"]["MetricName"] == "Errors"
        and entry["Properties"]["Dimensions"][0]["Value"] == {"Fn::Sub": f"${{StackPrefix}}-{dashed}"}
    )
    assert alarm["Threshold"] == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_traced_and_runs_where_its_layers_were_built_for(name: str) -> None:
    properties = functions()[name]
    assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["x86_64"])
    assert properties["Handler"] == "app.handler"
    assert properties["Tracing"] == "Active"
    for layer in properties["Layers"]:
        built_for = resource(source_of(layer, properties["Stack"]))["Properties"]
        assert built_for["CompatibleRuntimes"] == [properties["Runtime"]]
        assert built_for["CompatibleArchitectures"] == properties["Architectures"]


def test_layers_are_built_for_the_runtime_whatever_python_builds() -> None:
    makefile = (ROOT / "layers" / "dependencies" / "Makefile").read_text(encoding="utf-8")
    for part in ("--no-deps", "--only-binary=:all:", "--python-version 3.13", "manylinux_2_28_x86_64"):
        assert part in makefile
    pins = (ROOT / "layers" / "dependencies" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert all("==" in pin for pin in pins if pin.strip() and not pin.startswith("#"))


@pytest.mark.parametrize("name", API_FUNCTIONS)
def test_a_function_of_the_api_answers_before_the_gateway_gives_up(name: str) -> None:
    assert functions()[name]["Timeout"] <= LAMBDA_LIMIT_OF_AN_API_CALL


@pytest.mark.parametrize("name", API_FUNCTIONS)
def test_the_gateway_may_call_each_function_of_the_api(name: str) -> None:
    callers = [
        source_of(permission["Properties"]["FunctionName"])[1]
        for permission in of_type("AWS::Lambda::Permission").values()
        if permission["Properties"]["Principal"] == "apigateway.amazonaws.com"
        and permission["Properties"]["SourceArn"]["Fn::Sub"].endswith(":${Api}/*")
    ]
    logical = "".join(part.title() for part in name.split("_")) + "Function"
    assert callers.count(logical) == 1


@pytest.mark.parametrize(("operation", "integration"), integrations())
def test_every_operation_is_integrated_with_a_function_of_the_template(
    operation: str, integration: dict[str, Any]
) -> None:
    assert integration["type"] in ("aws_proxy", "AWS_PROXY"), operation
    assert integration["httpMethod"] == "POST"
    (named,) = re.findall(r"functions/\$\{(\w+\.Outputs\.\w+)\}/invocations$", integration["uri"]["Fn::Sub"])
    called = source_of({"Fn::GetAtt": named.split(".", 1)})
    assert resource(called)["Type"] == "AWS::Serverless::Function"
    assert named.endswith(f".{called[1]}")


def test_no_function_declares_a_route_of_its_own() -> None:
    kinds = {event["Type"] for properties in functions().values() for event in properties.get("Events", {}).values()}
    assert not kinds & {"Api", "HttpApi"}


@pytest.mark.parametrize("kind", ["DEFAULT_4XX", "DEFAULT_5XX"])
def test_what_the_gateway_itself_refuses_is_answered_in_json(kind: str) -> None:
    response = definition()["x-amazon-apigateway-gateway-responses"][kind]
    body = response["responseTemplates"]["application/json"]
    assert json.loads(re.sub(r"\$context\.\w+(\.\w+)*", '"x"', body))


def test_the_api_is_throttled_traced_and_logged() -> None:
    api = MAIN["Resources"]["Api"]["Properties"]
    (settings,) = api["MethodSettings"]
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= set(settings)
    assert api["TracingEnabled"] is True
    assert source_of(api["AccessLogSetting"]["DestinationArn"])[1] == "ApiLogGroup"
    assert json.loads(api["AccessLogSetting"]["Format"])["id"] == "$context.requestId"


@pytest.mark.parametrize("name", sorted(of_type("AWS::Logs::LogGroup")))
def test_no_log_is_kept_for_ever(name: str) -> None:
    assert of_type("AWS::Logs::LogGroup")[name]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_environment_is_accepted_by_the_rules_and_names_known_parameters(environment: str) -> None:
    parameters = parameters_of(environment)
    assert set(parameters) == set(MAIN["Parameters"])
    assert parameters["Stage"] == environment
    assert refused(parameters) == []
    for name, value in parameters.items():
        allowed = MAIN["Parameters"][name].get("AllowedValues")
        assert allowed is None or value in [str(entry) for entry in allowed]


def test_the_clock_of_production_cannot_be_moved() -> None:
    assert refused(parameters_of("production") | {"SimulatedClock": "true"})
    assert not refused(parameters_of("sandbox") | {"SimulatedClock": "true"})


def test_the_data_of_production_cannot_be_deleted_with_the_stack() -> None:
    assert refused(parameters_of("production") | {"DataPolicy": "Delete"})


def test_a_web_acl_stands_before_the_api_of_production() -> None:
    production = parameters_of("production")
    assert production["WebAcl"] == "true"
    assert refused(production | {"WebAcl": "false"})
    assert not refused(production | {"WebAcl": "false", "WebAclArn": "arn:aws:wafv2:eu-west-3:1:regional/webacl/own/1"})


def test_nested_stacks_get_every_parameter_that_they_ask_for_and_no_other() -> None:
    for name, template in stacks().items():
        if not name:
            continue
        given = set(MAIN["Resources"][name]["Properties"]["Parameters"])
        asked = template["Parameters"]
        assert given <= set(asked)
        assert {key for key, entry in asked.items() if "Default" not in entry} <= given


@pytest.mark.parametrize("stack", sorted({properties["Stack"] for properties in functions().values()}))
def test_the_functions_of_all_capabilities_are_made_alike(stack: str) -> None:
    """A nested template does not inherit Globals: each repeats them, with its parameters of the same names."""
    assert MAIN["Resources"][stack]["Properties"]["TemplateURL"].startswith("infra/capabilities/")
    assert stacks()[stack]["Globals"]["Function"] == common_to_functions()
    given = MAIN["Resources"][stack]["Properties"]["Parameters"]
    for name in ("Stage", "LogLevel", "DependenciesLayer", "ChoraleLayer"):
        assert given[name] == {"Ref": name}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_role_logs_and_queue_of_a_function_stand_beside_it(name: str) -> None:
    properties = functions()[name]
    beside = stacks()[properties["Stack"]]["Resources"]
    logical = "".join(part.title() for part in name.split("_"))
    needed = {f"{logical}Logs", f"{logical}Errors", source_of(properties["Role"], properties["Stack"])[1]}
    for event in properties.get("Events", {}).values():
        if event["Type"] == "SQS":
            queue = source_of(event["Properties"]["Queue"], properties["Stack"])[1]
            needed |= {queue, queue.replace("Queue", "DeadLetters")}
    assert needed <= set(beside)


def test_every_file_of_infra_is_nested() -> None:
    nested = {resource["Properties"]["TemplateURL"] for resource in of_type("AWS::CloudFormation::Stack").values()}
    assert nested == {str(path.relative_to(ROOT)) for path in NESTED}


def test_the_templates_are_written_without_yaml_aliases() -> None:
    """CloudFormation does not promise to read them."""
    for path in [ROOT / "template.yaml", *NESTED]:
        assert load(path)
        tokens = {type(token).__name__ for token in yaml.scan(path.read_text(encoding="utf-8"))}
        assert not tokens & {"AnchorToken", "AliasToken"}, path.name
