"""api_works: works papers, tasks, contracts (API Gateway)."""

from typing import Any

from chorale.http.travaux.papers import api
from chorale.runtime.logging import logger


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api(event, context)
