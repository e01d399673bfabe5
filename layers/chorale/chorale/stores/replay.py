"""Answers kept for an hour, so that a request sent again with its ``Idempotency-Key`` is not done again.

A cache of HTTP answers and no more: what must never happen twice is kept from it by the transaction of the act, which
notes the request (``once``) or holds a business key.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from chorale.domain.errors import ReplayInProgress, ReplayOfAnother
from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client

KEPT_SECONDS = 3600


def once(caller: str, key: str, body: bytes, context: Any, answer: Callable[[], str]) -> str:
    """The JSON of ``answer()``, or what it was when ``caller`` sent the same ``key`` within the hour.

    ``caller`` names account and operation; ``context`` is the Lambda context, whose remaining time says how long an
    interrupted first try stands in the way. A refusal is not kept: nothing was done. Raises ReplayOfAnother when the
    first body was another one, ReplayInProgress while the first request runs.
    """
    # Here and not above: most requests have no key, and the package is slow to import.
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
    from aws_lambda_powertools.utilities.idempotency.base import IdempotencyHandler
    from aws_lambda_powertools.utilities.idempotency.exceptions import (
        IdempotencyAlreadyInProgressError,
        IdempotencyValidationError,
    )

    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="body",
        expires_after_seconds=KEPT_SECONDS,
        raise_on_no_idempotency_key=True,
        lambda_context=context,
    )
    table = DynamoDBPersistenceLayer(
        settings().technical_table,
        key_attr="pk",
        sort_key_attr="sk",
        static_pk_value=keys.replay(f"{caller} {key}"),
        expiry_attr="expires_at",
        in_progress_expiry_attr="runs_until",
        boto3_client=client("dynamodb"),
    )
    request = {"key": key, "body": hashlib.sha256(body).hexdigest()}
    try:
        kept: str = IdempotencyHandler(answer, request, config, table, function_args=(), function_kwargs={}).handle()
    except IdempotencyValidationError:
        raise ReplayOfAnother(
            "Cette Idempotency-Key a déjà servi avec un autre corps de requête : prenez une nouvelle clé par demande."
        ) from None
    except IdempotencyAlreadyInProgressError:
        raise ReplayInProgress(
            "La première requête portant cette Idempotency-Key est encore en cours : réessayez dans quelques secondes."
        ) from None
    return kept
