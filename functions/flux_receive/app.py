"""flux_receive: an object has arrived in the deposit bucket (S3 -> SQS)."""

import json
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.runtime import clock
from chorale.runtime.batch import each_message
from chorale.runtime.logging import logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.receive_flux import receive_flux


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Receive every object that the messages tell of."""
    refresh_clock()
    return each_message(event, context, receive_message)


def receive_message(message: SQSRecord) -> None:
    """Receive the objects of one S3 notification; the test event that S3 sends at set-up has none."""
    for record in json.loads(message.body).get("Records", []):
        entry = record["s3"]["object"]
        receive_flux(unquote_plus(entry["key"]), entry.get("versionId", ""), clock.now())
