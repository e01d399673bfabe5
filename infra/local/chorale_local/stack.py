"""Create the stack on the local platform from the template of AWS: only the artefacts' paths differ."""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError

from chorale_local.artefacts import STAMP
from chorale_local.emulator import REGION, Emulator
from chorale_local.places import FUNCTIONS, LAYERS, ROOT, TEMPLATE, SetUpError

STACK = "chorale-local"
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
WAIT_AT_MOST = 120.0
"""Seconds that the platform may take to create the stack."""
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

    def upload(self, content: bytes, suffix: str) -> str:
        """Upload ``content`` under its digest, once; return the key."""
        key = hashlib.sha256(content).hexdigest() + suffix
        if key not in self._there:
            self._s3.put_object(Bucket=ARTEFACTS, Key=key, Body=content)
            self._there.add(key)
        return key

    def folder(self, folder: Path) -> str:
        """Upload a built folder as a package; return its ``s3://`` address."""
        if not (folder / STAMP).exists() and not any(folder.iterdir()):
            raise SetUpError(f"{folder} was not built: run make build.")
        return f"s3://{ARTEFACTS}/{self.upload(_zipped(folder), '.zip')}"

    def template(self, path: Path) -> dict[str, Any]:
        """A template whose local paths are replaced by uploads."""
        values = read_template(path)
        for name, resource in values["Resources"].items():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = self.folder(LAYERS / Path(properties["ContentUri"]).name)
            elif resource["Type"] == "AWS::Serverless::Function":
                properties["CodeUri"] = self.folder(FUNCTIONS / Path(properties["CodeUri"]).name)
            elif resource["Type"] == "AWS::Serverless::StateMachine":
                # AWS takes YAML; the local platform reads JSON only.
                definition = yaml.safe_load((ROOT / properties["DefinitionUri"]).read_text(encoding="utf-8"))
                key = self.upload(json.dumps(definition).encode(), ".asl.json")
                properties["DefinitionUri"] = f"s3://{ARTEFACTS}/{key}"
            elif resource["Type"] == "AWS::CloudFormation::Stack":
                nested = self.template(path.parent / properties["TemplateURL"])
                key = self.upload(json.dumps(nested).encode(), ".json")
                properties["TemplateURL"] = f"https://s3.{REGION}.amazonaws.com/{ARTEFACTS}/{key}"
            elif resource["Type"] == "AWS::Serverless::Api":
                self._include(name, properties)
        return values

    def _include(self, name: str, properties: dict[str, Any]) -> None:
        transform = properties.get("DefinitionBody", {}).get("Fn::Transform")
        if transform is None:
            raise SetUpError(f"{name} has no DefinitionBody included from a file.")
        content = (ROOT / transform["Parameters"]["Location"]).read_bytes()
        transform["Parameters"]["Location"] = f"s3://{ARTEFACTS}/{self.upload(content, '.yaml')}"


def deploy(emulator: Emulator, say: Callable[[str], None] = print) -> Outputs:
    """Create the stack, or bring it up to date; returns its outputs. Raises SetUpError naming what failed."""
    body = json.dumps(Packager(emulator).template(TEMPLATE))
    cloudformation = emulator.client("cloudformation")
    request = {
        "StackName": STACK,
        "TemplateBody": body,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        if _exists(cloudformation):
            cloudformation.update_stack(**request)
            say("  updating the stack ...")
        else:
            cloudformation.create_stack(**request)
            say("  creating the stack ...")
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise SetUpError(f"The template was refused: {error}") from error
    return _wait(cloudformation)


def _exists(cloudformation: Any) -> bool:
    try:
        cloudformation.describe_stacks(StackName=STACK)
    except ClientError:
        return False
    return True


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
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
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
