"""works_start: a new cycle of a billing file gets its execution (bus -> SQS; Step Functions, to hand over)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.domain.events import Event
from chorale.runtime import clock
from chorale.runtime.batch import each_message
from chorale.runtime.codec import restore
from chorale.runtime.logging import about, logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.works.run_machine import start_cycle


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start the execution of every message's cycle, or the successor of the execution that asks."""
    refresh_clock()
    if "Records" in event:
        return each_message(event, context, start_message)
    about(str(event["file"]))
    attempt = int(event["attempt"]) + 1
    return {"started": start_cycle(int(event["file"]), int(event["cycle"]), clock.now(), attempt)}


def start_message(message: SQSRecord) -> None:
    """Start the execution of one message's cycle."""
    told = restore(Event, json.loads(message.body)["detail"])
    about(told.object_id)
    if told.cycle is not None:
        start_cycle(int(told.object_id), told.cycle, clock.now())
