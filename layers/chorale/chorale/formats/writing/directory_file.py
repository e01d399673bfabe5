"""The directory file: a ZIP of two CSV files, structures and services, in UTF-8 with semicolons."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from chorale.domain.directory.directory_file import (
    DELIMITER,
    SERVICE_COLUMNS,
    STRUCTURE_COLUMNS,
    service_row,
    structure_row,
)
from chorale.domain.directory.structures import Service, Structure

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by spreadsheets: names come from users."""
PHONE = re.compile(r"\+[0-9 ().-]+")
MEMBER_NAME = "AIFE-Chorus-Pro-Annuaire_{day:%Y%m%d}{part}.csv"


def zipped(structures: Sequence[Structure], services: Sequence[Service], day: date) -> bytes:
    """The file of ``day``, structures by identifier, services by structure then code; the same for the same content."""
    owners = {structure.id: structure for structure in structures}
    listed = sorted(structures, key=lambda row: (row.identifier, row.id))
    attached = sorted(services, key=lambda row: (owners[row.structure_id].identifier, row.code))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, day, "", STRUCTURE_COLUMNS, map(structure_row, listed))
        rows = (service_row(row, owners[row.structure_id]) for row in attached)
        _add(archive, day, "-services-only", SERVICE_COLUMNS, rows)
    return held.getvalue()


def _add(
    archive: zipfile.ZipFile, day: date, part: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]]
) -> None:
    member = zipfile.ZipInfo(MEMBER_NAME.format(day=day, part=part), (day.year, day.month, day.day, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(member, "w") as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        written = csv.DictWriter(text, columns, delimiter=DELIMITER, lineterminator="\r\n")
        written.writeheader()
        written.writerows({name: _inert(value) for name, value in row.items()} for row in rows)


def _inert(value: str) -> str:
    return "'" + value if value.startswith(FORMULA_STARTS) and not PHONE.fullmatch(value) else value
