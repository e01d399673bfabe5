"""flux_integrate: a received flux, or one chunk of it, is to be integrated (SQS)."""

import json
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chorale.runtime import clock
from chorale.runtime.logging import logger
from chorale.stores.leases import each_message
from chorale.stores.technical import refresh_clock
from chorale.usecases.deposits.integrate_flux import integrate_flux


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Integrate what every message asks for."""
    refresh_clock()
    return each_message(event, context, integrate_message)


def integrate_message(message: SQSRecord) -> None:
    """Integrate what one message asks for."""
    body = json.loads(message.body)
    integrate_flux(body["flux"], body.get("chunk"), clock.now())
