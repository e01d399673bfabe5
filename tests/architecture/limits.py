"""What AWS takes at most, as a table, measured on the templates as they are deployed.

A row says the limit, its source and how it is measured. A new limit is a new row: the list of
``infra/runbooks/first-deployment.md`` is printed from it, and ``test_limits.py`` measures and breaks every row.
"""

import copy
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from chorale.apidoc.openapi import public_document
from chorale.apidoc.page import render
from chorale_local.places import FUNCTIONS, LAYERS
from chorale_local.stack import read_template

from tests.architecture.cloudformation import ROOT, deployments, load, parameters_of, template_files
from tests.architecture.translation import translated

Use = tuple[str, float]
"""What is measured, and how much of the limit's unit it has."""
Document = dict[str, Any]

CLOUDFORMATION = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"
INCLUDE = "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1752"
GATEWAY = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html"
GATEWAY_ACCOUNT = "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
GATEWAY_IMPORT = "https://docs.aws.amazon.com/apigateway/latest/api/API_ImportRestApi.html"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
LAMBDA_FUNCTION = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"
LAMBDA_LAYER = "https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html"
LAMBDA_QUEUES = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"
LAMBDA_FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"
IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
SQS_QUEUE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html"
SQS_POLICY = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"
SQS_ATTRIBUTES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"
S3_NAME = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
S3_POLICY = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html"
S3_LIFECYCLE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html"
DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"
EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
EVENTS_RULE = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"
ALARMS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"
LOGS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
STEP_FUNCTIONS = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
SNS = "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"

STACK = max((section["stack_name"] for section in deployments().values()), key=len)
"""The longest name that a stack of samconfig.toml has: names are measured with it."""
PSEUDO = {
    "AWS::StackName": STACK,
    "StackPrefix": STACK,
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-3",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
    "Stage": "production",
}
UNKNOWN, UNKNOWN_ARN = "n" * 64, "a" * 128
"""For what only the deployment knows: longer than the names and the ARNs that it gives."""


@dataclass
class Deployment:
    """Everything that a deployment hands over to AWS. A test changes a copy of it to break a limit."""

    written: dict[str, Document]
    """The templates as SAM uploads them, by file name."""
    deployed: dict[str, Document]
    """The same after SAM's transformation, includes in their place."""
    includes: dict[str, int]
    """Bytes of each included file."""
    hub_template: int
    """Bytes of the main template as ``make run`` hands it to the local platform, inside the request."""
    unpacked: dict[str, int]
    """Bytes of each built function and layer, by the folder that the template names."""
    packed: dict[str, int]
    """The same as a ZIP."""
    answers: dict[str, int]
    """Bytes of what ``api_docs`` serves from code, as Lambda returns it."""
    environments: dict[str, dict[str, str]]
    """Parameters of each environment."""
    tags: dict[str, list[str]] = field(default_factory=dict)
    """Tags of each environment's stack."""

    def of_type(self, kind: str) -> Iterator[tuple[str, Document]]:
        """(logical id, properties) of every resource of a type as deployed."""
        for template in self.deployed.values():
            for name, resource in template["Resources"].items():
                if resource["Type"] == kind:
                    yield name, resource.get("Properties", {})


@cache
def _deployment() -> Deployment:
    files = template_files()
    locations = [include for path in files for include in _included(load(path))]
    folders = {f"functions/{path.name}": path for path in FUNCTIONS.iterdir()} | {
        f"layers/{path.name}": path for path in LAYERS.iterdir()
    }
    description = public_document()
    return Deployment(
        written={path.name: load(path) for path in files},
        deployed={path.name: json.loads(json.dumps(translated(path), default=str)) for path in files},
        includes={location: (ROOT / location).stat().st_size for location in locations},
        hub_template=len(json.dumps(read_template(files[0]))),
        unpacked={name: _unpacked(path) for name, path in folders.items()},
        packed={name: _packed(path) for name, path in folders.items()},
        answers={
            # Lambda answers in JSON: what is text becomes a JSON text once more
            "/docs/openapi.json": len(
                json.dumps(json.dumps(description, ensure_ascii=False), ensure_ascii=False).encode()
            ),
            "/docs": len(json.dumps(render(description), ensure_ascii=False).encode()),
        },
        environments={name: parameters_of(name) for name in deployments()},
        tags={name: section.get("tags", "").split() for name, section in deployments().items()},
    )


