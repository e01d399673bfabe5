"""Files given together, as one ZIP archive."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

UNSAFE = re.compile(r"[^\w .()+-]")
"""Whatever could be a path, or mean something to a shell or a file system."""


def entry(folder: object, name: str, day: date) -> zipfile.ZipInfo:
    """The head of a file in an archive, as of ``day``: nothing of ``name``, which a user chose, leaves the folder."""
    safe = UNSAFE.sub("_", name).strip(". ") or "fichier"
    head = zipfile.ZipInfo(f"{folder}/{safe}", (day.year, day.month, day.day, 0, 0, 0))
    head.compress_type = zipfile.ZIP_DEFLATED
    return head


def bundled(files: Iterable[tuple[str, str, bytes]], day: date) -> bytes:
    """``files`` (folder, name, content) as an archive; the same bytes for the same files and day."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, name, content in files:
            archive.writestr(entry(folder, name, day), content)
    return held.getvalue()
