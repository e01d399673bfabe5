"""Work through a batch of queue messages: one that fails goes back to the queue, the others are done."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chorale.runtime.logging import logger


def each_message(event: dict[str, Any], context: Any, handle: Callable[[SQSRecord], None]) -> dict[str, Any]:
    """Call ``handle`` for each message of an SQS event; the answer names those that failed, the log says why."""

    def handle_and_log(record: SQSRecord) -> None:  # Powertools calls it with this very name
        try:
            handle(record)
        except Exception:
            # The processor keeps the reason to itself: without this line a dead letter would be a riddle.
            logger.exception("message failed", extra={"message_id": record.message_id})
            raise

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event=event, record_handler=handle_and_log, processor=processor, context=context)
    return dict(answer)
