"""AWS clients, made once per container and only those that a call needs."""

from functools import cache
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize

CONFIG = Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=10)
S3_CONFIG = CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}, read_timeout=60))


@cache
def client(service: str) -> Any:
    """The boto3 client for ``service`` (``dynamodb``, ``s3``, ``sqs``, ``events``, ``secretsmanager``)."""
    return boto3.client(service, config=S3_CONFIG if service == "s3" else CONFIG)


def to_item(values: dict[str, Any]) -> dict[str, Any]:
    """Plain values as a DynamoDB item; None and empty strings are left out, so that sparse indexes stay sparse."""
    return {name: _serialize(value) for name, value in values.items() if value is not None and value != ""}


def to_value(value: Any) -> dict[str, Any]:
    """One plain value as a DynamoDB attribute value."""
    serialized: dict[str, Any] = _serialize(value)
    return serialized


def from_item(item: dict[str, Any]) -> dict[str, Any]:
    """A DynamoDB item as plain values (numbers are Decimal)."""
    return {name: _deserialize(value) for name, value in item.items()}


def error_code(error: ClientError) -> str:
    """The AWS error code of ``error``."""
    code: str = error.response.get("Error", {}).get("Code", "")
    return code
