"""outbox_relay: events written in the ledger leave for the bus (DynamoDB stream, inserts of events only)."""

from typing import Any

from chorale.runtime.logging import logger
from chorale.usecases.exchange.relay_events import relay


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> None:
    """Send the events of the batch; an exception makes the stream try again, in halves."""
    relay([record["dynamodb"]["NewImage"] for record in event["Records"]])
