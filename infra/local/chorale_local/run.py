"""make run: build, start the platform, create the stack, seed it, serve it on one port until it is stopped."""

import argparse
import contextlib
import hashlib
import ipaddress
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import httpx
import uvicorn
from chorale.stores.shape import ROWS_SHAPE

from chorale_local import artefacts, emulator, front, holding, simulated_clock, stack
from chorale_local.access import Access
from chorale_local.emulator import Emulator
from chorale_local.places import REQUIREMENTS, STATE, SetUpError, port_of
from chorale_local.seed import cast, login_of, seed_stack

HEALTH = "/cpro/transverses/v1/health-check"
READY_AT_MOST = 300.0
"""Seconds that the health-check may take to answer 200."""
LOOK_EVERY = 0.5
"""Seconds between two looks at the platform."""
REVIVALS = 5
"""Times that a platform which dies is started again, in ``REVIVALS_WITHIN`` seconds: then something is wrong."""
REVIVALS_WITHIN = 120.0
LOOPBACK = "127.0.0.1"

Say = Callable[[str], None]


@dataclass
class Hub:
    """A hub that serves. ``failure`` says why it cannot go on, when its platform keeps dying."""

    base_url: str
    emulator: Emulator
    outputs: dict[str, str]
    failure: str = ""


def main() -> int:
    """Run the hub until it is told to stop; returns the exit code."""
    asked = argparse.ArgumentParser(prog="python -m chorale_local.run", description=__doc__)
    asked.add_argument("--port", default="8000", help="port of the hub (default: %(default)s)")
    asked.add_argument("--host", default=LOOPBACK, help="interface to listen on (default: %(default)s)")
    asked.add_argument("--name", action="append", default=[], help="further name by which callers know this machine")
    asked.add_argument("--fresh", action="store_true", help="forget the state of earlier runs")
    asked.add_argument("--quiet", action="store_true", help="print nothing but errors")
    asked.add_argument("--stop", action="store_true", help="stop the hub of this folder")
    asked.add_argument("--reset", action="store_true", help="stop the hub of this folder and remove its data")
    given = asked.parse_args()
    if given.stop or given.reset:
        print(holding.remove(STATE) if given.reset else holding.stop(STATE))
        return 0

    def say(line: str) -> None:
        # The terminal may be gone.
        with contextlib.suppress(OSError):
            if not given.quiet:
                print(line, flush=True)

    terminal = _stop_on_signals()
    start = time.monotonic()
    try:
        port = port_of(given.port)
        if given.fresh:
            say(holding.remove(STATE))
        with serving(STATE, port, say, host=given.host, names=tuple(given.name)) as hub:
            say(f"Ready in {time.monotonic() - start:.1f} s.\n")
            say(welcome(hub.base_url, STATE))
            if not ipaddress.ip_address(given.host).is_loopback:
                say(WARNING)
            while not hub.failure:
                time.sleep(LOOK_EVERY)
                if terminal is not None and not os.isatty(terminal):
                    raise KeyboardInterrupt
            raise SetUpError(hub.failure)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


def _stop_on_signals() -> int | None:
    """Stop when asked to; the descriptor of a terminal whose end is to be looked for, None when there is none.

    A terminal that closes tells the leader of its session only. That is a shell, which tells this process; where make
    itself leads (a terminal opened for this command), nobody does.
    """
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # Raised in whatever step is under way, so that a start can be stopped too; a second one changes nothing.
        if not stopped.is_set():
            stopped.set()
            raise KeyboardInterrupt

    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, stop)
    # Ignored already: nohup wants the hub to survive its terminal.
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return None
    signal.signal(signal.SIGHUP, stop)
    return next(filter(os.isatty, range(3)), None)


