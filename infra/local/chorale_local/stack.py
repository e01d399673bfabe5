"""Create the stack on the local platform from the template of AWS: only the artefacts' paths differ.

The platform cannot bring a nested stack up to date. A kept stack was made from the same templates (``infrastructure``):
only the code of its layers and functions may have changed, and that is given to them directly.
"""

import base64
import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError

from chorale_local.artefacts import STAMP
from chorale_local.emulator import REGION, Emulator
from chorale_local.places import FUNCTIONS, LAYERS, ROOT, TEMPLATE, SetUpError

STACK = "chorale-local"
PREFIX = f"{STACK}-"
"""Before a function's name; the rest is the name of its folder, with dashes."""
ARTEFACTS = "chorale-local-artefacts"
PARAMETERS = {
    "Stage": "sandbox",
    "SimulatedClock": "true",
    "LocalWebhooks": "true",
    "CallsPerMinute": "0",
    "DataPolicy": "Delete",
    "LogRetentionDays": "7",
    # Each function at work is a process here: more of them than cores only wait for each other.
    "ReceptionConcurrency": "2",
    "IntegrationConcurrency": "2",
}
WHOLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
"""Statuses of a stack that can be used."""
WAIT_AT_MOST = 600.0
"""Seconds that the platform may take to create the stack."""
SHA256 = "code-sha256"
"""Metadata of an upload: Lambda's digest of it."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Every entry of a package: equal content makes equal packages."""

Outputs = dict[str, str]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags (``!Ref``, ``!GetAtt``, ...)."""


def _tag(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


def read_template(path: Path) -> dict[str, Any]:
    """A template as plain values, short tags in their long form."""
    values: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # a SafeLoader
    return values


def infrastructure() -> str:
    """A digest of all that the stack is made from, but its code: what a kept stack must have been made from."""
    state = hashlib.sha256(json.dumps(PARAMETERS, sort_keys=True).encode())
    for path in _sources(TEMPLATE):
        state.update(path.read_bytes())
    return state.hexdigest()


def _sources(template: Path) -> Iterator[Path]:
    yield template
    for name, resource in read_template(template)["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::StateMachine":
            yield template.parent / properties["DefinitionUri"]
        elif resource["Type"] == "AWS::CloudFormation::Stack":
            yield from _sources(template.parent / properties["TemplateURL"])
        elif resource["Type"] == "AWS::Serverless::Api":
            yield ROOT / _include(name, properties)["Location"]


def _include(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The parameters with which an API includes its definition."""
    transform = properties.get("DefinitionBody", {}).get("Fn::Transform")
    if transform is None:
        raise SetUpError(f"{name} has no DefinitionBody included from a file.")
    parameters: dict[str, Any] = transform["Parameters"]
    return parameters


