"""The directory file: made once for each version of the directory, then read from where it is kept."""

from datetime import datetime, timedelta

from chorale.domain.dates import PARIS
from chorale.stores import objects
from chorale.stores.directory import structures as directory

LINK_WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=25)
"""How long a kept file serves: the bucket drops it after 30 days."""


def directory_file(now: datetime) -> tuple[str, bytes]:
    """The version of the directory and its file, made now if the directory changed since the last one was made."""
    # Read first: what is written meanwhile has another version, and the next caller makes the file again.
    version = directory.version()
    last = directory.published_file()
    if last is not None and last[0] == version and now - last[1] < KEPT:
        return version, objects.get_directory_file(version)
    # Compression and CSV are slow to load, and most callers find the file.
    from chorale.formats.writing.directory_file import zipped

    content = zipped(*directory.published(), now.astimezone(PARIS).date())
    objects.put_directory_file(version, content)
    directory.file_published(version, now)
    return version, content


def directory_file_link(version: str) -> str:
    """Where the file of ``version`` can be fetched, for fifteen minutes."""
    return objects.presigned_directory_file(version, LINK_WINDOW)
