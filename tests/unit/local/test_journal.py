"""The journal of the kept state on a disk without room, or cut off in the middle of a line."""

import os

import pytest
from chorale_local.corrections import journal as files
from chorale_local.corrections.journal import Journal
from ministack.core import persistence


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "services" / "journal")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "services" / "journal"


def written(journal, *lines):
    for line in lines:
        journal.note(line)
    journal.flush()


def full_after(monkeypatch, some_bytes):
    """A disk that takes so many bytes of the next write, then no more."""
    write = os.write
    taken: list[int] = []

    def write_a_little(file, content):
        if taken:
            raise OSError(28, "No space left on device")
        taken.append(write(file, content[:some_bytes]))
        return taken[0]

    monkeypatch.setattr(os, "write", write_a_little)


@pytest.mark.parametrize("some_bytes", [1, 5])
def test_a_full_disk_is_said_and_what_was_noted_is_written_when_there_is_room(journal, path, monkeypatch, some_bytes):
    written(journal, "first")
    before = path.read_bytes()
    with monkeypatch.context() as full:
        full_after(full, some_bytes)
        with pytest.raises(OSError, match="No space left"):
            written(journal, "second")
        assert path.read_bytes() == before

    written(journal, "third")

    assert list(journal.read()) == [["first"], ["second"], ["third"]]


def test_a_torn_end_is_removed_so_that_later_lines_do_not_join_it(journal, path):
    written(journal, "first")
    with path.open("ab") as torn:
        torn.write(b'[["sec')

    assert list(journal.read()) == [["first"]]
    written(Journal(path), "third")

    assert list(journal.read()) == [["first"], ["third"]]


def test_a_line_that_cannot_be_read_does_not_hide_those_after_it(journal, path):
    written(journal, "first")
    with path.open("ab") as torn:
        torn.write(b'[["sec\n')
    written(journal, "third")

    assert list(journal.read()) == [["first"], ["third"]]


def test_a_journal_that_does_not_exist_has_no_lines(journal):
    assert list(journal.read()) == []


def test_a_snapshot_is_written_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(persistence, "STATE_DIR", str(tmp_path))
    monkeypatch.setattr(persistence, "PERSIST_STATE", True)

    files.save("sqs", {"queues": 1})
    files.save("sqs", {"queues": 2})

    assert persistence.load_state("sqs") == {"queues": 2}


def test_a_snapshot_that_was_not_written_is_an_error_and_leaves_the_one_before(tmp_path, monkeypatch):
    monkeypatch.setattr(persistence, "STATE_DIR", str(tmp_path))
    monkeypatch.setattr(persistence, "PERSIST_STATE", True)
    files.save("sqs", {"queues": 1})

    with pytest.raises(OSError, match="the state of sqs could not be written"):
        files.save("sqs", {"queues": object()})

    assert persistence.load_state("sqs") == {"queues": 1}
