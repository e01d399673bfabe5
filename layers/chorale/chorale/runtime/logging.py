"""Logs for operators: JSON lines in English, with the correlation id, never with personal data or secrets.

The correlation id of a call of the API is the gateway's; that of all that follows is the number of what is worked on:
the flux number from reception to the verdict and to who is told of it. The line "flux opened" has both.
"""

from aws_lambda_powertools import Logger, Metrics

logger = Logger(log_uncaught_exceptions=False)
metrics = Metrics(namespace="Chorale", service="chorale")


def about(number: str) -> None:
    """Put the number of what is worked on from now on (a flux, an invoice, a billing file) on every line."""
    logger.set_correlation_id(number)
