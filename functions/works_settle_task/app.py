"""works_settle_task: silences that are due take effect; what the execution waits for next (Step Functions)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from chorale.runtime import clock
from chorale.runtime.logging import about, logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.works.run_machine import settle_and_route


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Settle and route: whose turn it is, and which task is waited for."""
    about(str(event["file"]))
    refresh_clock()
    # The execution lives in real time, however far the hub's clock was moved.
    started = datetime.fromisoformat(event["started"].replace("Z", "+00:00")) + clock.offset()
    return asdict(settle_and_route(int(event["file"]), int(event["cycle"]), started, clock.now()))
