"""Would IAM allow it? The part of its language that our roles use, on the templates as they are written.

Of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html: what nothing allows is
denied, and a statement that denies wins. An operator that is not known here fails the test, so that no policy is taken
for what it is not.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tests.architecture.cloudformation import as_list, functions, role_of, source_of, statements

PARTITION, REGION, ACCOUNT, PREFIX = "aws", "eu-west-3", "123456789012", "chorale"
PSEUDO = {"AWS::Partition": PARTITION, "AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "StackPrefix": PREFIX}
LEADING_KEYS, ATTRIBUTES = "dynamodb:LeadingKeys", "dynamodb:Attributes"

Context = Mapping[str, Sequence[str]]
"""What a request says of itself, by condition key; each has one value or more."""


def table(name: str, index: str = "") -> str:
    """The ARN of a table, which is called by its logical id here, or of an index of it."""
    arn = f"arn:{PARTITION}:dynamodb:{REGION}:{ACCOUNT}:table/{name}"
    return f"{arn}/index/{index}" if index else arn


def rendered(place: Any, stack: str) -> str:
    """The resource of a statement as text; what CloudFormation would name is called by its logical id."""
    if isinstance(place, str):
        return place
    if "Fn::Sub" in place:
        return re.sub(r"\$\{([\w:]+)\}", lambda found: _named(found[1], stack), place["Fn::Sub"])
    return source_of(place, stack)[1]


def tables_of(statement: Mapping[str, Any], stack: str) -> set[str]:
    """The tables that a statement is about, by logical id; their indexes and streams count as they do."""
    places = [rendered(place, stack) for place in as_list(statement["Resource"])]
    return {place.split(":table/")[1].split("/")[0] for place in places if ":table/" in place}


def _named(name: str, stack: str) -> str:
    return PSEUDO.get(name) or source_of({"Ref": name}, stack)[1]


def _any_like(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in patterns)


def _any_equal(value: str, patterns: Sequence[str]) -> bool:
    return value in patterns


COMPARES: dict[str, Callable[[str, Sequence[str]], bool]] = {"StringLike": _any_like, "StringEquals": _any_equal}


def _holds(operator: str, key: str, wanted: Sequence[str], context: Context) -> bool:
    given = context.get(key, ())
    quantifier, _, comparison = operator.rpartition(":")
    matches = [COMPARES[comparison](value, wanted) for value in given]
    if quantifier == "ForAllValues":
        return all(matches)
    assert quantifier == "ForAnyValue", operator
    return any(matches)


def _applies(statement: Mapping[str, Any], stack: str, action: str, resource: str, context: Context) -> bool:
    return (
        action in as_list(statement["Action"])
        and _any_like(resource, [rendered(place, stack) for place in as_list(statement["Resource"])])
        and all(
            _holds(operator, key, as_list(wanted), context)
            for operator, conditions in statement.get("Condition", {}).items()
            for key, wanted in conditions.items()
        )
    )


def role_allows(role: Mapping[str, Any], stack: str, action: str, resource: str, context: Context) -> bool:
    """Whether the policies of a role that is declared in ``stack`` allow a request."""
    effects = {s["Effect"] for s in statements(dict(role)) if _applies(s, stack, action, resource, context)}
    return effects == {"Allow"}


@cache
def _role_and_stack(function: str) -> tuple[dict[str, Any], str]:
    properties = functions()[function]
    return role_of(properties), properties["Stack"]


def allows(function: str, action: str, resource: str, context: Context) -> bool:
    """Whether the role of a function allows a request."""
    role, stack = _role_and_stack(function)
    return role_allows(role, stack, action, resource, context)


def writes(function: str, action: str, name: str, partition: str, attributes: Sequence[str] = ()) -> bool:
    """Whether a function may do ``action`` to a row of the table ``name`` in ``partition``, naming ``attributes``."""
    context = {LEADING_KEYS: [partition], ATTRIBUTES: ["pk", "sk", *attributes]}
    return allows(function, f"dynamodb:{action}", table(name), context)
