"""Which state of earlier runs a start goes on with."""

import pytest
from chorale.stores.shape import ROWS_SHAPE
from chorale_local import run


@pytest.fixture
def state(tmp_path):
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "cloudformation.json").write_text("{}", encoding="utf-8")
    (tmp_path / "port").write_text("4566", encoding="utf-8")
    return tmp_path


def kept(state, said):
    return run.keep_or_forget(state, said.append), sorted(path.name for path in state.iterdir())


def test_a_state_of_these_templates_is_gone_on_with(state):
    run.note_whole(state)
    said: list[str] = []

    assert kept(state, said) == (True, ["port", "rows", "services", "templates"])
    assert said == []


def test_a_state_of_other_templates_is_removed_and_that_is_said(state):
    run.note_whole(state)
    (state / "templates").write_text("others", encoding="utf-8")
    said: list[str] = []

    assert kept(state, said) == (False, [])
    assert said == ["  the infrastructure has changed: starting with an empty hub"]


def test_a_first_start_that_was_cut_off_does_not_block_the_next_one(state):
    said: list[str] = []

    assert kept(state, said) == (False, [])
    assert said == []


@pytest.mark.parametrize("shape", [str(ROWS_SHAPE + 1), "0", None])
def test_rows_of_another_shape_are_removed_and_that_is_said(state, shape):
    run.note_whole(state)
    (state / "rows").unlink() if shape is None else (state / "rows").write_text(shape, encoding="utf-8")
    said: list[str] = []

    assert kept(state, said) == (False, [])
    was = shape or "unknown"
    assert said == [
        f"  the kept rows have another shape ({was}, this code's is {ROWS_SHAPE}): starting with an empty hub"
    ]
