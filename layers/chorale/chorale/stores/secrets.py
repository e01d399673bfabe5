"""Secrets that functions share, read once per container."""

from functools import cache

from chorale.runtime.settings import settings
from chorale.stores.aws import client


@cache
def token_key() -> bytes:
    """The key that signs access tokens."""
    answer = client("secretsmanager").get_secret_value(SecretId=settings().token_key_secret)
    value: str = answer["SecretString"]
    return value.encode()
