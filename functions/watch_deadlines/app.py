"""watch_deadlines: once an hour, what is overdue is settled (schedule)."""

from typing import Any

from chorale.runtime import clock
from chorale.runtime.logging import logger
from chorale.stores.technical import refresh_clock
from chorale.usecases.watch_deadlines import watch


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Run the watch and say what it did."""
    refresh_clock()
    done = watch(clock.now())
    logger.info("watch done", extra=done)
    return done
