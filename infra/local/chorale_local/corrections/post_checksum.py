"""S3 POST uploads: AWS refuses a body that does not match the checksum among the form's fields; the platform takes it.

Source: S3 API, "POST Object": the field ``x-amz-checksum-sha256``, and the error ``BadDigest``.
"""

import base64
import hashlib
from typing import Any

from ministack.services import s3

FIELD = "x-amz-checksum-sha256"


def apply() -> None:
    """Check the SHA-256 of a posted file against the form's field before the platform stores it."""
    post_object = s3._post_object

    def checked(bucket_name: str, body: bytes, headers: dict[str, str]) -> Any:
        parts = s3._parse_multipart_form(headers.get("content-type", ""), body)
        values = {name.lower(): value for name, _, _, value in parts or ()}
        given = values.get(FIELD, b"").decode("ascii", "replace")
        if given and given != base64.b64encode(hashlib.sha256(values.get("file", b"")).digest()).decode():
            return s3._error("BadDigest", "The SHA256 you specified did not match the calculated checksum.", 400)
        return post_object(bucket_name, body, headers)

    s3._post_object = checked
