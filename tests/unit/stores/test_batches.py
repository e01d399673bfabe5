"""What DynamoDB leaves undone of a batch is asked for again, later each time, and never without end."""

from typing import Any

import pytest
from chorale.stores import aws, batches

from tests.aws import Hub

ROWS = [{"pk": f"P{place:03d}", "sk": "S", "n": place} for place in range(1, 61)]
KEYS = [{"pk": f"P{place:03d}", "sk": "S"} for place in range(1, 61)]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited; nobody waits."""
    waited: list[float] = []
    monkeypatch.setattr("chorale.stores.batches.time.sleep", waited.append)
    return waited


def _busy(monkeypatch: pytest.MonkeyPatch, done_at_once: int) -> None:
    """A table that does so many rows of a batch and leaves the rest."""
    dynamodb = aws.client("dynamodb")
    put, get = dynamodb.batch_write_item, dynamodb.batch_get_item

    def write(**given: Any) -> dict[str, Any]:
        ((table, asked),) = given["RequestItems"].items()
        if done_at_once:
            put(RequestItems={table: asked[:done_at_once]})
        left = asked[done_at_once:]
        return {"UnprocessedItems": {table: left} if left else {}}

    def read(**given: Any) -> dict[str, Any]:
        ((table, asked),) = given["RequestItems"].items()
        done = {"Keys": asked["Keys"][:done_at_once], "ConsistentRead": asked["ConsistentRead"]}
        answer = get(RequestItems={table: done})["Responses"] if done_at_once else {table: []}
        left = asked["Keys"][done_at_once:]
        return {"Responses": answer, "UnprocessedKeys": {table: {"Keys": left}} if left else {}}

    monkeypatch.setattr(dynamodb, "batch_write_item", write)
    monkeypatch.setattr(dynamodb, "batch_get_item", read)


def test_everything_is_written_and_read_though_the_table_does_ten_rows_at_a_time(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    _busy(monkeypatch, 10)
    batches.write("Technical", ROWS)
    assert len(pauses) == 2 + 2 + 0, "after each part of two batches of 25 and one of ten"
    assert sorted(row["n"] for row in batches.read("Technical", KEYS)) == list(range(1, 61))
    assert len(pauses) == 4 + 5


def test_without_anything_left_nobody_waits(hub: Hub, pauses: list[float]) -> None:
    batches.write("Technical", ROWS)
    assert len(list(batches.read("Technical", [*KEYS, {"pk": "of nobody", "sk": "S"}], consistent=True))) == 60
    assert pauses == []


def test_the_pauses_grow_and_are_not_the_same_for_all(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    _busy(monkeypatch, 0)
    with pytest.raises(batches.BatchUnfinished):
        batches.write("Technical", ROWS)
    with pytest.raises(batches.BatchUnfinished):
        list(batches.read("Technical", KEYS))
    first, second = pauses[: batches.TRIES - 1], pauses[batches.TRIES - 1 :]
    assert len(first) == len(second) == batches.TRIES - 1
    assert first != second
    for attempt, seconds in enumerate(first):
        assert 0.5 <= seconds / (batches.FIRST_PAUSE * 2**attempt) <= 1.5
