"""Messages to the integration, the shared secret, the simulated clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chorale.runtime import clock
from chorale.stores import aws, queues, secrets, technical

from tests.aws import TOKEN_KEY, Hub


def test_a_flux_or_one_of_its_chunks_is_asked_for(hub: Hub) -> None:
    queues.ask_integration("CPP1")
    queues.ask_integration("CPP1", 3)
    assert sorted(hub.messages(), key=str) == [{"flux": "CPP1", "chunk": 3}, {"flux": "CPP1"}]


@pytest.mark.parametrize("chunks", [0, 1, 10, 11, 41])
def test_any_number_of_chunks_is_asked_for(hub: Hub, chunks: int) -> None:
    queues.ask_chunks("CPP1", range(1, chunks + 1))
    assert sorted(message["chunk"] for message in hub.messages()) == list(range(1, chunks + 1))


def test_chunks_that_the_queue_refuses_fail_the_message_that_asked_for_them(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**request: Any) -> dict[str, Any]:
        return {"Failed": [{"Id": request["Entries"][0]["Id"], "Code": "ServiceUnavailable"}]}

    monkeypatch.setattr(aws.client("sqs"), "send_message_batch", refuse)
    with pytest.raises(queues.NotSent, match="1 chunks of CPP1"):
        queues.ask_chunks("CPP1", [1, 2])


def test_the_keys_of_tokens_are_kept_by_the_container_for_a_minute(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    [key] = secrets.token_keys()
    assert key.secret == TOKEN_KEY.encode()
    monkeypatch.setattr(aws.client("secretsmanager"), "get_secret_value", None)
    assert secrets.token_keys() == (key,)


def _set_clock(offset_seconds: int) -> None:
    aws.client("dynamodb").put_item(
        TableName="Technical", Item=aws.to_item({"pk": "CLOCK", "sk": "C", "offset_seconds": offset_seconds})
    )


def _ahead() -> timedelta:
    return clock.now() - datetime.now(UTC)


def test_the_clock_is_moved_where_it_is_simulated(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATED_CLOCK", "true")
    technical.refresh_clock()
    assert abs(_ahead()) < timedelta(seconds=5), "nobody has set it"
    _set_clock(30 * 24 * 3600)
    technical.refresh_clock()
    assert abs(_ahead() - timedelta(days=30)) < timedelta(seconds=5)
    _set_clock(0)
    technical.refresh_clock()
    assert abs(_ahead()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "variables", [{}, {"SIMULATED_CLOCK": "false"}, {"SIMULATED_CLOCK": "true", "STAGE": "production"}]
)
def test_the_clock_is_real_elsewhere_and_always_in_production(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    _set_clock(30 * 24 * 3600)
    technical.refresh_clock()
    assert abs(_ahead()) < timedelta(seconds=5)
