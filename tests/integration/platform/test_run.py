"""make run, as the person at the keyboard sees it: one sentence when it cannot start, nothing left when it stops."""

import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from chorale_local import artefacts, emulator, examples, holding, run, stack
from chorale_local.artefacts import STAMP
from chorale_local.demo import SUPPLIER, connected
from chorale_local.emulator import Emulator
from chorale_local.places import BUILD, ROOT, SetUpError

from tests.journeys.conftest import Samples
from tests.patience import PATIENT

pytestmark = pytest.mark.platform

COMMAND = [sys.executable, "-m", "chorale_local.run"]


def told(command: list[str]) -> subprocess.CompletedProcess[str]:
    """What a command says and how it ends."""
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENT, check=False, cwd=ROOT)


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


def clone(folder: Path) -> None:
    """What make looks at before it does anything."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    for name in ("layers/dependencies/requirements.txt", "infra/local/requirements.txt", "infra/local/set_up.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_a_python_too_old_is_said_in_one_sentence(tmp_path):
    old = tmp_path / "python-of-old"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.1" && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    clone(tmp_path)

    done = told(["make", "-C", str(tmp_path), "run", f"PYTHON={old}"])

    assert done.returncode != 0
    assert "Chorale needs Python 3.11 or newer" in done.stdout
    assert "Python 3.9.1" in done.stdout


def test_a_missing_python_is_said_in_one_sentence(tmp_path):
    clone(tmp_path)

    done = subprocess.run(
        ["make", "-C", str(tmp_path), "run", "PYTHON=no-such-python"],
        capture_output=True,
        text=True,
        timeout=PATIENT,
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


def hub_program(state: Path, port: int) -> str:
    """What make run runs, with this state."""
    return (
        "import sys; from pathlib import Path; from chorale_local import run; "
        f"run.STATE = Path({str(state)!r}); sys.argv = ['run', '--port', '{port}']; sys.exit(run.main())"
    )


def _hear_hang_ups() -> None:
    """As a terminal starts a program; one that ignores them, as under nohup, hands that on to what it starts."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def started_hub(state: Path, port: int) -> subprocess.Popen[str]:
    """make run in a process of its own, with this state, once it is ready."""
    command = [sys.executable, "-c", hub_program(state, port)]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, preexec_fn=_hear_hang_ups)  # noqa: PLW1509
    assert started.stdout is not None
    while not (line := started.stdout.readline()).startswith("Ready"):
        assert line, "the hub did not start"
    return started


def wait_for_the_end_of(state: Path) -> list[str]:
    """What still runs with this state after some seconds."""
    until = time.monotonic() + PATIENT
    while (left := processes_of(state)) and time.monotonic() < until:
        time.sleep(0.1)
    return left


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP, "make stop"])
def test_a_signal_a_closed_terminal_and_make_stop_end_the_platform_and_every_function(how, tmp_path):
    state, port = tmp_path / "state", emulator.free_port()
    started = started_hub(state, port)
    assert httpx.get(f"http://127.0.0.1:{port}{run.HEALTH}", timeout=PATIENT).status_code == 200
    assert processes_of(state)

    if isinstance(how, signal.Signals):
        started.send_signal(how)
    else:
        assert holding.stop(state) == f"The hub on port {port} is stopped."

    assert started.wait(60) == 0
    assert wait_for_the_end_of(state) == []
    assert not (state / "tmp").exists()


def test_a_terminal_that_was_opened_for_make_run_takes_the_hub_with_it(tmp_path):
    state, port = tmp_path / "state", emulator.free_port()
    (tmp_path / "Makefile").write_text(f'run:\n\t@exec {sys.executable} -c "{hub_program(state, port)}"\n')
    # make leads the session of its terminal: unlike a shell it passes the hang-up on to nobody.
    leader, terminal = pty.fork()
    if leader == 0:
        _hear_hang_ups()
        os.execvp("make", ["make", "-C", str(tmp_path), "run"])
    printed = b""
    while b"Ready" not in printed:
        printed += os.read(terminal, 4096)
    assert processes_of(state)

    os.close(terminal)

    assert wait_for_the_end_of(state) == []
    os.waitpid(leader, 0)


def test_a_hub_whose_data_was_removed_stops_and_writes_nothing_there(tmp_path):
    state = tmp_path / "state"
    started = started_hub(state, emulator.free_port())

    # The platform and its functions write there at the same time.
    shutil.rmtree(state, ignore_errors=True)

    assert started.wait(60) == 2
    assert wait_for_the_end_of(state) == []
    assert not list(state.glob("services/*"))


def test_a_kept_state_that_is_damaged_is_said_and_left_as_it_is(tmp_path):
    run.note_whole(tmp_path)
    (tmp_path / "services").mkdir()
    damaged = tmp_path / "services" / "dynamodb.json"
    damaged.write_text('{"tables": {', encoding="utf-8")

    with pytest.raises(SetUpError, match=r"dynamodb\.json is damaged .* make reset"):
        run.keep_or_forget(tmp_path, lambda _line: None)

    assert damaged.read_text(encoding="utf-8") == '{"tables": {'


@pytest.mark.parametrize("port", ["99999", "0", "-1", "http", "８０８０"])
def test_a_port_that_is_none_is_refused_in_a_sentence(port):
    done = told([*COMMAND, f"--port={port}"])

    assert done.returncode == 2
    assert "give a number from 1 to 65535" in done.stderr


