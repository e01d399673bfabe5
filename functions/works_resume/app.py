"""works_resume: what was decided wakes what waits, files follow their payer and their contract (bus -> SQS)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.domain.events import Event, EventType
from chorale.runtime import clock
from chorale.runtime.batch import each_message
from chorale.runtime.codec import restore
from chorale.runtime.logging import about, logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.works.move_files import move_files
from chorale.usecases.works.run_dossiers import follow_invoice
from chorale.usecases.works.run_machine import resume


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Follow every message's event."""
    refresh_clock()
    return each_message(event, context, follow_message)


def follow_message(message: SQSRecord) -> None:
    """Bring the file up to the payer's act or its contract's amendment, or wake what waits on a file that changed."""
    told = restore(Event, json.loads(message.body)["detail"])
    about(told.object_id)
    if told.type is EventType.WORKS_FILE_CHANGED:
        resume(int(told.object_id))
    elif told.type is EventType.WORKS_CONTRACT_CHANGED:
        move_files(int(told.object_id), clock.now())
    else:
        follow_invoice(int(told.object_id), clock.now())
