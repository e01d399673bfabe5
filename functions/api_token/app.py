"""api_token: OAuth2 client credentials (API Gateway)."""

from typing import Any

from chorale.http.transverses.token import api
from chorale.runtime.logging import logger


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return api(event, context)