def test_what_a_hub_acknowledged_survives_kill_9_of_the_hub_and_of_its_platform(tmp_path):
    state, port, samples = tmp_path / "state", emulator.free_port(), Samples(examples.today())
    killed = started_hub(state, port)
    client = connected(f"http://127.0.0.1:{port}", SUPPLIER)
    first = client.wait(client.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl()))
    unread = client.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl())

    killed.kill()

    assert killed.wait(10) == -signal.SIGKILL
    assert wait_for_the_end_of(state) == []
    with run.serving(state, port, lambda _line: None) as hub:
        assert hub.emulator.client("dynamodb").describe_table(TableName=hub.outputs["LedgerTable"])
        second = client.wait(unread)
        third = client.wait(client.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl()))
        unread = client.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl())
        dead = hub.emulator.process

        os.killpg(dead.pid, signal.SIGKILL)

        assert dead.wait(10) == -signal.SIGKILL
        wait_until_answered(hub.base_url)
        fourth = client.wait(unread, patience=PATIENT)
        assert client.report(first["numeroFluxDepot"])["rapport"] == first["rapport"]
        assert not hub.failure

    reports = [first, second, third, fourth]
    assert {report["etat"] for report in reports} == {"IN_INTEGRE"}
    numbers = [report["numeroFluxDepot"] for report in reports]
    assert numbers == sorted(set(numbers))
    invoices = [line["invoice_id"] for report in reports for line in report["rapport"]["ranks"]]
    assert len(set(invoices)) == 4


def wait_until_answered(base_url: str) -> None:
    """Wait until the platform that died is there again."""
    until = time.monotonic() + PATIENT
    while time.monotonic() < until:
        try:
            if httpx.get(base_url + run.HEALTH, timeout=PATIENT).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("the platform did not come back")


def test_a_start_that_fails_half_way_leaves_nothing_running(tmp_path, monkeypatch):
    started: list[Emulator] = []
    start = emulator.start

    def remembered(*args, **kwargs):
        started.append(start(*args, **kwargs))
        return started[0]

    def broken(*_args):
        raise SetUpError("no stack today")

    monkeypatch.setattr(emulator, "start", remembered)
    monkeypatch.setattr(stack, "deploy", broken)

    with pytest.raises(SetUpError), run.serving(tmp_path / "state", emulator.free_port(), lambda _line: None):
        pass

    assert started[0].process.poll() is not None


def events_counted(hub: run.Hub, more_than: int = 0) -> int:
    """How many events of the ledger's stream have reached the counters, once there are more and no others follow."""
    until, before, now = time.monotonic() + PATIENT, -1, 0
    while (now <= more_than or now != before) and time.monotonic() < until:
        time.sleep(1)
        table = hub.outputs["ViewsTable"]
        before, now = now, hub.emulator.client("dynamodb").scan(TableName=table, Select="COUNT")["Count"]
    return now


def changed_build(folder: Path) -> None:
    """The build as a change of the layer and of the function of a nested stack leaves it."""
    for kind, changed in (("layers", "chorale"), ("functions", "notify")):
        (folder / kind).mkdir(parents=True)
        for part in (BUILD / kind).iterdir():
            if part.name != changed:
                (folder / kind / part.name).symlink_to(part)
        copied = shutil.copytree(
            BUILD / kind / changed, folder / kind / changed, ignore=shutil.ignore_patterns("__pycache__")
        )
        (copied / STAMP).write_text("changed", encoding="utf-8")
    routes = folder / "layers" / "chorale" / "python" / "chorale" / "apidoc" / "routes.py"
    routes.write_text(f"{routes.read_text(encoding='utf-8')}\nAVAILABLE = 'changed'\n", encoding="utf-8")
    with (folder / "functions" / "notify" / "app.py").open("a", encoding="utf-8") as function:
        function.write("# changed\n")


def code_of(hub: run.Hub, function: str) -> str:
    """The digest of the code that a function runs."""
    found = hub.emulator.client("lambda").get_function_configuration(FunctionName=f"{stack.PREFIX}{function}")
    return str(found["CodeSha256"])


def test_the_next_run_finds_what_the_last_one_kept_and_runs_the_code_that_changed(tmp_path, monkeypatch):
    samples, said = Samples(examples.today()), list[str]()
    with run.serving(tmp_path / "state", emulator.free_port(), lambda _line: None) as first:
        client = connected(first.base_url, SUPPLIER)
        before = client.wait(client.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl()))
        counted = events_counted(first)
        codes = [code_of(first, function) for function in ("notify", "api-docs")]
    changed_build(tmp_path / "build")
    monkeypatch.setattr(artefacts, "build", lambda _say: None)
    monkeypatch.setattr(stack, "LAYERS", tmp_path / "build" / "layers")
    monkeypatch.setattr(stack, "FUNCTIONS", tmp_path / "build" / "functions")
    with run.serving(tmp_path / "state", emulator.free_port(), said.append) as second:
        again = connected(second.base_url, SUPPLIER)
        after = again.report(before["numeroFluxDepot"])
        fresh = again.wait(again.deposit(examples.UBL, "IN_DP_E1_UBL_INVOICE", samples.ubl()))
        assert events_counted(second, more_than=counted) > counted > 0
        assert httpx.get(second.base_url + run.HEALTH, timeout=PATIENT).json()["body"] == "changed"
        assert code_of(second, "notify") != codes[0]
        assert code_of(second, "api-docs") == codes[1]

    assert "  new code in the kept stack: ChoraleLayer, chorale-local-notify" in said
    assert after["rapport"] == before["rapport"]
    assert fresh["etat"] == "IN_INTEGRE"
    assert fresh["numeroFluxDepot"] > before["numeroFluxDepot"]
