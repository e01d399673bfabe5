"""api_structures: what a structure settles for itself (API Gateway)."""

from typing import Any

from chorale.http.organisations.settings import api
from chorale.runtime.logging import logger


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api(event, context)