def deployment() -> Deployment:
    """What the project deploys now, a new copy at each call."""
    return copy.deepcopy(_deployment())


def _included(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("Name") == "AWS::Include":
            yield value["Parameters"]["Location"]
        for entry in value.values():
            yield from _included(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _included(entry)


def _unpacked(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _packed(folder: Path) -> int:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:  # SAM builds without them
                package.write(path, path.relative_to(folder))
    return packed.tell()


def resolved(value: Any) -> Any:
    """``value`` with its expressions worked out, as long as they can become: of two branches the longer one."""
    if isinstance(value, list):
        return [resolved(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function in ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Join"):
            return _worked_out(function, argument)
    return {key: resolved(entry) for key, entry in value.items() if entry != {"Ref": "AWS::NoValue"}}


def _worked_out(function: str, argument: Any) -> Any:
    match function:
        case "Ref":
            return _stands_for(argument)
        case "Fn::GetAtt":
            return UNKNOWN_ARN
        case "Fn::Sub":
            text, given = (argument, {}) if isinstance(argument, str) else argument
            known = {name: str(resolved(entry)) for name, entry in given.items()}
            return re.sub(r"\$\{([\w:.]+)\}", lambda found: known.get(found[1]) or _stands_for(found[1]), text)
        case "Fn::If":
            return max((resolved(branch) for branch in argument[1:]), key=_size)
        case _:
            separator, parts = argument
            return separator.join(str(resolved(part)) for part in parts)


def _stands_for(name: str) -> str:
    return PSEUDO.get(name) or (UNKNOWN_ARN if name.endswith("Arn") or "." in name else UNKNOWN)


def _size(value: Any) -> int:
    """Bytes of a value as JSON without spaces, its expressions worked out."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode())


def _characters(value: Any) -> int:
    """Characters of a policy as IAM counts them: without white space."""
    return len(re.sub(r"\s", "", json.dumps(resolved(value), separators=(",", ":"), ensure_ascii=False)))


def _number(value: Any, environments: dict[str, dict[str, str]]) -> float:
    """A number of the template, or the highest that an environment gives to the parameter that stands for it."""
    if isinstance(value, dict):
        return max(float(parameters[value["Ref"]]) for parameters in environments.values())
    return float(value)


# Ways of measuring

Measure = Callable[[Deployment], Iterator[Use]]


def _each_template(amount: Callable[[Document], float]) -> Measure:
    def measure(of: Deployment) -> Iterator[Use]:
        yield from ((name, amount(template)) for name, template in of.deployed.items())

    return measure


def _section(name: str) -> Measure:
    return _each_template(lambda template: len(template.get(name, {})))


def _entries(section: str, amount: Callable[[str, Any], float]) -> Measure:
    """Something of every entry of a section of every template."""

    def measure(of: Deployment) -> Iterator[Use]:
        for template in of.deployed.values():
            yield from ((name, amount(name, entry)) for name, entry in template.get(section, {}).items())

    return measure


def _each(kind: str, amount: Callable[[Document], float]) -> Measure:
    """Something of every resource of a type."""

    def measure(of: Deployment) -> Iterator[Use]:
        yield from ((name, amount(properties)) for name, properties in of.of_type(kind))

    return measure


def _length(kind: str, key: str) -> Measure:
    """Characters of a text property, where it is given: CloudFormation cuts the names that it makes by itself."""
    return _each(kind, lambda properties: len(str(resolved(properties.get(key, "")))))


def _many(kind: str, *path: str) -> Measure:
    """Entries of a list property."""

    def amount(properties: Document) -> float:
        found: Any = properties
        for key in path:
            found = found.get(key, {})
        return len(found)

    return _each(kind, amount)


def _policies(kind: str) -> Measure:
    return _each(kind, lambda properties: _size(resolved(properties["PolicyDocument"])))


def _statements(kind: str, amount: Callable[[list[Document]], float]) -> Measure:
    return _each(kind, lambda properties: amount(properties["PolicyDocument"]["Statement"]))


def _includes(of: Deployment) -> Iterator[Use]:
    yield from of.includes.items()


def _templates(of: Deployment) -> Iterator[Use]:
    for name, template in of.written.items():
        yield f"{name} as uploaded", _size(json.loads(json.dumps(template, default=str)))
    for name, template in of.deployed.items():
        yield f"{name} as transformed", len(json.dumps(template))


def _hub_template(of: Deployment) -> Iterator[Use]:
    yield "template.yaml", of.hub_template


def _paths(of: Deployment) -> Iterator[Use]:
    for name, properties in of.of_type("AWS::ApiGateway::RestApi"):
        places = {"/"}
        for path in properties["Body"]["paths"]:
            parts = path.strip("/").split("/")
            places |= {"/".join(parts[: depth + 1]) for depth in range(len(parts))}
        yield name, len(places)


def _functions_of_the_api(of: Deployment) -> Iterator[Use]:
    for name, properties in of.of_type("AWS::Lambda::Function"):
        if name.startswith("Api"):
            yield name, properties["Timeout"]


def _throttling(key: str) -> Measure:
    def measure(of: Deployment) -> Iterator[Use]:
        for name, properties in of.of_type("AWS::ApiGateway::Stage"):
            for settings in properties["MethodSettings"]:
                yield name, _number(settings[key], of.environments)

    return measure


def _code(of: Deployment) -> Iterator[Use]:
    """Each function with its layers, as written: after the transformation their folders are addresses."""
    main = of.written["template.yaml"]["Resources"]
    for template in of.written.values():
        for name, resource in template["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                properties = resource["Properties"]
                # a nested stack gets a layer as a parameter that is called like the layer
                layers = template["Globals"]["Function"]["Layers"] + properties.get("Layers", [])
                folders = [main[layer["Ref"]]["Properties"]["ContentUri"] for layer in layers]
                folders.append(properties["CodeUri"].removeprefix("../../"))
                yield name, sum(of.unpacked[folder] for folder in folders)


def _packages(of: Deployment) -> Iterator[Use]:
    yield from of.packed.items()


def _answers(of: Deployment) -> Iterator[Use]:
    yield from of.answers.items()


def _function_policies(of: Deployment) -> Iterator[Use]:
    """Who may call a function: its permissions make one policy, each a statement of this form."""
    sizes: dict[str, int] = {}
    for _, properties in of.of_type("AWS::Lambda::Permission"):
        called = json.dumps(properties["FunctionName"])
        statement = {
            "Sid": UNKNOWN, "Effect": "Allow", "Principal": {"Service": properties["Principal"]},
            "Action": properties["Action"], "Resource": UNKNOWN_ARN,
            "Condition": {"ArnLike": {"AWS:SourceArn": resolved(properties.get("SourceArn", ""))}},
        }  # fmt: skip
        sizes[called] = sizes.get(called, 60) + _size(statement)
    yield from sizes.items()


def _visibility(of: Deployment) -> Iterator[Use]:
    """Timeout of a function as a share of the time for which a message that it reads stays hidden."""
    queues = dict(of.of_type("AWS::SQS::Queue"))
    functions = dict(of.of_type("AWS::Lambda::Function"))
    for name, properties in of.of_type("AWS::Lambda::EventSourceMapping"):
        owner, attribute = properties["EventSourceArn"].get("Fn::GetAtt", ["", ""])
        queue = queues.get(owner) or queues.get(attribute.removeprefix("Outputs.").removesuffix("Arn"))
        if queue:
            timeout = functions[properties["FunctionName"]["Ref"]]["Timeout"]
            yield name, 100 * timeout / queue["VisibilityTimeout"]


def _batches_of_queues(of: Deployment) -> Iterator[Use]:
    for name, properties in of.of_type("AWS::Lambda::EventSourceMapping"):
        if "Queue" in json.dumps(properties["EventSourceArn"]) and not properties.get("MaximumBatchingWindowInSeconds"):
            yield name, properties["BatchSize"]


def _filters(of: Deployment) -> Iterator[Use]:
    for name, properties in of.of_type("AWS::Lambda::EventSourceMapping"):
        for given in properties.get("FilterCriteria", {}).get("Filters", []):
            yield name, len(given["Pattern"])


def _environment(properties: Document) -> float:
    return _size(resolved(properties.get("Environment", {}).get("Variables", {})))


def _inline_policies(properties: Document) -> float:
    return sum(_characters(policy["PolicyDocument"]) for policy in properties.get("Policies", []))


def _policy_names(of: Deployment) -> Iterator[Use]:
    for name, properties in of.of_type("AWS::IAM::Role"):
        for policy in properties.get("Policies", []):
            yield name, len(policy["PolicyName"])


def _projections(properties: Document) -> float:
    indexes = properties.get("GlobalSecondaryIndexes", [])
    return sum(len(index["Projection"].get("NonKeyAttributes", [])) for index in indexes)


def _widgets(properties: Document) -> float:
    body = re.sub(r"\$\{[^}]+\}", "x", properties["DashboardBody"]["Fn::Sub"])
    return len(json.loads(body)["widgets"])


def _rules_of_a_bus(of: Deployment) -> Iterator[Use]:
    counted: dict[str, int] = {}
    for _, properties in of.of_type("AWS::Events::Rule"):
        bus = json.dumps(properties.get("EventBusName", "default"))
        counted[bus] = counted.get(bus, 0) + 1
    yield from counted.items()


def _state_machines(of: Deployment) -> Iterator[Use]:
    for name, properties in of.of_type("AWS::StepFunctions::StateMachine"):
        yield name, len(json.dumps(properties["Definition"]))


def _stack_names(of: Deployment) -> Iterator[Use]:
    """A nested stack is called <parent>-<logical id>-<12 or 13 letters>."""
    for name, _ in of.of_type("AWS::CloudFormation::Stack"):
        yield name, len(f"{STACK}-{name}-{'x' * 13}")


def _stack_tags(of: Deployment) -> Iterator[Use]:
    yield from ((name, len(tags)) for name, tags in of.tags.items())


def _references(template: Document) -> float:
    return len(set(re.findall(r"\{\{resolve:[^}]+\}\}", json.dumps(template))))


def _text(value: Any) -> int:
    return len(str(value or "").encode())


@dataclass(frozen=True)
class Limit:
    """``most`` of ``unit`` may be there; ``raised``: AWS gives more to an account that asks."""

    service: str
    what: str
    most: float
    unit: str
    source: str
    measured: str
    uses: Measure
    raised: bool = False

    def shares(self, of: Deployment) -> dict[str, float]:
        """What is measured -> how much of the limit it takes, 1 being all."""
        return {what: amount / self.most for what, amount in self.uses(of)}

    def exceeded(self, of: Deployment) -> list[str]:
        """What is beyond the limit."""
        return [what for what, share in self.shares(of).items() if share > 1]


LIMITS = (
    Limit("CloudFormation", "file of an AWS::Include", 450_000, "bytes", INCLUDE, "size of the file", _includes),
    Limit("CloudFormation", "template in S3, before and after transforms", 1_000_000, "bytes", CLOUDFORMATION,
          "template as JSON, includes and state machines in their place", _templates),
    Limit("CloudFormation", "template inside a request", 51_200, "bytes", CLOUDFORMATION,
          "main template as make run sends it; sam deploy goes through S3", _hub_template),
    Limit("CloudFormation", "resources of a template", 500, "", CLOUDFORMATION, "after SAM's transform",
          _section("Resources")),
    Limit("CloudFormation", "parameters of a template", 200, "", CLOUDFORMATION, "after SAM's transform",
          _section("Parameters")),
    Limit("CloudFormation", "outputs of a template", 200, "", CLOUDFORMATION, "after SAM's transform",
          _section("Outputs")),
    Limit("CloudFormation", "mappings of a template", 200, "", CLOUDFORMATION, "after SAM's transform",
          _section("Mappings")),
    Limit("CloudFormation", "attributes of a mapping", 200, "", CLOUDFORMATION, "keys of each mapping",
          _entries("Mappings", lambda _name, entry: len(entry))),
    Limit("CloudFormation", "logical id of a resource", 255, "characters", CLOUDFORMATION, "after SAM's transform",
          _entries("Resources", lambda name, _: len(name))),
    Limit("CloudFormation", "name of a parameter", 255, "characters", CLOUDFORMATION, "as written",
          _entries("Parameters", lambda name, _: len(name))),
    Limit("CloudFormation", "name of an output", 255, "characters", CLOUDFORMATION, "as written",
          _entries("Outputs", lambda name, _: len(name))),
    Limit("CloudFormation", "value of a parameter", 4_096, "bytes", CLOUDFORMATION, "its default",
          _entries("Parameters", lambda _, entry: _text(entry.get("Default")))),
    Limit("CloudFormation", "description of a parameter", 4_000, "characters", CLOUDFORMATION, "as written",
          _entries("Parameters", lambda _, entry: len(entry.get("Description", "")))),
    Limit("CloudFormation", "description of an output", 1_024, "bytes", CLOUDFORMATION, "as written",
          _entries("Outputs", lambda _, entry: _text(entry.get("Description")))),
    Limit("CloudFormation", "description of a template", 1_024, "bytes", CLOUDFORMATION, "as written",
          _each_template(lambda template: _text(template.get("Description")))),
    Limit("CloudFormation", "dynamic references of a template", 60, "", CLOUDFORMATION, "{{resolve:...}}",
          _each_template(_references)),
    Limit("CloudFormation", "name of a stack", 128, "characters", CLOUDFORMATION,
          "of a nested stack, under the longest name of samconfig.toml", _stack_names),
    Limit("CloudFormation", "tags of a stack", 50, "", CLOUDFORMATION, "samconfig.toml", _stack_tags),
    Limit("API Gateway", "resources of an API", 300, "", GATEWAY, "every place of the paths' tree, its root too",
          _paths, raised=True),
    Limit("API Gateway", "definition of an API", 6_291_456, "bytes", GATEWAY_IMPORT, "included definition as JSON",
          _each("AWS::ApiGateway::RestApi", lambda properties: len(json.dumps(properties["Body"])))),
    Limit("API Gateway", "time for an integration", 29, "seconds", GATEWAY, "timeout of each function of the API",
          _functions_of_the_api, raised=True),
    Limit("API Gateway", "calls a second, all APIs of an account", 10_000, "", GATEWAY_ACCOUNT,
          "ApiRate of each environment", _throttling("ThrottlingRateLimit"), raised=True),
    Limit("API Gateway", "burst of calls, all APIs of an account", 5_000, "", GATEWAY_ACCOUNT,
          "ApiBurst of each environment", _throttling("ThrottlingBurstLimit")),
    Limit("Lambda", "layers of a function", 5, "", LAMBDA, "its own and those of Globals",
          _many("AWS::Lambda::Function", "Layers")),
    Limit("Lambda", "function and layers, unpacked", 262_144_000, "bytes", LAMBDA, "what is under build/", _code),
    Limit("Lambda", "ZIP of a function or layer, not through S3", 52_428_800, "bytes", LAMBDA,
          "what is under build/, packed; sam deploy goes through S3", _packages),
    Limit("Lambda", "environment of a function", 4_096, "bytes", LAMBDA,
          "as JSON, names that AWS makes at their longest", _each("AWS::Lambda::Function", _environment)),
    Limit("Lambda", "timeout of a function", 900, "seconds", LAMBDA, "as written",
          _each("AWS::Lambda::Function", lambda properties: properties["Timeout"])),
    Limit("Lambda", "memory of a function", 10_240, "MB", LAMBDA, "as written",
          _each("AWS::Lambda::Function", lambda properties: properties["MemorySize"])),
    Limit("Lambda", "name of a function", 64, "characters", LAMBDA_FUNCTION,
          "under the longest stack name of samconfig.toml", _length("AWS::Lambda::Function", "FunctionName")),
    Limit("Lambda", "description of a function", 256, "characters", LAMBDA_FUNCTION, "as written",
          _length("AWS::Lambda::Function", "Description")),
    Limit("Lambda", "description of a layer", 256, "characters", LAMBDA_LAYER, "as written",
          _length("AWS::Lambda::LayerVersion", "Description")),
    Limit("Lambda", "name of a layer", 140, "characters", LAMBDA_LAYER, "as written",
          _length("AWS::Lambda::LayerVersion", "LayerName")),
    Limit("Lambda", "who may call a function", 20_480, "bytes", LAMBDA, "its permissions, each as a statement",
          _function_policies),
    Limit("Lambda", "answer of a function", 6_291_456, "bytes", LAMBDA, "description and page that api_docs serves",
          _answers),
    Limit("Lambda", "timeout of a function that reads a queue", 100, "% of the queue's visibility", LAMBDA_QUEUES,
          "a mapping is refused beyond; AWS advises a sixth", _visibility),
    Limit("Lambda", "messages of a batch without a window", 10, "", LAMBDA_QUEUES, "each mapping that reads a queue",
          _batches_of_queues),
    Limit("Lambda", "filters of a mapping", 5, "", LAMBDA_FILTERS, "as written",
          _many("AWS::Lambda::EventSourceMapping", "FilterCriteria", "Filters"), raised=True),
    Limit("Lambda", "pattern of a filter", 4_096, "characters", LAMBDA_FILTERS, "as written", _filters),
    Limit("IAM", "inline policies of a role, together", 10_240, "characters", IAM,
          "without white space, names that AWS makes at their longest",
          _each("AWS::IAM::Role", _inline_policies)),
    Limit("IAM", "who may take a role", 2_048, "characters", IAM, "without white space",
          _each("AWS::IAM::Role", lambda role: _characters(role["AssumeRolePolicyDocument"])), raised=True),
    Limit("IAM", "managed policies of a role", 10, "", IAM, "as written", _many("AWS::IAM::Role", "ManagedPolicyArns"),
          raised=True),
    Limit("IAM", "name of a role", 64, "characters", IAM, "where one is given", _length("AWS::IAM::Role", "RoleName")),
    Limit("IAM", "name of a policy", 128, "characters", IAM, "as written", _policy_names),
    Limit("SQS", "policy of a queue", 8_192, "bytes", SQS_POLICY, "names that AWS makes at their longest",
          _policies("AWS::SQS::QueuePolicy")),
    Limit("SQS", "statements of a policy", 20, "", SQS_POLICY, "as written", _statements("AWS::SQS::QueuePolicy", len)),
    Limit("SQS", "actions of a statement", 7, "", SQS_POLICY, "the longest list",
          _statements("AWS::SQS::QueuePolicy", lambda all_: max(_listed(one["Action"]) for one in all_))),
    Limit("SQS", "conditions of a policy", 10, "", SQS_POLICY, "operators of all statements",
          _statements("AWS::SQS::QueuePolicy", lambda all_: sum(len(one.get("Condition", {})) for one in all_))),
    Limit("SQS", "name of a queue", 80, "characters", SQS_QUEUE, "where one is given",
          _length("AWS::SQS::Queue", "QueueName")),
    Limit("SQS", "visibility of a message", 43_200, "seconds", SQS_ATTRIBUTES, "as written",
          _each("AWS::SQS::Queue", lambda properties: properties.get("VisibilityTimeout", 30))),
    Limit("SQS", "retention of a message", 1_209_600, "seconds", SQS_ATTRIBUTES, "as written",
          _each("AWS::SQS::Queue", lambda properties: properties.get("MessageRetentionPeriod", 345_600))),
    Limit("S3", "name of a bucket", 63, "characters", S3_NAME, "under the longest stack name of samconfig.toml",
          _length("AWS::S3::Bucket", "BucketName")),
    Limit("S3", "policy of a bucket", 20_480, "bytes", S3_POLICY, "names that AWS makes at their longest",
          _policies("AWS::S3::BucketPolicy")),
    Limit("S3", "lifecycle rules of a bucket", 1_000, "", S3_LIFECYCLE, "as written",
          _many("AWS::S3::Bucket", "LifecycleConfiguration", "Rules")),
    Limit("DynamoDB", "global indexes of a table", 20, "", DYNAMODB, "as written",
          _many("AWS::DynamoDB::Table", "GlobalSecondaryIndexes"), raised=True),
    Limit("DynamoDB", "attributes that indexes of a table repeat", 100, "", DYNAMODB, "NonKeyAttributes of all indexes",
          _each("AWS::DynamoDB::Table", _projections)),
    Limit("EventBridge", "targets of a rule", 5, "", EVENTS, "as written", _many("AWS::Events::Rule", "Targets")),
    Limit("EventBridge", "rules of a bus", 300, "", EVENTS, "as written", _rules_of_a_bus, raised=True),
    Limit("EventBridge", "pattern of a rule", 2_048, "characters", EVENTS, "as JSON",
          _each("AWS::Events::Rule", lambda rule: _size(resolved(rule.get("EventPattern", {})))), raised=True),
    Limit("EventBridge", "name of a rule", 64, "characters", EVENTS_RULE, "where one is given",
          _length("AWS::Events::Rule", "Name")),
    Limit("EventBridge", "description of a rule", 512, "characters", EVENTS_RULE, "as written",
          _length("AWS::Events::Rule", "Description")),
    Limit("CloudWatch", "name of an alarm", 255, "characters", ALARMS, "where one is given",
          _length("AWS::CloudWatch::Alarm", "AlarmName")),
    Limit("CloudWatch", "description of an alarm", 1_024, "characters", ALARMS, "as written",
          _length("AWS::CloudWatch::Alarm", "AlarmDescription")),
    Limit("CloudWatch", "actions of an alarm", 5, "", CLOUDWATCH, "as written",
          _many("AWS::CloudWatch::Alarm", "AlarmActions")),
    Limit("CloudWatch", "widgets of a dashboard", 500, "", CLOUDWATCH, "as written",
          _each("AWS::CloudWatch::Dashboard", _widgets)),
    Limit("CloudWatch", "name of a dashboard", 255, "characters", CLOUDWATCH, "as written",
          _length("AWS::CloudWatch::Dashboard", "DashboardName")),
    Limit("CloudWatch", "name of a log group", 512, "characters", LOGS,
          "under the longest stack name of samconfig.toml", _length("AWS::Logs::LogGroup", "LogGroupName")),
    Limit("Step Functions", "definition of a state machine", 1_048_576, "bytes", STEP_FUNCTIONS, "as JSON",
          _state_machines),
    Limit("Step Functions", "name of a state machine", 80, "characters", STEP_FUNCTIONS,
          "under the longest stack name of samconfig.toml",
          _length("AWS::StepFunctions::StateMachine", "StateMachineName")),
    Limit("SNS", "display name of a topic", 100, "characters", SNS, "as written",
          _length("AWS::SNS::Topic", "DisplayName")),
)  # fmt: skip

NEAR = 0.8
"""From this share of a limit on, somebody has to look."""
KNOWN_NEAR = {
    "time for an integration": "a function is given all the time that the gateway waits",
    "messages of a batch without a window": "counters are written ten events at a time, without waiting for more",
    "retention of a message": "work that was given up is kept as long as SQS can",
}
"""Limits that are nearly reached, and why that is left so."""


def _listed(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1


def near(of: Deployment) -> dict[str, str]:
    """The limits of which more than ``NEAR`` is taken: what -> by what, and how much."""
    found = {}
    for limit in LIMITS:
        shares = limit.shares(of)
        what, share = max(shares.items(), key=lambda entry: entry[1], default=("", 0.0))
        if share > NEAR:
            found[limit.what] = f"{what}: {share:.0%} of {limit.most:,} {limit.unit}".strip()
    return found


def longest_stack_name() -> int:
    """Characters that a stack name may have before a name made of it is too long for AWS."""
    of = deployment()
    named = [limit for limit in LIMITS if limit.unit == "characters" and limit.what.startswith("name of a")]
    return len(STACK) + min(
        int(limit.most - amount) for limit in named for _, amount in limit.uses(of) if amount > len(STACK)
    )
