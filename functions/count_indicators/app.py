"""count_indicators: counters per structure and status (bus -> SQS)."""

import json
from typing import Any

from chorale.domain.events import Event
from chorale.runtime import clock
from chorale.runtime.codec import restore
from chorale.runtime.logging import logger
from chorale.usecases.invoices.count_indicators import count


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> None:
    """Count the batch whole: a failure sends all of it back, and what was counted is not counted again."""
    details = [json.loads(record["body"])["detail"] for record in event["Records"]]
    count([restore(Event, detail) for detail in details], clock.now())
