"""What may be asked of the local platform from outside: plain paths, and files whose address or form a function signed.

The platform behind the hub's port serves much more than the API and its files: its own reset, its queues, every AWS
service as the root user. Nothing of that is reached by a path that says one thing here and another there.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

SIGNER = re.compile(r"ASIA[0-9A-Z]+/[0-9]{8}/[a-z0-9-]+/s3/aws4_request")
"""Of a function's role: its keys are temporary, and begin so. The root user's key is public, and signs nothing here."""
ADDRESS_FIELDS = re.compile(r"x-amz-[a-z0-9-]+|response-[a-z-]+|versionid|x-id")
"""What the query of a presigned address says (S3 API, "GetObject")."""
FORM = re.compile(r'multipart/form-data; ?boundary=(?P<quote>"?)(?P<boundary>[A-Za-z0-9\'()+_,./:=?-]{1,70})(?P=quote)')
CREDENTIAL, SIGNATURE = "x-amz-credential", "x-amz-signature"
OLD_CREDENTIAL = "awsaccesskeyid"
"""Of signature version 2, which the hub does not use."""


def segments(raw_path: bytes) -> list[str] | None:
    """The decoded segments of a path as it was sent; None when somebody further on could read another path in it."""
    if not raw_path.startswith(b"/") or not raw_path.isascii() or b"\\" in raw_path:
        return None
    decoded = [unquote_to_bytes(part) for part in raw_path[1:].split(b"/")]
    if any(part in (b".", b"..") or b"/" in part or b"\\" in part or b"\0" in part for part in decoded):
        return None
    return [part.decode("utf-8", "replace") for part in decoded]


def is_signed_address(query: Iterable[tuple[str, str]]) -> bool:
    """Whether the query of an address is that of a download which a function signed."""
    fields = [(name.lower(), value) for name, value in query]
    signers = [value for name, value in fields if name == CREDENTIAL]
    return (
        all(ADDRESS_FIELDS.fullmatch(name) for name, _ in fields)
        and sum(name == SIGNATURE for name, _ in fields) == 1
        and len(signers) == 1
        and SIGNER.fullmatch(signers[0]) is not None
    )


def is_signed_form(content_type: str, body: bytes) -> bool:
    """Whether a body is a form for an upload which a function signed, and nobody else beside it."""
    form = FORM.fullmatch(content_type)
    if form is None:
        return False
    signers = 0
    for head, value in _parts(body, b"--" + form["boundary"].encode()):
        said = head.lower()
        if OLD_CREDENTIAL.encode() in said:
            return False
        if CREDENTIAL.encode() in said:
            signers += 1
            if SIGNER.fullmatch(value.decode("latin-1")) is None:
                return False
    return signers == 1


def _parts(body: bytes, delimiter: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Headers and the first bytes of each part, cut as the platform cuts them."""
    start = body.find(delimiter)
    while start >= 0:
        start += len(delimiter)
        end = body.find(delimiter, start)
        last = len(body) if end < 0 else end
        first = start + 2 if body.startswith(b"\r\n", start) else start
        blank = body.find(b"\r\n\r\n", first, last)
        if blank >= 0:
            value = body[blank + 4 : min(last, blank + 4 + 300)]
            yield body[first:blank], value.removesuffix(b"\r\n")
        start = end
