"""Files in S3: deposits on their way in, originals and reports that stay."""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from chorale.runtime.settings import settings
from chorale.stores.aws import client, error_code

INCOMING = "incoming/"
WORK = "work/"


class ObjectMissing(Exception):
    """There is no such object, or no such version of it."""


@dataclass(frozen=True, slots=True)
class PresignedPost:
    """Where and with which form fields a browser or an ERP sends a file, without any credential."""

    url: str
    fields: dict[str, str]


def incoming_key(flux_number: str) -> str:
    """Key of a deposited file. Its name stays out of the key: a key is not a place for what a user typed."""
    return f"{INCOMING}{flux_number}"


def work_key(flux_number: str, rank: int) -> str:
    """Key of one member of a batch while the batch is integrated."""
    return f"{WORK}{flux_number}/{rank:05d}"


def original_key(flux_number: str, rank: int) -> str:
    """Key of the original bytes of an accepted invoice."""
    return f"originals/{flux_number}/{rank:05d}"


def report_key(flux_number: str) -> str:
    """Key of the complete integration report."""
    return f"reports/{flux_number}.json"


def flux_of(key: str) -> str | None:
    """The flux number that an incoming key names."""
    number = key.removeprefix(INCOMING)
    return number if key.startswith(INCOMING) and number else None


def presigned_deposit(flux_number: str, size: int, sha256_hex: str, window: timedelta) -> PresignedPost:
    """A presigned POST that pins the key, the ``size`` in bytes, the checksum and the time within which it works."""
    checksum = base64.b64encode(binascii.unhexlify(sha256_hex)).decode()
    pinned = {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
    key = incoming_key(flux_number)
    made = client("s3").generate_presigned_post(
        settings().deposit_bucket,
        key,
        Fields=dict(pinned),
        Conditions=[["content-length-range", size, size], *({name: value} for name, value in pinned.items())],
        ExpiresIn=int(window.total_seconds()),
    )
    return PresignedPost(made["url"], made["fields"])


SCAN_TAG = "GuardDutyMalwareScanStatus"
"""The tag under which GuardDuty leaves the status of a scan on the object."""


def scan_status(key: str, version_id: str) -> str:
    """How the scan of a deposited file ended, as its tag says; empty when nothing was said."""
    answer = client("s3").get_object_tagging(Bucket=settings().deposit_bucket, Key=key, VersionId=version_id)
    return next((tag["Value"] for tag in answer["TagSet"] if tag["Key"] == SCAN_TAG), "")


def put_incoming(flux_number: str, content: bytes) -> None:
    """Put a file that came inside a request where an upload would have put it."""
    _put(settings().deposit_bucket, incoming_key(flux_number), content)


def put_work(flux_number: str, rank: int, content: bytes) -> None:
    """Put one member of a batch for the message that will integrate it."""
    _put(settings().deposit_bucket, work_key(flux_number, rank), content)


def put_original(flux_number: str, rank: int, content: bytes) -> str:
    """Keep the bytes of an accepted invoice; return their key. Keeping the same again changes nothing."""
    key = original_key(flux_number, rank)
    _put(settings().document_bucket, key, content)
    return key


def put_submitted(invoice_id: int, content: bytes) -> str:
    """Keep the PDF made of a keyed invoice; return its key."""
    key = f"originals/submitted/{invoice_id}"
    _put(settings().document_bucket, key, content, content_type="application/pdf")
    return key


def put_main_document(flux_number: str, rank: int, content: bytes) -> str:
    """Keep the PDF that the document of a works paper holds, beside its original; return its key."""
    key = f"{original_key(flux_number, rank)}.pdf"
    _put(settings().document_bucket, key, content, content_type="application/pdf")
    return key


def put_download(name: str, content: bytes) -> str:
    """Put what somebody will fetch in the next minutes; return its key, under work/, where files expire."""
    key = f"{WORK}telechargements/{name}"
    _put(settings().deposit_bucket, key, content)
    return key


def presigned_download(key: str, window: timedelta) -> str:
    """An address at which anybody who has it can fetch a download for the time of ``window``."""
    return _presigned(settings().deposit_bucket, key, window)


def paper_key(paper_id: int) -> str:
    """Key of the main document of a works paper that came by itself."""
    return f"originals/works/{paper_id}.pdf"


def put_paper(paper_id: int, content: bytes) -> str:
    """Keep the main document of a works paper; return its key."""
    key = paper_key(paper_id)
    _put(settings().document_bucket, key, content, content_type="application/pdf")
    return key


def stored_file_key(file_id: int) -> str:
    """Key of a file that waits to be attached: under work/, where files expire after 30 days."""
    return f"{WORK}pj/{file_id}"


def put_stored_file(file_id: int, content: bytes) -> None:
    """Put a file that may be attached later."""
    _put(settings().deposit_bucket, stored_file_key(file_id), content)


def get_stored_file(file_id: int) -> bytes:
    """A file that waits to be attached; raises ObjectMissing when its time is over."""
    return _get(settings().deposit_bucket, stored_file_key(file_id))


def presigned_stored_file(file_id: int, name: str, window: timedelta) -> str:
    """An address at which anybody who has it can fetch a stored file, under ``name``, for the time of ``window``."""
    return _presigned(settings().deposit_bucket, stored_file_key(file_id), window, name)


def attachment_key(file_id: int) -> str:
    """Key of the content of an attachment, which stays."""
    return f"attachments/{file_id}"


def keep_attachment(file_id: int) -> bytes:
    """Keep the content of a stored file for good and return it; again changes nothing. Raises ObjectMissing."""
    content = _get(settings().deposit_bucket, stored_file_key(file_id))
    _put(settings().document_bucket, attachment_key(file_id), content)
    return content


def get_attachment(file_id: int) -> bytes:
    """The content of an attachment."""
    return _get(settings().document_bucket, attachment_key(file_id))


def bundle_key(sha256_hex: str) -> str:
    """Key of files given together, by their content: under work/, where files expire after 30 days."""
    return f"{WORK}pieces/{sha256_hex}.zip"


def put_bundle(sha256_hex: str, content: bytes) -> None:
    """Put files that are too large for an answer where they can be fetched."""
    _put(settings().deposit_bucket, bundle_key(sha256_hex), content, content_type="application/zip")


def presigned_bundle(sha256_hex: str, window: timedelta) -> str:
    """An address at which anybody who has it can read such files for the time of ``window``."""
    return _presigned(settings().deposit_bucket, bundle_key(sha256_hex), window)


def put_report(flux_number: str, content: bytes) -> str:
    """Keep the complete report of a flux; return its key."""
    key = report_key(flux_number)
    _put(settings().document_bucket, key, content, content_type="application/json")
    return key


def get_edi(key: str, version_id: str) -> bytes:
    """A file that a partner dropped in its folder."""
    return _get(settings().deposit_bucket, key, version_id)


def put_edi(key: str, content: bytes) -> None:
    """Put a file in the folder of a partner; the same file again changes nothing."""
    _put(settings().deposit_bucket, key, content, content_type="application/xml")


def directory_file_key(version: str) -> str:
    """Key of the directory file of one version: under work/, where files expire after 30 days."""
    return f"{WORK}annuaire/{version}.zip"


def put_directory_file(version: str, content: bytes) -> None:
    """Keep the directory file of one version."""
    _put(settings().deposit_bucket, directory_file_key(version), content, content_type="application/zip")


def get_directory_file(version: str) -> bytes:
    """The directory file of one version; raises ObjectMissing."""
    return _get(settings().deposit_bucket, directory_file_key(version))


def presigned_directory_file(version: str, window: timedelta) -> str:
    """An address at which anybody can read the directory file of one version for the time of ``window``."""
    return _presigned(settings().deposit_bucket, directory_file_key(version), window)


def get_incoming(key: str, version_id: str) -> bytes:
    """The deposited file, in the version that was received first."""
    return _get(settings().deposit_bucket, key, version_id)


def incoming_version(flux_number: str) -> str | None:
    """The version of the file that was deposited for a flux; None when none came."""
    try:
        found = client("s3").head_object(Bucket=settings().deposit_bucket, Key=incoming_key(flux_number))
    except ClientError as error:
        if error_code(error) in ("404", "NoSuchKey", "NotFound"):
            return None
        raise
    version: str = found["VersionId"]
    return version


def first_incoming_version(flux_number: str) -> str | None:
    """The version of a deposited file that counts, the first one; None when none came."""
    key = incoming_key(flux_number)
    pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=settings().deposit_bucket, Prefix=key)
    # Latest first, and other keys may begin as this one does.
    versions = [entry["VersionId"] for page in pages for entry in page.get("Versions", []) if entry["Key"] == key]
    return versions[-1] if versions else None


