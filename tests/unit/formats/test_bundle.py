"""Archives of files whose names come from users."""

import io
import zipfile
from datetime import date

import pytest
from chorale.formats.writing.bundle import bundled

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("BL 7 (bis).pdf", "1/BL 7 (bis).pdf"),
        ("métré.pdf", "1/métré.pdf"),
        ("../../etc/passwd", "1/_.._etc_passwd"),
        ("C:\\a.pdf", "1/C__a.pdf"),
        ("a\0b", "1/a_b"),
        ("..", "1/fichier"),
    ],
)
def test_no_name_leaves_its_folder(name: str, kept: str) -> None:
    with zipfile.ZipFile(io.BytesIO(bundled([("1", name, b"x")], DAY))) as archive:
        assert (archive.namelist(), archive.read(kept)) == ([kept], b"x")


def test_the_same_files_give_the_same_bytes() -> None:
    assert bundled([("1", "a", b"x")], DAY) == bundled([("1", "a", b"x")], DAY)