@contextmanager
def serving(
    state: Path, port: int, say: Say = print, *, host: str = LOOPBACK, names: tuple[str, ...] = ()
) -> Iterator[Hub]:
    """A hub on ``port`` of the interface ``host`` with its state under ``state``; stopped whatever happens.

    A platform that dies meanwhile is started again, with all that it had acknowledged.
    """
    with contextlib.ExitStack() as started:
        started.enter_context(holding.held(state, port))
        _demand_free(host, port)
        say("Building ...")
        artefacts.build(say)
        known = keep_or_forget(state, say)
        say("Starting the local AWS platform ...")
        platform = emulator.start(state)
        started.callback(platform.stop)
        holding.write_down(state, port, platform.process.pid)
        outputs = stack.deploy(platform, say)
        say("Seeding the demo parties ...")
        seed_stack(platform.environment, outputs)
        platform.keep()
        note_whole(state)
        shown = LOOPBACK if ipaddress.ip_address(host).is_unspecified else host
        hub = Hub(f"http://{shown}:{port}", platform, outputs)
        started.enter_context(_front(hub, host, port, Access(host, names)))
        started.enter_context(_watched(hub, state, port, say))
        _wait_until_ready(hub.base_url)
        if known:
            # What a stop cut off (machines end with their platform) is taken up again.
            simulated_clock.run_watch(platform)
        yield hub


