"""Which documents the ledger names, and what the document bucket has of them."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chorale.runtime.settings import settings
from chorale.stores import keys, objects
from chorale.stores.aws import client, error_code, from_item, to_item
from chorale.stores.deposits import flux as flux_store
from chorale.stores.invoices import recorded as invoices


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A document that must be in the bucket under ``key``; ``size`` (bytes) and ``sha256`` (hexadecimal) if known."""

    key: str
    named_at: datetime
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class KeptObject:
    """What the bucket says of an object; ``sha256`` is empty where S3 has none of the whole."""

    size: int
    sha256: str


def named_documents() -> Iterator[NamedDocument]:
    """Every original, report and attachment that the ledger names: the whole ledger is read."""
    pages = (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=settings().ledger_table,
            FilterExpression="(sk = :head AND kind IN (:invoice, :flux)) OR begins_with(sk, :attachments)",
            ExpressionAttributeValues=to_item(
                {
                    ":head": keys.HEAD,
                    ":invoice": invoices.KIND,
                    ":flux": flux_store.KIND,
                    ":attachments": keys.ATTACHMENT_PREFIX,
                }
            ),
        )
    )
    for page in pages:
        for item in page["Items"]:
            yield from _named_by(from_item(item))


def _named_by(row: dict[str, Any]) -> Iterator[NamedDocument]:
    if "attachment" in row:
        file = row["attachment"]
        key = objects.attachment_key(int(file["id"]))
        yield NamedDocument(key, datetime.fromisoformat(file["at"]), int(file["size"]), file["sha256"])
    elif row.get("original_key"):
        summary = row["summary"]
        # A works paper that was keyed in has no size: its document is the paper itself.
        size = int(summary.get("size", 0)) or None
        yield NamedDocument(row["original_key"], datetime.fromisoformat(summary["deposited_at"]), size)
    elif row.get("report_key"):
        yield NamedDocument(row["report_key"], datetime.fromisoformat(row["state_at"]))


def kept(key: str) -> KeptObject | None:
    """What the document bucket has under ``key``; None for nothing."""
    try:
        found = client("s3").head_object(Bucket=settings().document_bucket, Key=key, ChecksumMode="ENABLED")
    except ClientError as error:
        if error_code(error) in ("404", "NoSuchKey", "NotFound"):
            return None
        raise
    return KeptObject(found["ContentLength"], _hexadecimal(found.get("ChecksumSHA256", "")))


def _hexadecimal(checksum: str) -> str:
    """The digest in base64, as S3 gives it, in hexadecimal; empty for that of a multipart upload, which is of parts."""
    return base64.b64decode(checksum).hex() if checksum and "-" not in checksum else ""
