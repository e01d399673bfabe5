"""A state folder has one hub; a dead one is seen to be dead, whatever took its number since."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from chorale_local import holding
from chorale_local.holding import Process
from chorale_local.places import SetUpError


def test_a_folder_is_held_by_one_hub_at_a_time(tmp_path):
    with (
        holding.held(tmp_path, 8123),
        pytest.raises(SetUpError, match="runs already on port 8123"),
        holding.held(tmp_path, 8124),
    ):
        pass

    assert holding.holder(tmp_path) is None
    with holding.held(tmp_path, 8125):
        pass


def test_a_folder_that_was_removed_meanwhile_is_not_held_any_more_and_the_note_of_the_next_hub_stays(tmp_path):
    state = tmp_path / "state"
    with holding.held(state, 8123):
        assert holding.is_held_here(state)
        shutil.rmtree(state)
        assert not holding.is_held_here(state)
        state.mkdir()
        note = '{"hub": {"pid": 1, "started": "1"}, "port": 8124, "platform": null}'
        (state / "hub.json").write_text(note, encoding="utf-8")

    assert (state / "hub.json").read_text(encoding="utf-8") == note


def test_a_process_that_ended_is_not_taken_for_another_with_its_number(tmp_path):
    me = Process.of(os.getpid())
    assert me is not None
    assert me.is_alive

    assert not Process(me.pid, "another start").is_alive


def test_a_platform_that_a_dead_hub_left_is_ended_before_the_folder_is_taken(tmp_path):
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    platform = Process.of(left.pid)
    assert platform is not None
    note = {"hub": {"pid": 2**22 + 1, "started": "1"}, "port": 8123}
    note["platform"] = {"pid": platform.pid, "started": platform.started}
    (tmp_path / "hub.json").write_text(json.dumps(note), encoding="utf-8")

    with holding.held(tmp_path, 8123):
        assert left.poll() is not None


def test_stopping_what_does_not_run_says_so_and_a_note_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / "hub.json").write_text("{", encoding="utf-8")

    assert holding.stop(tmp_path) == "No hub of this folder runs."


def test_removing_the_data_says_where_it_was_and_how_large(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    (state / "file").write_bytes(b"x" * 3_000_000)

    assert holding.remove(state) == f"No hub of this folder runs. Removed {state} (3 MB)."
    assert not state.exists()


def test_sizes_are_written_for_a_person():
    assert [holding.readable(size) for size in (0, 236_400_000, 8_100_000_000)] == ["0 MB", "236 MB", "8.1 GB"]
