"""flux_receive and flux_integrate: messages in, what failed out."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from chorale.domain.statuses import FluxState
from chorale.usecases.deposits import integrate_flux

from tests.aws import Hub
from tests.cast import ubl
from tests.pipeline import deposit, now_of, tar_gz
from tests.unit.functions.conftest import Invoke


def _sqs(*bodies: object) -> dict[str, Any]:
    """An SQS event of Lambda."""
    return {
        "Records": [
            {
                "messageId": f"m{place}",
                "receiptHandle": "handle",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-3:123456789012:queue",
                "awsRegion": "eu-west-3",
            }
            for place, body in enumerate(bodies)
        ]
    }


def _s3(*objects: tuple[str, str]) -> dict[str, Any]:
    """What S3 writes to the queue for new objects (key as S3 quotes it, version id)."""
    return {
        "Records": [
            {
                "eventName": "ObjectCreated:Post",
                "s3": {"bucket": {"name": "chorale-deposit"}, "object": {"key": key, "versionId": version, "size": 1}},
            }
            for key, version in objects
        ]
    }


def _failed(answer: dict[str, Any]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-23T09:30:00.000Z", "Bucket": "b"}


def test_the_event_that_s3_sends_at_set_up_is_ignored(hub: Hub, invoke: Invoke) -> None:
    assert _failed(invoke("flux_receive", _sqs(TEST_EVENT))) == []
    assert hub.is_empty()
    assert hub.messages() == []


def test_a_new_object_is_received_and_handed_over(hub: Hub, invoke: Invoke) -> None:
    flux = deposit(ubl())
    key = f"incoming/{flux.number}"
    answer = invoke("flux_receive", _sqs(_s3((key, hub.version_of(key)))))
    assert _failed(answer) == []
    assert now_of(flux).state is FluxState.RECEIVED
    assert hub.messages() == [{"flux": flux.number}]


def test_a_quoted_key_is_unquoted(hub: Hub, invoke: Invoke) -> None:
    flux = deposit(ubl())
    key = f"incoming/{flux.number}"
    invoke("flux_receive", _sqs(_s3((quote_plus(key), hub.version_of(key)))))
    assert quote_plus(key) != key
    assert now_of(flux).state is FluxState.RECEIVED


def test_one_message_may_tell_of_several_objects(hub: Hub, invoke: Invoke) -> None:
    fluxes = [deposit(ubl()), deposit(ubl())]
    objects = [(f"incoming/{flux.number}", hub.version_of(f"incoming/{flux.number}")) for flux in fluxes]
    invoke("flux_receive", _sqs(_s3(*objects)))
    assert {now_of(flux).state for flux in fluxes} == {FluxState.RECEIVED}


def test_one_message_that_fails_does_not_take_the_others_with_it(
    hub: Hub, invoke: Invoke, caplog: pytest.LogCaptureFixture
) -> None:
    lost, good = deposit(ubl()), deposit(ubl())
    key = f"incoming/{good.number}"
    messages = _sqs(
        _s3((f"incoming/{lost.number}", "00000000-0000-0000-0000-000000000000")),
        "not json",
        _s3((key, hub.version_of(key))),
        TEST_EVENT,
    )
    assert _failed(invoke("flux_receive", messages)) == ["m0", "m1"]
    assert now_of(lost).state is FluxState.EXPECTED
    assert now_of(good).state is FluxState.RECEIVED
    reasons = [record.exc_info[0].__name__ for record in caplog.records if record.exc_info and record.exc_info[0]]
    assert reasons == ["ObjectMissing", "JSONDecodeError"], "an operator reads why"


def _received(hub: Hub, invoke: Invoke, content: bytes) -> str:
    flux = deposit(content)
    key = f"incoming/{flux.number}"
    invoke("flux_receive", _sqs(_s3((key, hub.version_of(key)))))
    return flux.number


def test_a_message_is_integrated(hub: Hub, invoke: Invoke) -> None:
    number = _received(hub, invoke, ubl())
    [message] = hub.messages()
    assert _failed(invoke("flux_integrate", _sqs(message))) == []
    assert hub.rows()[f"FLUX#{number}", "HEAD"]["state"] == "INTEGRATED"


def test_a_refused_invoice_is_not_a_failed_message(hub: Hub, invoke: Invoke) -> None:
    number = _received(hub, invoke, b"<Invoice/>")
    assert _failed(invoke("flux_integrate", _sqs(*hub.messages()))) == []
    assert hub.rows()[f"FLUX#{number}", "HEAD"]["state"] == "REJECTED"


def test_a_message_that_cannot_be_integrated_goes_back_to_the_queue_alone(hub: Hub, invoke: Invoke) -> None:
    number = _received(hub, invoke, ubl())
    answer = invoke("flux_integrate", _sqs({"no": "flux"}, *hub.messages(), {"flux": "unknown"}))
    assert _failed(answer) == ["m0"]
    assert hub.rows()[f"FLUX#{number}", "HEAD"]["state"] == "INTEGRATED"


def test_a_chunk_is_asked_for_by_its_number(hub: Hub, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrate_flux, "RANKS_PER_CHUNK", 1)
    number = _received(hub, invoke, tar_gz({"1.xml": ubl("F-1"), "2.xml": ubl("F-2")}))
    invoke("flux_integrate", _sqs(*hub.messages()))
    chunks = hub.messages()
    assert sorted(chunk["chunk"] for chunk in chunks) == [1, 2]
    assert _failed(invoke("flux_integrate", _sqs(*chunks))) == []
    assert hub.rows()[f"FLUX#{number}", "HEAD"]["state"] == "INTEGRATED"


def test_the_end_of_a_scan_comes_as_an_event_of_guardduty(
    hub: Hub, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form of https://docs.aws.amazon.com/guardduty/latest/ug/monitor-with-eventbridge-s3-malware-protection.html."""
    monkeypatch.setenv("UPLOADS_SCANNED", "true")
    flux = deposit(ubl())
    key = f"incoming/{flux.number}"
    ended = {
        "version": "0", "source": "aws.guardduty", "detail-type": "GuardDuty Malware Protection Object Scan Result",
        "detail": {
            "schemaVersion": "1.0", "scanStatus": "COMPLETED", "resourceType": "S3_OBJECT",
            "s3ObjectDetails": {"bucketName": "b", "objectKey": key, "eTag": "e", "versionId": hub.version_of(key)},
            "scanResultDetails": {"scanResultStatus": "THREATS_FOUND", "threats": [{"name": "EICAR-Test-File"}]},
        },
    }  # fmt: skip
    assert _failed(invoke("flux_receive", _sqs(_s3((key, hub.version_of(key)))))) == []
    assert now_of(flux).state is FluxState.ANALYSING
    assert _failed(invoke("flux_receive", _sqs(ended))) == []
    assert (now_of(flux).state, now_of(flux).threat) == (FluxState.RECEIVED, "EICAR-Test-File")
