"""Read the templates as plain data: short forms written out, references between the nested stacks followed."""

import copy
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "template.yaml"
NESTED_TYPE = "AWS::CloudFormation::Stack"
FUNCTION_TYPE = "AWS::Serverless::Function"

Resource = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation (``!Ref``, ``!GetAtt A.B`` ...)."""


def _short_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def load(path: Path) -> dict[str, Any]:
    """A template as plain data, a new copy at each call."""
    data: dict[str, Any] = yaml.load(_read(path), _Loader)
    return data


@cache
def stacks() -> dict[str, dict[str, Any]]:
    """Every template by the name under which the main one nests it; the main one is ``""``."""
    main = load(MAIN)
    nested = {
        name: load(ROOT / resource["Properties"]["TemplateURL"])
        for name, resource in main["Resources"].items()
        if resource["Type"] == NESTED_TYPE
    }
    return {"": main} | nested


def template_files() -> list[Path]:
    """The main template and those that it nests."""
    return [
        MAIN,
        *(
            ROOT / resource["Properties"]["TemplateURL"]
            for resource in load(MAIN)["Resources"].values()
            if resource["Type"] == NESTED_TYPE
        ),
    ]


def common_to_functions() -> dict[str, Any]:
    """What the templates of the capabilities give to each of their functions; a test holds the copies equal."""
    found: dict[str, Any] = stacks()["Deposits"]["Globals"]["Function"]
    return found


def of_type(wanted: str) -> dict[str, Resource]:
    """Resources of one type in every stack, by logical id."""
    return {
        name: resource
        for template in stacks().values()
        for name, resource in template["Resources"].items()
        if resource["Type"] == wanted
    }


def stack_of(name: str) -> str:
    """The stack that declares the resource with this logical id."""
    (found,) = (stack for stack, template in stacks().items() if name in template["Resources"])
    return found


def functions() -> dict[str, dict[str, Any]]:
    """Properties of each function by its folder name, with what Globals add; ``Stack``: where it is declared."""
    result = {}
    for stack, template in stacks().items():
        common = template.get("Globals", {}).get("Function", {})
        for resource in template["Resources"].values():
            if resource["Type"] != FUNCTION_TYPE:
                continue
            own = resource["Properties"]
            merged = copy.deepcopy(common | own)
            merged["Stack"] = stack
            merged["Layers"] = common.get("Layers", []) + own.get("Layers", [])
            merged["Environment"] = {
                "Variables": common["Environment"]["Variables"] | own.get("Environment", {}).get("Variables", {})
            }
            result[Path(own["CodeUri"]).name] = merged
    return result


def source_of(value: Any, stack: str = "") -> tuple[str, str]:
    """The (stack, logical id) of the resource that an expression stands for, through parameters and outputs."""
    if isinstance(value, dict) and "Fn::If" in value:
        return source_of(value["Fn::If"][2], stack)
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        owner, attribute = value["Fn::GetAtt"]
        if attribute.startswith("Outputs."):
            output = stacks()[owner]["Outputs"][attribute.removeprefix("Outputs.")]["Value"]
            return source_of(output, owner)
        return stack, owner
    if isinstance(value, dict) and "Fn::Sub" in value:
        # a name that is known before what it names exists
        for owner, template in stacks().items():
            for name, entry in template["Resources"].items():
                if entry["Type"] == "AWS::S3::Bucket" and entry["Properties"].get("BucketName") == value:
                    return owner, name
    if isinstance(value, dict) and "Ref" in value:
        name = value["Ref"]
        if name in stacks()[stack]["Resources"]:
            return stack, name
        if stack:
            return source_of(stacks()[""]["Resources"][stack]["Properties"]["Parameters"][name], "")
    return stack, json.dumps(value)


def resource(place: tuple[str, str]) -> Resource:
    """The resource at (stack, logical id)."""
    found: Resource = stacks()[place[0]]["Resources"][place[1]]
    return found


def role_of(properties: dict[str, Any]) -> Resource:
    """The role of a function."""
    return resource(source_of(properties["Role"], properties["Stack"]))


def statements(role: Resource) -> list[dict[str, Any]]:
    """The statements of all policies of a role."""
    return [
        statement
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def as_list(value: Any) -> list[Any]:
    """One thing or several, as a list."""
    return value if isinstance(value, list) else [value]


def deployments() -> dict[str, dict[str, Any]]:
    """What samconfig.toml says of ``sam deploy``, by environment."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))
    return {
        name: section["deploy"]["parameters"]
        for name, section in config.items()
        if isinstance(section, dict) and "stack_name" in section.get("deploy", {}).get("parameters", {})
    }


def parameters_of(environment: str) -> dict[str, str]:
    """The parameters with which an environment is deployed, defaults included."""
    given = deployments()[environment]["parameter_overrides"]
    defaults = {name: str(entry.get("Default", "")) for name, entry in stacks()[""]["Parameters"].items()}
    return defaults | dict(entry.split("=", 1) for entry in given)
