"""Every row that a run asks DynamoDB for or writes, as IAM sees it: action, table, partition, names of attributes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.integration.crashes.faults import Calls

ONE_ROW = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
WORDS = frozenset({
    "SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN", "attribute_exists", "attribute_not_exists",
    "contains", "begins_with", "size", "if_not_exists", "list_append",
})  # fmt: skip
"""Words of an expression that are no name."""


@dataclass(frozen=True, slots=True)
class RowCall:
    """One row of one call."""

    action: str
    table: str
    partition: str
    attributes: tuple[str, ...]


def _names(request: dict[str, Any]) -> tuple[str, ...]:
    found = set(request.get("Item", {})) | set(request.get("Key", {}))
    for expression in (request.get("UpdateExpression", ""), request.get("ConditionExpression", "")):
        for word in re.findall(r"[:#]?[A-Za-z_]\w*(?:\.[#\w]+)*", expression):
            top = word.split(".")[0]
            if not top.startswith(":") and top not in WORDS:
                found.add(request.get("ExpressionAttributeNames", {}).get(top, top))
    return tuple(sorted(found))


def _row(action: str, request: dict[str, Any]) -> RowCall:
    key = request.get("Key") or request["Item"]
    return RowCall(action, request["TableName"], key["pk"]["S"], _names(request))


def rows_of(operation: str, body: dict[str, Any]) -> Iterator[RowCall]:
    """The rows of a call to DynamoDB; those that a query finds are not known before it is answered."""
    if operation in ONE_ROW:
        yield _row(operation, body)
    elif operation == "TransactWriteItems":
        for entry in body["TransactItems"]:
            for kind, request in entry.items():
                yield _row(IN_TRANSACTION[kind], request)
    elif operation == "BatchGetItem":
        for table, asked in body["RequestItems"].items():
            yield from (RowCall(operation, table, key["pk"]["S"], ("pk", "sk")) for key in asked["Keys"])
    else:
        assert operation == "Query", operation


@dataclass
class RowCalls(Calls):
    """The calls that were made, with the rows of those to DynamoDB."""

    rows: list[RowCall] = field(default_factory=list)

    def before(self, model: Any, params: Any, **more: Any) -> None:
        """A call is about to leave."""
        super().before(model, params, **more)
        if model.service_model.service_name == "dynamodb":
            self.rows += rows_of(model.name, json.loads(params["body"]))
