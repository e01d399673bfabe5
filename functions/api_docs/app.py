"""api_docs: health-check and documentation, public (API Gateway)."""

from typing import Any

from chorale.apidoc.routes import api
from chorale.runtime.logging import logger


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api(event, context)
