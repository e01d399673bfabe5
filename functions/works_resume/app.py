"""works_resume: what was decided wakes the execution that waits; what the payer did reaches the file (bus -> SQS)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.domain.events import Event, EventType
from chorale.runtime import clock
from chorale.runtime.batch import each_message
from chorale.runtime.codec import restore
from chorale.runtime.logging import logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.works.run_files import follow_invoice
from chorale.usecases.works.run_machine import resume


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Follow every message's event."""
    refresh_clock()
    return each_message(event, context, follow_message)


def follow_message(message: SQSRecord) -> None:
    """Bring the file up to the payer's act, or wake what waits on a file that changed."""
    told = restore(Event, json.loads(message.body)["detail"])
    if told.type is EventType.WORKS_FILE_CHANGED:
        resume(int(told.object_id))
    else:
        follow_invoice(int(told.object_id), clock.now())
