"""edi_exchange reads two kinds of messages from one queue: what S3 tells, and what the bus tells."""

import json

from chorale.runtime.codec import plain
from chorale.stores import aws
from chorale.stores.access import accounts
from chorale.stores.exchange import partners

from tests.aws import BUCKETS, Hub
from tests.cast import SUPPLIER, actor, event_of, summary, ubl
from tests.unit.functions.conftest import Invoke


def _message(body: object) -> dict[str, object]:
    record = {
        "messageId": "m", "receiptHandle": "handle", "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"}, "eventSourceARN": "arn:aws:sqs:eu-west-3:123456789012:edi",
    }  # fmt: skip
    return {"Records": [record]}


def test_a_dropped_file_becomes_a_flux(hub: Hub, invoke: Invoke) -> None:
    somebody = actor(SUPPLIER)
    accounts.write_technical_account(accounts.TechnicalAccount(somebody.login, "x", dict(somebody.rights)))
    partners.write("SUPP01", somebody.login)
    key = "edi/in/SUPP01/FSO1100A_à moi.xml"
    aws.client("s3").put_object(Bucket=BUCKETS["DEPOSIT_BUCKET"], Key=key, Body=ubl())
    entry = {"key": "edi/in/SUPP01/FSO1100A_%C3%A0+moi.xml", "versionId": hub.version_of(key)}

    answer = invoke(
        "edi_exchange", _message({"Records": [{"eventTime": "2026-11-23T09:30:00.000Z", "s3": {"object": entry}}]})
    )

    assert answer == {"batchItemFailures": []}
    [flux] = [row for key, row in hub.rows().items() if key[0].startswith("FLUX#")]
    assert flux["file_name"] == "FSO1100A_à moi.xml"


def test_an_event_and_the_test_message_of_s3_are_taken(invoke: Invoke) -> None:
    told = event_of(summary())

    assert invoke("edi_exchange", _message({"detail": plain(told) | {"id": told.id}})) == {"batchItemFailures": []}
    assert invoke("edi_exchange", _message({"Event": "s3:TestEvent"})) == {"batchItemFailures": []}
