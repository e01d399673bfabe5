"""works_open_task: where a billing file's execution waits, and how long (Step Functions)."""

from dataclasses import asdict
from typing import Any

from chorale.runtime import clock
from chorale.runtime.logging import about, logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.works.run_machine import open_task


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The row of the task and the seconds left to it."""
    about(str(event["file"]))
    refresh_clock()
    return asdict(open_task(int(event["file"]), int(event["task"]), clock.now()))
