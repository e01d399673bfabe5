"""make run, as the person at the keyboard sees it: one sentence when it cannot start, nothing left when it stops."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from chorale_local import emulator, examples, run
from chorale_local.demo import SUPPLIER, connected
from chorale_local.emulator import Emulator
from chorale_local.places import ROOT

from tests.journeys.conftest import Samples

pytestmark = pytest.mark.platform

COMMAND = [sys.executable, "-m", "chorale_local.run"]


def told(command: list[str]) -> subprocess.CompletedProcess[str]:
    """What a command says and how it ends."""
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


def test_a_taken_port_is_said_in_one_sentence_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = told([*COMMAND, "--port", str(port)])

    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"Port {port} is taken: stop what listens on it, or choose another with make run PORT={port + 1}."
    )


def test_a_python_too_old_is_said_in_one_sentence(tmp_path):
    old = tmp_path / "python-of-old"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.1" && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "layers/dependencies").mkdir(parents=True)
    (tmp_path / "layers/dependencies/requirements.txt").touch()

    done = told(["make", "-C", str(tmp_path), "run", f"PYTHON={old}"])

    assert done.returncode != 0
    assert "Chorale needs Python 3.11 or newer" in done.stdout
    assert "Python 3.9.1" in done.stdout


def test_a_missing_python_is_said_in_one_sentence(tmp_path):
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "layers/dependencies").mkdir(parents=True)
    (tmp_path / "layers/dependencies/requirements.txt").touch()

    done = subprocess.run(
        ["make", "-C", str(tmp_path), "run", "PYTHON=no-such-python"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode != 0
    assert "no-such-python was not found" in done.stdout


def processes_of(state: Path) -> list[str]:
    """Command lines of the running processes that were given this state folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(state).encode() in (entry / "environ").read_bytes() and int(entry.name) != os.getpid():
                found.append((entry / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("signalled", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_platform_and_every_function(signalled, tmp_path):
    state = tmp_path / "state"
    port = emulator.free_port()
    program = (
        "import sys; from pathlib import Path; from chorale_local import run; "
        f"run.STATE = Path({str(state)!r}); sys.argv = ['run', '--port', '{port}']; sys.exit(run.main())"
    )
    started = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert started.stdout is not None
    lines = []
    for line in started.stdout:
        lines.append(line)
        if line.startswith("Ready"):
            break
    assert httpx.get(f"http://127.0.0.1:{port}{run.HEALTH}", timeout=30).status_code == 200
    assert processes_of(state)

    started.send_signal(signalled)

    assert started.wait(30) == 0
    until = time.monotonic() + 5
    while processes_of(state) and time.monotonic() < until:
        time.sleep(0.1)
    assert processes_of(state) == []


def test_a_start_that_fails_half_way_leaves_nothing_running(tmp_path, monkeypatch):
    started: list[Emulator] = []
    start = emulator.start

    def remembered(*args, **kwargs):
        started.append(start(*args, **kwargs))
        return started[0]

    def broken(*_args):
        raise run.SetUpError("no stack today")

    monkeypatch.setattr(emulator, "start", remembered)
    monkeypatch.setattr(run.stack, "deploy", broken)

    with pytest.raises(run.SetUpError), run.serving(tmp_path / "state", emulator.free_port(), lambda _line: None):
        pass

    assert started[0].process.poll() is not None


def test_the_next_run_finds_what_the_last_one_kept(tmp_path):
    samples = Samples(examples.today())
    with run.serving(tmp_path / "state", emulator.free_port(), lambda _line: None) as first:
        client = connected(first.base_url, SUPPLIER)
        before = client.wait(client.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl()))
    with run.serving(tmp_path / "state", emulator.free_port(), lambda _line: None) as second:
        again = connected(second.base_url, SUPPLIER)
        after = again.report(before["numeroFluxDepot"])
        fresh = again.wait(again.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl()))

    assert after["rapport"] == before["rapport"]
    assert fresh["etat"] == "IN_INTEGRE"
    assert fresh["numeroFluxDepot"] > before["numeroFluxDepot"]
