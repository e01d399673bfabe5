"""SAM to CloudFormation without AWS, so that the linter sees what will be deployed.

Three things that the deployment does elsewhere are done here: code and layers get the address of a package, an included
definition is put in its place, and the definition of a state machine is put inline, where cfn-lint checks it.
"""

from pathlib import Path
from typing import Any

import boto3
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tests.architecture.cloudformation import NESTED_TYPE, ROOT, load

PACKAGE = "s3://packages/key.zip"
NESTED = "https://packages.s3.eu-west-3.amazonaws.com/key.template"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"


def translated(path: Path) -> dict[str, Any]:
    """The CloudFormation template that a SAM template becomes; one without SAM resources stays as it is."""
    template = load(path)
    template = _included(template)
    definitions: dict[str, Any] = {}
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        for address in ("CodeUri", "ContentUri"):
            if address in properties:
                properties[address] = PACKAGE
        if resource["Type"] == NESTED_TYPE:
            properties["TemplateURL"] = NESTED
        if "DefinitionUri" in properties:
            definition = path.parent / properties.pop("DefinitionUri")
            definitions[name] = yaml.safe_load(definition.read_text(encoding="utf-8"))
            properties["Definition"] = definitions[name]
    if "AWS::Serverless" not in str(template.get("Transform", "")):
        return template
    session = boto3.Session(region_name="eu-west-3")
    result: dict[str, Any] = Translator({}, Parser(), None, session).translate(template, {})
    for name, definition in definitions.items():
        properties = result["Resources"][name]["Properties"]
        properties.pop("DefinitionString", None)
        properties["Definition"] = definition
    return result


def _included(value: Any) -> Any:
    """``value`` with every included file in its place."""
    if isinstance(value, dict):
        transform = value.get("Fn::Transform")
        if isinstance(transform, dict) and transform["Name"] == "AWS::Include":
            return yaml.safe_load((ROOT / transform["Parameters"]["Location"]).read_text(encoding="utf-8"))
        return {key: _included(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_included(entry) for entry in value]
    return value
