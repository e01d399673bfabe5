"""Files that could harm whoever opens them: what is refused by its content, and how the rest stays inert."""

import re

_TEST_VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The file by which antivirus programs are tried (EICAR, 2003). In two parts: this source file is no virus."""

PAGES = frozenset({"HTM", "HTML", "SVG", "XHTML"})
"""Extensions of pages, which the public platform takes and a browser would run."""
_PAGE = re.compile(rb"<(?:[\w.-]+:)?(?:!doctype\s+html|html|svg)\b", re.IGNORECASE)
_PAGE_WITHIN = 4_096
_CODE_FIRST = re.compile(
    rb"[\s\xef\xbb\xbf\xff\xfe]*(?:<\?xml[^>]*>\s*)?<(?:script|iframe|frameset|object|embed|applet|meta|base|body|head)\b",
    re.IGNORECASE,
)
"""A page that leaves out its first tags: a browser that guesses takes it for one, whatever its name says."""
_RUNS = re.compile(
    rb"<(?:[\w.-]+:)?(script|iframe|frame|object|embed|applet|foreignobject|form|base|meta\s[^>]*http-equiv)\b"
    rb"|[\s\"'/](on[a-z]{3,})\s*="
    rb"|(?:java|vb)\s*script\s*:"
    rb"|data\s*:\s*text/html",
    re.IGNORECASE,
)
INERT_TYPES = frozenset(
    {
        "application/gzip", "application/msword", "application/pdf", "application/pkcs7-signature", "application/rtf",
        "application/zip", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/tiff", "text/csv", "text/plain",
    }
)  # fmt: skip
OPAQUE = "application/octet-stream"
NOT_IN_NAMES = frozenset('/\\:*?"<>|')
"""Characters of a file name that a file system gives a meaning to."""


def is_test_virus(content: bytes) -> bool:
    """Whether the EICAR test file is in ``content``."""
    return _TEST_VIRUS in content


def is_page(extension: str, content: bytes) -> bool:
    """Whether a file is HTML or SVG, by its extension (capital letters) or by its beginning."""
    start = content[:_PAGE_WITHIN].replace(b"\0", b"")
    return extension in PAGES or bool(_PAGE.search(start) or _CODE_FIRST.match(start))


def runs_in_page(content: bytes) -> str:
    """What in an HTML or SVG file runs, loads or sends something: the first of it, in small letters; empty for none."""
    found = _RUNS.search(content.replace(b"\0", b""))
    return " ".join(found.group().decode("latin-1").lower().strip("\"'/ \t\r\n<=").split()) if found else ""


def safe_name(name: str) -> str:
    """A file name without path, invisible character or character that a file system gives a meaning to."""
    return (
        "".join("_" if not one.isprintable() or one in NOT_IN_NAMES else one for one in name).lstrip(".") or "fichier"
    )


def inert_type(mime_type: str) -> str:
    """The type under which a file is given: its own where nothing runs, else that of opaque bytes.

    Office documents keep theirs: no browser opens them by itself.
    """
    plain = mime_type.partition(";")[0].strip().lower()
    known = plain in INERT_TYPES or plain.startswith("application/vnd.o") or plain.startswith("application/vnd.ms-")
    return mime_type if known else OPAQUE
