"""One number on the lines of all that follows a deposit, and the line that leads to it from the call of the API."""

import io
import json
from typing import Any

import pytest
from chorale.runtime.logging import logger

from tests.aws import Hub
from tests.cast import ubl
from tests.pipeline import deposit
from tests.unit.functions.conftest import Invoke
from tests.unit.functions.test_flux_functions import _s3, _sqs


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged from now on, as JSON lines."""
    lines = io.StringIO()
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", lines)
    return lines


def said(logged: io.StringIO) -> dict[str, dict[str, Any]]:
    """The lines by their message."""
    return {line["message"]: line for line in map(json.loads, logged.getvalue().splitlines())}


def test_a_deposit_is_followed_from_the_call_to_the_verdict(hub: Hub, invoke: Invoke, logged: io.StringIO) -> None:
    logger.set_correlation_id("call-1")
    flux = deposit(ubl())
    key = f"incoming/{flux.number}"
    invoke("flux_receive", _sqs(_s3((key, hub.version_of(key)))))
    invoke("flux_integrate", _sqs(*hub.messages()))

    lines = said(logged)
    assert (lines["flux opened"]["correlation_id"], lines["flux opened"]["flux"]) == ("call-1", flux.number)
    assert lines["flux received"]["correlation_id"] == flux.number
    verdict = lines["verdict written"]
    assert verdict["correlation_id"] == flux.number
    assert (verdict["state"], verdict["integrated"], verdict["refused"]) == ("INTEGRATED", 1, 0)


@pytest.mark.parametrize("function", ["notify", "edi_exchange"])
def test_who_is_told_of_a_verdict_logs_under_its_number(hub: Hub, invoke: Invoke, function: str) -> None:
    detail = {
        "type": "FluxDecided", "object_id": "CPP0011100000000000000042", "version": 3, "source": "RECEIVED",
        "target": "REJECTED", "at": "2026-11-23T09:30:00+00:00",
    }  # fmt: skip
    logger.set_correlation_id("before")
    invoke(function, _sqs({"detail": detail}))
    assert logger.get_correlation_id() == "CPP0011100000000000000042"


def test_the_number_of_one_message_is_not_left_on_the_next(hub: Hub, invoke: Invoke, logged: io.StringIO) -> None:
    flux = deposit(ubl())
    key = f"incoming/{flux.number}"
    invoke("flux_receive", _sqs(_s3((key, hub.version_of(key)), ("incoming/unknown", "v"))))
    assert said(logged)["object without a flux ignored"]["correlation_id"] == "unknown"
