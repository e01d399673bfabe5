"""flux_receive: an object has arrived in the deposit bucket (S3 -> SQS), or its scan has ended (EventBridge -> SQS)."""

import json
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.runtime import clock
from chorale.runtime.logging import logger
from chorale.stores.leases import each_message
from chorale.stores.technical import refresh_clock
from chorale.usecases.deposits.receive_flux import receive_flux
from chorale.usecases.deposits.settle_scan import settle_scan


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Receive every object that the messages tell of."""
    refresh_clock()
    return each_message(event, context, receive_message)


def receive_message(message: SQSRecord) -> None:
    """Receive the objects of one S3 notification (the test event of the set-up has none), or settle one scan."""
    body = json.loads(message.body)
    if "detail" in body:
        scanned, ended = body["detail"]["s3ObjectDetails"], body["detail"]["scanResultDetails"]
        threats = [threat["name"] for threat in ended.get("threats") or []]
        settle_scan(scanned["objectKey"], scanned["versionId"], ended["scanResultStatus"], threats, clock.now())
    for record in body.get("Records", []):
        entry = record["s3"]["object"]
        receive_flux(unquote_plus(entry["key"]), entry.get("versionId", ""), clock.now())
