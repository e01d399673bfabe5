"""AWS in this process, by moto: the tables and queues of ``infra/``, empty for each test, and eyes on what is in them.

Clients are made once and kept by ``chorale.stores.aws``: making one costs more than most tests.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError
from chorale.runtime import clock, settings
from chorale.stores import aws, counters, secrets
from chorale.stores.access import accounts
from chorale.usecases.access import authenticate
from moto import mock_aws

from tests.moto_transactions import cheap_transactions

INFRA = Path(__file__).parents[1] / "infra"
TABLES = {
    "LEDGER_TABLE": "Ledger",
    "DIRECTORY_TABLE": "Directory",
    "VIEWS_TABLE": "Views",
    "TECHNICAL_TABLE": "Technical",
}
BUCKETS = {"DEPOSIT_BUCKET": "chorale-deposit", "DOCUMENT_BUCKET": "chorale-documents"}
INTEGRATION_QUEUE = "integration"
CALL_QUEUE = "calls"
BUS_LISTENER = "bus-listener"
EVENT_BUS = "chorale-test"
TOKEN_KEY = "a key that signs tokens in tests"
ACCOUNT, REGION = "123456789012", "eu-west-3"
SERVICES = ("dynamodb", "s3", "sqs", "events", "secretsmanager")

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "INTEGRATION_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{INTEGRATION_QUEUE}",
    "CALL_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{CALL_QUEUE}",
    "EVENT_BUS": EVENT_BUS,
    "TOKEN_KEY_SECRET": "token-key",
    "STAGE": "sandbox",
    **TABLES,
    **BUCKETS,
}


class _Template(yaml.SafeLoader):
    """Reads a CloudFormation template; ``!Ref`` and its like stand for what they are applied to."""


def _intrinsic(loader: _Template, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Template.add_multi_constructor("!", _intrinsic)


@cache
def resources(template: str) -> dict[str, Any]:
    """The resources of ``infra/<template>``."""
    text = (INFRA / template).read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, Loader=_Template)["Resources"]
    return read


def table_definition(logical_id: str) -> dict[str, Any]:
    """Keys and indexes of a table, as the template gives them and as CreateTable takes them."""
    properties = resources("data.yaml")[logical_id]["Properties"]
    wanted = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
    return {name: properties[name] for name in wanted if name in properties}


@dataclass(frozen=True, slots=True)
class Hub:
    """What a test sees of the hub's state, without going through the code under test."""

    def rows(self, table: str = "Ledger") -> dict[tuple[str, str], dict[str, Any]]:
        """Every row of a table, by key."""
        pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=table)
        rows = (aws.from_item(item) for page in pages for item in page["Items"])
        return {(row["pk"], row["sk"]): row for row in rows}

    def objects(self, bucket: str) -> dict[str, bytes]:
        """The latest version of every object of a bucket, by key."""
        s3 = aws.client("s3")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    def version_of(self, key: str) -> str:
        """The version id of a deposited file."""
        found: str = aws.client("s3").head_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=key)["VersionId"]
        return found

    def messages(self) -> list[dict[str, Any]]:
        """Messages to the integration; reading them takes them off the queue."""
        return [json.loads(body) for body in self._drain(INTEGRATION_QUEUE)]

    def calls(self) -> list[dict[str, Any]]:
        """Calls of webhooks that are asked for now; reading them takes them off the queue."""
        return [json.loads(body) for body in self._drain(CALL_QUEUE)]

    def published(self) -> list[dict[str, Any]]:
        """Events that the bus took; reading them takes them off the listener's queue."""
        return [json.loads(body) for body in self._drain(BUS_LISTENER)]

    @staticmethod
    def _drain(queue: str) -> list[str]:
        sqs, bodies = aws.client("sqs"), []
        url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{queue}"
        while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in received:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def is_empty(self) -> bool:
        """Whether nothing at all is kept, apart from the directory and from numbers that were reserved."""
        rows = [key for key in self.rows() if not key[0].startswith("COUNTER#")]
        return not rows and not any(self.objects(bucket) for bucket in BUCKETS.values())


def create_everything() -> None:
    """Tables, buckets, queues, bus and secret, as the templates describe them."""
    for name in TABLES.values():
        aws.client("dynamodb").create_table(TableName=name, **table_definition(name))
    for bucket in BUCKETS.values():
        aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        aws.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for queue in (INTEGRATION_QUEUE, CALL_QUEUE, BUS_LISTENER):
        aws.client("sqs").create_queue(QueueName=queue)
    aws.client("secretsmanager").create_secret(Name=ENVIRONMENT["TOKEN_KEY_SECRET"], SecretString=TOKEN_KEY)
    events = aws.client("events")
    events.create_event_bus(Name=EVENT_BUS)
    events.put_rule(Name="all", EventBusName=EVENT_BUS, EventPattern=json.dumps({"source": ["chorale.ledger"]}))
    target = {"Id": "listener", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{BUS_LISTENER}"}
    events.put_targets(Rule="all", EventBusName=EVENT_BUS, Targets=[target])


def _refuse_long_keys(params: dict[str, Any], **_: Any) -> None:
    """What AWS refuses and moto lets pass: a key that is longer than any key can be."""
    keys = [params["Key"]] if "Key" in params else []
    keys += [key for table in params.get("RequestItems", {}).values() if "Keys" in table for key in table["Keys"]]
    for key in keys:
        if len(key["pk"]["S"].encode()) > 2048 or len(key["sk"]["S"].encode()) > 1024:
            error = {"Code": "ValidationException", "Message": "Size of key has exceeded the maximum size limit"}
            raise ClientError({"Error": error}, "DynamoDB")


def forget_everything() -> None:
    """Make this process new: what a container keeps between two calls is gone."""
    counters.forget_blocks()
    secrets.forget_keys()
    settings.settings.cache_clear()
    authenticate.forget_verified()
    clock.move(timedelta())


@contextmanager
def fresh_hub() -> Iterator[Hub]:
    """An empty hub; ``ENVIRONMENT`` must be set."""
    with mock_aws(), cheap_transactions():
        forget_everything()
        create_everything()
        aws.client("dynamodb").meta.events.register(
            "provide-client-params.dynamodb", _refuse_long_keys, unique_id="long keys"
        )
        yield Hub()
        forget_everything()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """An empty hub for one test, with a cheap hash of secrets."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(accounts.SCRYPT, "n", 2**4)
    with fresh_hub() as made:
        yield made


def counted_queries(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The Query requests that are made from now on."""
    database = aws.client("dynamodb")
    made: list[dict[str, Any]] = []
    query = database.query

    def counted(**request: Any) -> Any:
        made.append(dict(request))
        return query(**request)

    monkeypatch.setattr(database, "query", counted)
    return made