def get_work(flux_number: str, rank: int) -> bytes:
    """One member of a batch."""
    return _get(settings().deposit_bucket, work_key(flux_number, rank))


def presigned_document(key: str, window: timedelta) -> str:
    """An address at which anybody can read an original or a report for the time of ``window``."""
    return _presigned(settings().document_bucket, key, window)


def get_document(key: str) -> bytes:
    """An original or a report."""
    return _get(settings().document_bucket, key)


def _presigned(bucket: str, key: str, window: timedelta, name: str = "") -> str:
    """A link that a browser saves and never shows: what users sent must not run under the address of the storage."""
    named = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    link: str = client("s3").generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket, "Key": key, "ResponseContentDisposition": f"attachment{named}"},
        ExpiresIn=int(window.total_seconds()),
    )
    return link


def _put(bucket: str, key: str, content: bytes, content_type: str = "application/octet-stream") -> None:
    client("s3").put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type, ChecksumAlgorithm="SHA256")


def _get(bucket: str, key: str, version_id: str = "") -> bytes:
    version: dict[str, Any] = {"VersionId": version_id} if version_id else {}
    try:
        content: bytes = client("s3").get_object(Bucket=bucket, Key=key, **version)["Body"].read()
    except ClientError as error:
        if error_code(error) in ("NoSuchKey", "NoSuchVersion", "404"):
            raise ObjectMissing(key) from error
        raise
    return content
