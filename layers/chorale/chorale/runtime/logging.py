"""Logs for operators: JSON lines in English, with the correlation id, never with personal data or secrets."""

from aws_lambda_powertools import Logger, Metrics

logger = Logger(log_uncaught_exceptions=False)
metrics = Metrics()
