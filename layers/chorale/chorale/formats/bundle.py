"""Files given together, as one ZIP archive."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

UNSAFE = re.compile(r"[^\w .()+-]")
"""Whatever could be a path, or mean something to a shell or a file system."""


def bundled(files: Iterable[tuple[str, str, bytes]], day: date) -> bytes:
    """``files`` (folder, name, content) as an archive; the same bytes for the same files and day.

    Names come from users: nothing of them can leave the folder into which the archive is unpacked.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, name, content in files:
            safe = UNSAFE.sub("_", name).strip(". ") or "fichier"
            member = zipfile.ZipInfo(f"{folder}/{safe}", (day.year, day.month, day.day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return held.getvalue()