@contextmanager
def _front(hub: Hub, host: str, port: int, access: Access) -> Iterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(
            front.application(hub.emulator, hub.outputs, access),
            host=host,
            port=port,
            log_level="warning",
            lifespan="off",
            date_header=False,
            server_header=False,
        )
    )
    thread = threading.Thread(target=server.run, name="front", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(5)


@contextmanager
def _watched(hub: Hub, state: Path, port: int, say: Say) -> Iterator[None]:
    ended = threading.Event()

    def watch() -> None:
        deaths: list[float] = []
        while not ended.wait(LOOK_EVERY) and not hub.failure:
            if not holding.is_held_here(state):
                # Stopped in order, the platform would write what it knows into the folder of the next hub.
                hub.failure = f"{state} was removed while the hub ran: its data is gone. Start again with make run."
                hub.emulator.process.kill()
                return
            if hub.emulator.is_alive:
                continue
            deaths = [at for at in deaths if at > time.monotonic() - REVIVALS_WITHIN] + [time.monotonic()]
            if len(deaths) > REVIVALS:
                hub.failure = f"The local AWS platform keeps ending: see {hub.emulator.log}."
                return
            say("The local AWS platform ended by itself: starting it again with what it had kept ...")
            try:
                hub.emulator.revive()
            except SetUpError as error:
                hub.failure = str(error)
                return
            holding.write_down(state, port, hub.emulator.process.pid)

    thread = threading.Thread(target=watch, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def keep_or_forget(state: Path, say: Say) -> bool:
    """Whether there is a state to go on with; any other is removed, and why is said.

    Rows of another shape than the code's would be misread. The platform cannot bring a nested stack up to date, so a
    state is kept for the infrastructure that it was made from (code may change); one whose first start was cut off has
    no whole stack.
    """
    known = _made_from(state).read_text(encoding="utf-8") if _made_from(state).exists() else None
    rows = _rows(state).read_text(encoding="utf-8") if _rows(state).exists() else "unknown"
    same_rows = rows == str(ROWS_SHAPE)
    if known == _infrastructure() and same_rows:
        _demand_whole(state)
        return True
    if known is not None and not same_rows:
        say(f"  the kept rows have another shape ({rows}, this code's is {ROWS_SHAPE}): starting with an empty hub")
    elif known is not None:
        say("  the infrastructure has changed: starting with an empty hub")
    for name in ("services", "objects", "layers", "port", _made_from(state).name, _rows(state).name):
        path = state / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return False


def _demand_whole(state: Path) -> None:
    """Raise SetUpError when a file that the platform kept cannot be read: it would begin without, and write over it."""
    for path in sorted((state / "services").glob("*.json")):
        try:
            json.loads(path.read_bytes())
        except ValueError as error:
            raise SetUpError(
                f"{path} is damaged ({error}). Put a copy in its place, or start with an empty hub: make reset."
            ) from None


def note_whole(state: Path) -> None:
    """Note that the stack of a state is there, which infrastructure it was made from, and the shape of its rows."""
    _rows(state).write_text(str(ROWS_SHAPE), encoding="utf-8")
    _made_from(state).write_text(_infrastructure(), encoding="utf-8")


def _made_from(state: Path) -> Path:
    return state / "templates"


def _rows(state: Path) -> Path:
    return state / "rows"


def _infrastructure() -> str:
    return hashlib.sha256(stack.infrastructure().encode() + REQUIREMENTS.read_bytes()).hexdigest()


def _demand_free(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    except ValueError as error:
        raise SetUpError(f"{host} is not the address of an interface: try HOST=0.0.0.0 for all of them.") from error
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetUpError(
                f"Port {port} is taken: stop what listens on it, or choose another with make run PORT={port + 1}."
            ) from error


def _wait_until_ready(base_url: str) -> None:
    until = time.monotonic() + READY_AT_MOST
    last = "no answer"
    while time.monotonic() < until:
        try:
            answer = httpx.get(base_url + HEALTH, timeout=30)
        except httpx.TransportError as error:
            last = str(error)
        else:
            if answer.status_code == httpx.codes.OK:
                return
            last = f"{answer.status_code} {answer.text[:200]}"
        time.sleep(0.1)
    raise SetUpError(f"The hub does not answer its health-check: {last}")


WARNING = """\
WARNING: this hub listens on every interface, without TLS, with credentials that everybody knows, and its clock, its
data and its faults can be changed by whoever reaches the port. For containers and test networks only: no real data.
"""


def welcome(base_url: str, state: Path = STATE) -> str:
    """What a newcomer needs: address, credentials, a deposit to paste, where the data lies."""
    parties = cast()
    application, accounts = parties["application"], parties["technical_accounts"]
    supplier = login_of("99000007700018")
    size = holding.readable(holding.size_of(state))
    return f"""The hub is at {base_url}  (API: {base_url}/docs; Ctrl-C, or make stop elsewhere, stops it)
Its data lies in {state} ({size}), for the next start too; make reset removes it.

  application        {application["client_id"]} / {application["client_secret"]}
  technical account  {supplier} / {accounts["password"]}
                     (the same for each of the {len(parties["structures"])} demo structures: TECH_1_<siret>@cpro.fr)

A deposit to copy and paste:

  TOKEN=$(curl -s {base_url}/api/oauth/token -d grant_type=client_credentials -d client_id={application["client_id"]} \\
    -d client_secret={application["client_secret"]} -d scope=openid | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')
  ACCOUNT=$(printf '%s' '{supplier}:{accounts["password"]}' | base64 | tr -d '\\n')
  printf '{{"fichierFlux":"%s","nomFichier":"facture-ubl.xml","syntaxeFlux":"IN_DP_E1_UBL_INVOICE"}}' \\
    "$(base64 < examples/facture-ubl.xml | tr -d '\\n')" |
  curl -s {base_url}/cpro/factures/v1/deposer/flux -H "Authorization: Bearer $TOKEN" -H "cpro-account: $ACCOUNT" \\
    -H 'Content-Type: application/json;charset=utf-8' -d @-

or, shorter:  .venv/bin/chorale deposit examples/facture-ubl.xml --to {base_url}

Each example can be deposited once: a second time its number is a duplicate, and refused. Change the number in the file
to send it again; facture-facturx.pdf and facture-facturx.xml are one invoice, with one number.

To send the examples of {base_url}/docs as they stand (once, half a minute):  curl -X POST {base_url}/_local/examples
Own structures:  .venv/bin/chorale structure add --help      Faults, quotas, delays on purpose: docs/local-hub.md
"""


if __name__ == "__main__":
    sys.exit(main())
