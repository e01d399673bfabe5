"""Who no longer finds something: the row leaves the index and stays beside the history."""

from chorale.stores import aws, keys, members, transactions

from tests.aws import Hub

KEY = keys.works_contract(400_000_001, keys.works_member(10_001))
INDEX = keys.contracts_index(10_001)


def _found() -> int:
    answer = aws.client("dynamodb").query(
        TableName="Ledger",
        IndexName="by_member",
        KeyConditionExpression="member_pk = :pk",
        ExpressionAttributeValues=aws.to_item({":pk": INDEX}),
    )
    return len(answer["Items"])


def test_a_party_that_leaves_finds_it_no_more_and_the_row_stays(hub: Hub) -> None:
    row = KEY | {"id": 400_000_001, "member_pk": INDEX, "member_sk": "1"}
    aws.client("dynamodb").put_item(TableName="Ledger", Item=aws.to_item(row))
    assert _found() == 1
    for _ in range(2):  # a second time changes nothing
        transactions.write([members.unlisted(KEY)])
        assert _found() == 0
        assert hub.rows()[KEY["pk"], KEY["sk"]] == KEY | {"id": 400_000_001}
