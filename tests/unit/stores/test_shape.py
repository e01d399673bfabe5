"""The shape of kept rows is raised when it must be: a local hub forgets rows that it could not read."""

import re
from pathlib import Path

import pytest
from chorale.stores import shape

from tests.unit.stores import rows_shape

STORES = Path(shape.__file__).parent


def test_the_file_of_shapes_is_what_the_classes_are() -> None:
    assert (rows_shape.ROOT / rows_shape.PAGE).read_text(encoding="utf-8") == rows_shape.generated(), "make generate"


def test_every_class_that_a_store_reads_back_is_watched() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in STORES.rglob("*.py"))
    read_back = set(re.findall(r"\b(?:restore|unpacked)\(\s*([A-Z]\w+)", code))
    assert read_back <= {kind.__name__ for kind in rows_shape.KEPT}
    assert "BillingFile" in read_back


WRITTEN = {"Paper": {"id": "int", "note": "str = ...", "amount": "Decimal"}}


@pytest.mark.parametrize(
    ("read", "says"),
    [
        ({"id": "int", "note": "str = ...", "amount": "Decimal", "new": "int = ..."}, []),
        ({"id": "int", "note": "str = ...", "amount": "Decimal = ..."}, []),
        (
            {"id": "int", "note": "str = ...", "amount": "Decimal", "new": "int"},
            ["Paper.new is new and has no default"],
        ),
        ({"id": "int", "amount": "Decimal"}, ["Paper.note is gone"]),
        ({"id": "str", "note": "str = ...", "amount": "Decimal"}, ["Paper.id was int, is str"]),
        ({"id": "int", "note": "str", "amount": "Decimal"}, ["Paper.note has no default any more"]),
    ],
)
def test_what_rows_that_are_kept_lack_or_have_otherwise_cannot_be_read(read: dict[str, str], says: list[str]) -> None:
    assert rows_shape.unreadable(WRITTEN, {"Paper": read}) == says


def test_a_class_that_is_no_longer_kept_breaks_nothing() -> None:
    assert rows_shape.unreadable(WRITTEN, {}) == []


def test_the_file_is_not_written_while_its_shape_is_that_of_rows_that_could_not_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = rows_shape.shapes()
    changed["BillingFile"] = {"other": "int"}
    monkeypatch.setattr(rows_shape, "shapes", lambda: changed)
    with pytest.raises(ValueError, match=r"Raise ROWS_SHAPE.*BillingFile\.id is gone"):
        rows_shape.generated()
    monkeypatch.setattr(rows_shape, "ROWS_SHAPE", shape.ROWS_SHAPE + 1)
    assert "other" in rows_shape.generated()
