"""EDI partners: which technical account is behind a folder, and which files were already taken from it."""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from chorale.runtime.settings import settings
from chorale.stores import keys
from chorale.stores.aws import client, error_code, from_item, to_item

CLAIM_KEPT = timedelta(days=30)
"""How long it is remembered which flux a dropped file became: longer than any queue keeps a message."""


def write(partner: str, login: str) -> None:
    """Give the technical account a folder."""
    for row in (keys.partner(partner) | {"login": login}, keys.partner_of(login) | {"partner": partner}):
        client("dynamodb").put_item(TableName=settings().directory_table, Item=to_item(dict(row)))


def login_of(partner: str) -> str | None:
    """The technical account behind a folder."""
    return _column(keys.partner(partner), "login")


def of_login(login: str) -> str | None:
    """The folder of a technical account, if it is a partner."""
    return _column(keys.partner_of(login), "partner")


def _column(key: keys.Key, name: str) -> str | None:
    answer = client("dynamodb").get_item(TableName=settings().directory_table, Key=to_item(dict(key)))
    return str(from_item(answer["Item"])[name]) if "Item" in answer else None


def claim(key: str, version_id: str, flux_number: str, now: datetime) -> str:
    """The flux number of a dropped file: ``flux_number``, or the one that an earlier run of this gave it."""
    row = keys.applied_event("edi", f"{key} {version_id}")
    values = row | {"flux": flux_number, "expires_at": int((now + CLAIM_KEPT).timestamp())}
    try:
        client("dynamodb").put_item(
            TableName=settings().views_table,
            Item=to_item(values),
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        return str(from_item(error.response["Item"])["flux"])
    return flux_number
