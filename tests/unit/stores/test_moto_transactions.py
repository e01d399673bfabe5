"""A transaction that fails leaves everything as it was, whether moto copies the tables or our tests keep its rows."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.moto_transactions import cheap_transactions

WAYS = {"as moto does": nullcontext, "as our tests do": cheap_transactions}
NAME = "T"


def _key(n: int) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"N": str(n)}}


def _put(n: int, value: str) -> dict[str, Any]:
    return {"Put": {"TableName": NAME, "Item": _key(n) | {"v": {"S": value}}}}


def _update(n: int, value: str) -> dict[str, Any]:
    change = {"UpdateExpression": "SET v = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
    return {"Update": {"TableName": NAME, "Key": _key(n)} | change}


def _delete(n: int) -> dict[str, Any]:
    return {"Delete": {"TableName": NAME, "Key": _key(n)}}


CHANGES = [_put(1, "over"), _update(2, "changed"), _delete(3), _put(9, "new"), _update(8, "made")]
REFUSED = {"ConditionCheck": {"TableName": NAME, "Key": _key(7), "ConditionExpression": "attribute_exists(pk)"}}
TWICE = _put(1, "twice")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("last", [REFUSED, TWICE], ids=["a condition", "one row twice"])
def test_what_fails_changes_nothing(way: type[AbstractContextManager[None]], last: dict[str, Any]) -> None:
    with mock_aws(), way():
        client = _table()
        before, told = _rows(client), _streamed()

        with pytest.raises(ClientError):
            client.transact_write_items(TransactItems=[*CHANGES, last])

        assert _rows(client) == before
        assert _streamed() == told


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_succeeds_changes_all(way: type[AbstractContextManager[None]]) -> None:
    with mock_aws(), way():
        client = _table()
        told = _streamed()
        client.transact_write_items(TransactItems=CHANGES)

        assert _rows(client) == {"1": "over", "2": "changed", "4": "v4", "8": "made", "9": "new"}
        assert _streamed() > told


def _table() -> Any:
    client = boto3.client("dynamodb", region_name="eu-west-3")
    client.create_table(
        TableName=NAME,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    client.transact_write_items(TransactItems=[_put(n, f"v{n}") for n in range(1, 5)])
    return client


def _rows(client: Any) -> dict[str, str]:
    return {row["sk"]["N"]: row["v"]["S"] for row in client.scan(TableName=NAME)["Items"]}


def _streamed() -> int:
    streams = boto3.client("dynamodbstreams", region_name="eu-west-3")
    [stream] = streams.list_streams()["Streams"]
    [shard] = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
    begun = streams.get_shard_iterator(
        StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    return len(streams.get_records(ShardIterator=begun["ShardIterator"])["Records"])