class Packager:
    """Uploads what a template refers to and puts the uploads' addresses in its place."""

    def __init__(self, emulator: Emulator) -> None:
        self._s3 = emulator.client("s3")
        try:
            self._s3.create_bucket(Bucket=ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
        except ClientError as error:
            if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
                raise
        listed = self._s3.list_objects_v2(Bucket=ARTEFACTS).get("Contents", [])
        self._there = {entry["Key"] for entry in listed}
        self._used: set[str] = set()
        self.layers: dict[str, str] = {}
        """Keys of the layers' packages, by the layers' logical ids, which are their names too."""
        self.functions: dict[str, str] = {}
        """Keys of the functions' packages, by the functions' folders."""

    def upload(self, content: bytes, suffix: str) -> str:
        """Upload ``content`` under its digest, once; return the key."""
        key = hashlib.sha256(content).hexdigest() + suffix
        self._put(key, lambda: content)
        return key

    def _put(self, key: str, content: Callable[[], bytes]) -> None:
        self._used.add(key)
        if key not in self._there:
            body = content()
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            self._s3.put_object(Bucket=ARTEFACTS, Key=key, Body=body, Metadata={SHA256: digest})
            self._there.add(key)

    def forget_others(self) -> None:
        """Remove what earlier templates referred to."""
        for key in self._there - self._used:
            self._s3.delete_object(Bucket=ARTEFACTS, Key=key)

    def folder(self, folder: Path) -> str:
        """Upload a built folder as a package, once for each time that it was built; return the key."""
        stamp = next((path for path in (folder / STAMP, folder / "python" / "BUILD.json") if path.exists()), None)
        if stamp is None:
            raise SetUpError(f"{folder} was not built: run make build.")
        kind = f"{folder.parent.name}/{folder.name}"
        key = hashlib.sha256(kind.encode() + stamp.read_bytes()).hexdigest() + ".zip"
        self._put(key, lambda: _zipped(folder))
        return key

    def sha256(self, key: str) -> str:
        """The digest of an uploaded package as Lambda tells that of the code it runs."""
        told: str = self._s3.head_object(Bucket=ARTEFACTS, Key=key)["Metadata"].get(SHA256, "")
        return told

    def template(self, path: Path) -> dict[str, Any]:
        """A template whose local paths are replaced by uploads."""
        values = read_template(path)
        for name, resource in values["Resources"].items():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::Serverless::LayerVersion":
                self.layers[name] = self.folder(LAYERS / Path(properties["ContentUri"]).name)
                properties["ContentUri"] = f"s3://{ARTEFACTS}/{self.layers[name]}"
            elif resource["Type"] == "AWS::Serverless::Function":
                folder = Path(properties["CodeUri"]).name
                self.functions[folder] = self.folder(FUNCTIONS / folder)
                properties["CodeUri"] = f"s3://{ARTEFACTS}/{self.functions[folder]}"
            elif resource["Type"] == "AWS::Serverless::StateMachine":
                # AWS takes YAML; the local platform reads JSON only.
                definition = yaml.safe_load((path.parent / properties["DefinitionUri"]).read_text(encoding="utf-8"))
                key = self.upload(json.dumps(definition).encode(), ".asl.json")
                properties["DefinitionUri"] = f"s3://{ARTEFACTS}/{key}"
            elif resource["Type"] == "AWS::CloudFormation::Stack":
                nested = self.template(path.parent / properties["TemplateURL"])
                key = self.upload(json.dumps(nested).encode(), ".json")
                properties["TemplateURL"] = f"https://s3.{REGION}.amazonaws.com/{ARTEFACTS}/{key}"
            elif resource["Type"] == "AWS::Serverless::Api":
                parameters = _include(name, properties)
                content = (ROOT / parameters["Location"]).read_bytes()
                parameters["Location"] = f"s3://{ARTEFACTS}/{self.upload(content, '.yaml')}"
        return values


def deploy(emulator: Emulator, say: Callable[[str], None] = print) -> Outputs:
    """Create the stack, or give a kept one the code that changed; returns its outputs.

    Raises SetUpError naming what failed, or that an earlier start left a stack that cannot be used.
    """
    packager = Packager(emulator)
    template = packager.template(TEMPLATE)
    cloudformation = emulator.client("cloudformation")
    status = _status(cloudformation)
    if status is None:
        say("  creating the stack ...")
        _create(cloudformation, template)
    else:
        demand_whole(status)
        _renew_code(emulator.client("lambda"), packager, say)
    outputs = _wait(cloudformation)
    packager.forget_others()
    return outputs


def _create(cloudformation: Any, template: dict[str, Any]) -> None:
    try:
        cloudformation.create_stack(
            StackName=STACK,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except ClientError as error:
        raise SetUpError(f"The template was refused: {error}") from error


def _status(cloudformation: Any) -> str | None:
    """The status of the stack of an earlier start, None when there is none."""
    try:
        status: str = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    except ClientError:
        return None
    return status


def demand_whole(status: str) -> None:
    """Raise SetUpError, with the way out, when an earlier start left the stack in a status that cannot be used."""
    if status not in WHOLE:
        raise SetUpError(
            f"An earlier start left the stack {status}, which the local platform cannot mend: "
            "make reset removes this hub with its data, make run then starts with an empty one."
        )


def _renew_code(client: Any, packager: Packager, say: Callable[[str], None]) -> None:
    """Give the layers and functions of the kept stack the packages that differ from what they run.

    What runs is asked of the platform: a start that is cut off here is made good by the next one. An update also ends
    the warm processes of a function.
    """
    pages = client.get_paginator("list_functions").paginate()
    functions = [entry for page in pages for entry in page["Functions"] if entry["FunctionName"].startswith(PREFIX)]
    used = {layer["Arn"] for function in functions for layer in function["Layers"]}
    newer = {arn: new for arn in sorted(used) if (new := _newer_layer(client, packager, arn)) is not None}
    renewed = [_name_of_layer(arn) for arn in newer]
    for function in functions:
        name, attached = function["FunctionName"], [layer["Arn"] for layer in function["Layers"]]
        key = packager.functions[name.removeprefix(PREFIX).replace("-", "_")]
        if function["CodeSha256"] != packager.sha256(key):
            client.update_function_code(FunctionName=name, S3Bucket=ARTEFACTS, S3Key=key)
            renewed.append(name)
        if not newer.keys().isdisjoint(attached):
            client.update_function_configuration(FunctionName=name, Layers=[newer.get(arn, arn) for arn in attached])
    for arn in newer:
        client.delete_layer_version(LayerName=_name_of_layer(arn), VersionNumber=int(arn.rsplit(":", 1)[1]))
    if renewed:
        say(f"  new code in the kept stack: {', '.join(renewed)}")


def _newer_layer(client: Any, packager: Packager, arn: str) -> str | None:
    """Publish the package of a layer when the version ``arn`` has another; the new version's ARN."""
    name = _name_of_layer(arn)
    current, key = client.get_layer_version_by_arn(Arn=arn), packager.layers[name]
    if current["Content"]["CodeSha256"] == packager.sha256(key):
        return None
    published: str = client.publish_layer_version(
        LayerName=name,
        Content={"S3Bucket": ARTEFACTS, "S3Key": key},
        CompatibleRuntimes=current["CompatibleRuntimes"],
        CompatibleArchitectures=current["CompatibleArchitectures"],
    )["LayerVersionArn"]
    return published


def _name_of_layer(arn: str) -> str:
    return arn.split(":")[-2]


def _wait(cloudformation: Any) -> Outputs:
    until = time.monotonic() + WAIT_AT_MOST
    while True:
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        status = stack["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            break
        if time.monotonic() > until:
            raise SetUpError(f"The stack is still {status} after {WAIT_AT_MOST:.0f} s.")
        time.sleep(0.05)
    if status not in WHOLE:
        raise SetUpError(f"The stack is {status}: {_failure(cloudformation) or stack.get('StackStatusReason', '')}")
    return {entry["OutputKey"]: entry["OutputValue"] for entry in stack.get("Outputs", [])}


def _failure(cloudformation: Any) -> str:
    for event in reversed(cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]):
        if event["ResourceStatus"].endswith("_FAILED") and event.get("ResourceStatusReason"):
            return f"{event['LogicalResourceId']}: {event['ResourceStatusReason']}"
    return ""


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != STAMP:
                entry = zipfile.ZipInfo(str(path.relative_to(folder)), ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                package.writestr(entry, path.read_bytes())
    return packed.getvalue()
