"""make run: build, start the platform, create the stack, seed it, serve it on one port until it is stopped."""

import argparse
import contextlib
import hashlib
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

from chorale_local import artefacts, emulator, front, stack
from chorale_local.emulator import Emulator
from chorale_local.places import PLATFORM_REQUIREMENTS, ROOT, STATE, TEMPLATE, SetUpError
from chorale_local.seed import cast, login_of, seed_stack

HEALTH = "/cpro/transverses/v1/health-check"
READY_AT_MOST = 60.0
"""Seconds that the health-check may take to answer 200."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Hub:
    """A hub that serves."""

    base_url: str
    emulator: Emulator
    outputs: dict[str, str]


def main() -> int:
    """Run the hub until it is told to stop; returns the exit code."""
    asked = argparse.ArgumentParser(prog="python -m chorale_local.run", description=__doc__)
    asked.add_argument("--port", type=int, default=8000, help="port of the hub (default: %(default)s)")
    asked.add_argument("--fresh", action="store_true", help="forget the state of earlier runs")
    asked.add_argument("--quiet", action="store_true", help="print nothing but errors")
    given = asked.parse_args()
    if given.fresh:
        shutil.rmtree(STATE, ignore_errors=True)

    def say(line: str) -> None:
        if not given.quiet:
            print(line, flush=True)

    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # Raised in whatever step is under way, so that a start can be stopped too; a second one changes nothing.
        if not stopped.is_set():
            stopped.set()
            raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    start = time.monotonic()
    try:
        with serving(STATE, given.port, say) as hub:
            say(f"Ready in {time.monotonic() - start:.1f} s.\n")
            say(welcome(hub.base_url))
            while True:
                time.sleep(3600)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


@contextmanager
def serving(state: Path, port: int, say: Say = print) -> Iterator[Hub]:
    """A hub on ``port`` of the loopback interface with its state under ``state``; stopped whatever happens."""
    _demand_free(port)
    say("Building ...")
    artefacts.build(say)
    _forget_other_infrastructure(state, say)
    say("Starting the local AWS platform ...")
    with contextlib.ExitStack() as started:
        platform = emulator.start(state, say=say)
        started.callback(platform.stop)
        outputs = stack.deploy(platform, say)
        say("Seeding the demo parties ...")
        seed_stack(platform.environment, outputs)
        server = uvicorn.Server(
            uvicorn.Config(
                front.application(platform, outputs),
                host="127.0.0.1",
                port=port,
                log_level="warning",
                lifespan="off",
                date_header=False,
                server_header=False,
            )
        )
        thread = threading.Thread(target=server.run, name="front", daemon=True)
        thread.start()

        def stop_front() -> None:
            server.should_exit = True
            thread.join(5)

        started.callback(stop_front)
        hub = Hub(f"http://127.0.0.1:{port}", platform, outputs)
        _wait_until_ready(hub.base_url)
        yield hub


def _forget_other_infrastructure(state: Path, say: Say) -> None:
    """Drop a state that was made from other templates: the platform cannot bring a nested stack up to date."""
    templates = [TEMPLATE, *sorted((ROOT / "infra").glob("*.yaml")), PLATFORM_REQUIREMENTS]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in templates)).hexdigest()
    stamp = state / "templates"
    known = stamp.read_text(encoding="utf-8") if stamp.exists() else None
    if known != digest and any(state.glob("*")):
        say("  the infrastructure has changed: starting with an empty hub")
        shutil.rmtree(state)
    state.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")


def _demand_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
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


def welcome(base_url: str) -> str:
    """What a newcomer needs: address, credentials, a deposit to paste."""
    parties = cast()
    application, accounts = parties["application"], parties["technical_accounts"]
    supplier = login_of("99000007700018")
    return f"""The hub is at {base_url}  (API: {base_url}/docs, Ctrl-C stops it)

  application        {application["client_id"]} / {application["client_secret"]}
  technical account  {supplier} / {accounts["password"]}
                     (the same for each of the {len(parties["structures"])} demo structures: TECH_1_<siret>@cpro.fr)

A deposit to copy and paste:

  TOKEN=$(curl -s {base_url}/api/oauth/token -d grant_type=client_credentials -d client_id={application["client_id"]} \\
    -d client_secret={application["client_secret"]} -d scope=openid | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')
  ACCOUNT=$(printf '%s' '{supplier}:{accounts["password"]}' | base64 -w0)
  printf '{{"fichierFlux":"%s","nomFichier":"facture-ubl.xml","syntaxeFlux":"IN_DP_E1_UBL_INVOICE"}}' \\
    "$(base64 -w0 examples/facture-ubl.xml)" |
  curl -s {base_url}/cpro/factures/v1/deposer/flux -H "Authorization: Bearer $TOKEN" -H "cpro-account: $ACCOUNT" \\
    -H 'Content-Type: application/json;charset=utf-8' -d @-

or, shorter:  .venv/bin/chorale deposit examples/facture-ubl.xml --to {base_url}

To send the examples of {base_url}/docs as they stand (once, half a minute):  curl -X POST {base_url}/_local/examples
"""


if __name__ == "__main__":
    sys.exit(main())
