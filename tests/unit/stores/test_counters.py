"""Numbers: never given twice, reserved a hundred at a time, small enough for a signed 32-bit integer."""

import pytest
from chorale.stores import aws, counters
from chorale.stores.counters import FLUX, OBJECTS, NumbersExhausted, next_number

from tests.aws import Hub


def _given(hub: Hub, kind: str) -> int:
    return int(hub.rows()[f"COUNTER#{kind}", "C"]["given"])


def test_a_hundred_numbers_take_one_call_to_the_table(hub: Hub) -> None:
    numbers = [next_number(OBJECTS) for _ in range(100)]
    assert numbers == list(range(1_000_000, 1_000_100))
    assert _given(hub, OBJECTS) == 100
    assert next_number(OBJECTS) == 1_000_100
    assert _given(hub, OBJECTS) == 200


def test_invoices_and_flux_have_number_spaces_of_their_own(hub: Hub) -> None:
    assert (next_number(OBJECTS), next_number(FLUX)) == (1_000_000, 1)
    assert _given(hub, OBJECTS) == _given(hub, FLUX) == 100


@pytest.mark.parametrize("used_before_the_restart", [1, 99, 100, 101])
def test_a_new_container_never_gives_a_number_again(hub: Hub, used_before_the_restart: int) -> None:
    before = {next_number(OBJECTS) for _ in range(used_before_the_restart)}
    counters.forget_blocks()
    after = {next_number(OBJECTS) for _ in range(150)}
    assert len(before | after) == used_before_the_restart + 150
    assert min(after) > max(before)


def test_two_containers_share_no_number(hub: Hub) -> None:
    containers: list[dict[str, object]] = [{}, {}]
    given: list[int] = []
    for turn in range(250):
        counters.forget_blocks()
        held = containers[turn % 2]
        counters._blocks.update(held)  # type: ignore[arg-type]
        given.append(next_number(OBJECTS))
        held.update(counters._blocks)
    assert len(set(given)) == 250


def test_the_last_number_fits_31_bits_and_none_is_given_beyond(hub: Hub) -> None:
    most = 2**31 - 1_000_000
    aws.client("dynamodb").put_item(
        TableName="Ledger",
        Item=aws.to_item({"pk": f"COUNTER#{OBJECTS}", "sk": "C", "given": most - most % 100 - 100}),
    )
    numbers = [next_number(OBJECTS) for _ in range(100)]
    assert max(numbers) <= 2**31 - 1
    with pytest.raises(NumbersExhausted):
        next_number(OBJECTS)
    with pytest.raises(NumbersExhausted):
        next_number(OBJECTS)


def test_flux_numbers_are_not_held_to_31_bits(hub: Hub) -> None:
    aws.client("dynamodb").put_item(
        TableName="Ledger", Item=aws.to_item({"pk": f"COUNTER#{FLUX}", "sk": "C", "given": 2**40})
    )
    assert next_number(FLUX) == 2**40 + 1
