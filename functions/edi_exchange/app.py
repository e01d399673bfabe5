"""edi_exchange: partners' folders, both ways: files that were dropped (S3 -> SQS) and events to tell (bus -> SQS)."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.domain.events import Event
from chorale.runtime import clock
from chorale.runtime.codec import restore
from chorale.runtime.logging import about, logger
from chorale.stores.leases import each_message
from chorale.stores.technical import refresh_clock
from chorale.usecases.exchange.edi_in import take
from chorale.usecases.exchange.edi_out import tell


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take or tell what every message is about."""
    refresh_clock()
    return each_message(event, context, exchange)


def exchange(message: SQSRecord) -> None:
    """An event of the ledger is told; the objects of an S3 notification are taken (its test event has none)."""
    body = json.loads(message.body)
    if "detail" in body:
        told = restore(Event, body["detail"])
        about(told.object_id)
        tell(told)
        return
    # What a partner drops has no number yet, and its name is what somebody typed.
    about(message.message_id)
    for record in body.get("Records", []):
        entry = record["s3"]["object"]
        # The time of the drop and not of this run: the answer to a file has the same name however often it is taken.
        dropped = datetime.fromisoformat(record["eventTime"]) + clock.offset()
        take(unquote_plus(entry["key"]), entry.get("versionId", ""), dropped)
