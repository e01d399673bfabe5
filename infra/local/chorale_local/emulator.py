"""Start, watch and stop the local AWS platform: loopback only, IAM enforced, a state of its own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from chorale_local.places import SetUpError

REGION = "eu-west-3"
ROOT_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
READY_AT_MOST = 300.0
"""Seconds that the platform may take to answer."""
STOP_AT_MOST = 15.0
LAUNCHER = Path(__file__).with_name("corrections") / "start.py"
SNAPSHOT = "/_chorale/snapshot"
"""Of corrections/kept_state.py."""


@dataclass
class Emulator:
    """A running platform."""

    process: subprocess.Popen[bytes]
    port: int
    state: Path

    @property
    def log(self) -> Path:
        """What the platform printed."""
        return self.state / "platform.log"

    @property
    def endpoint(self) -> str:
        """Where every AWS service answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that point AWS clients at this platform, as its root user."""
        return {"AWS_ENDPOINT_URL": self.endpoint, "AWS_DEFAULT_REGION": REGION, **ROOT_CREDENTIALS}

    def client(self, service: str) -> Any:
        """A boto3 client of this platform, as its root user."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=ROOT_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=ROOT_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
        )

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process.poll() is None

    def revive(self) -> None:
        """Start a platform that died again, on its port, with its state; raises SetUpError when it does not answer."""
        self.stop()
        self.process = _launched(self.state, self.port, corrected=True)
        _wait_until_ready(self)

    def keep(self) -> None:
        """Have the whole state written, as after a deployment, which no journal follows; raises SetUpError if not."""
        request = urllib.request.Request(f"{self.endpoint}{SNAPSHOT}", method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60):
                pass
        except urllib.error.HTTPError as error:
            raise SetUpError(f"The hub's state could not be written (is the disk full?): see {self.log}.") from error

    def stop(self) -> None:
        """Stop the platform and every function process that it started; what these unpacked goes too."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_AT_MOST)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        # The platform leads its own process group: functions it did not stop itself are stopped here.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        shutil.rmtree(_temporary(self.state), ignore_errors=True)


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _port_of(state: Path) -> int:
    """The port that this state was made with: the addresses of its queues name it. A new state takes a free one."""
    kept = state / "port"
    if not kept.exists():
        kept.write_text(str(free_port()), encoding="utf-8")
    port = int(kept.read_text(encoding="utf-8"))
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SetUpError(
                f"Port {port}, which this hub's kept state needs, is taken: stop what listens on it (another hub?), "
                f"or remove {state} to start with an empty one."
            )
    return port


def start(state: Path, *, corrected: bool = True) -> Emulator:
    """Start the platform with its state under ``state``; raises SetUpError when it does not answer.

    What the processes of an earlier run unpacked is removed first. ``corrected`` False starts the platform as its
    authors deliver it, for the contract tests of our corrections.
    """
    state.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(_temporary(state), ignore_errors=True)
    port = _port_of(state)
    emulator = Emulator(_launched(state, port, corrected), port, state)
    _wait_until_ready(emulator)
    return emulator


def _launched(state: Path, port: int, corrected: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(LAUNCHER)] if corrected else [sys.executable, "-m", "ministack"]
    with (state / "platform.log").open("ab") as sink:
        # It reads its standard input to the end, which comes when this process is gone, however it went.
        return subprocess.Popen(
            command,
            env=_environment(state, port),
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(emulator: Emulator) -> None:
    until = time.monotonic() + READY_AT_MOST
    while not _answers(emulator):
        if not emulator.is_alive or time.monotonic() > until:
            emulator.stop()
            raise SetUpError(f"The local AWS platform did not start: see {emulator.log}.")
        time.sleep(0.05)


def _answers(emulator: Emulator) -> bool:
    try:
        with urllib.request.urlopen(f"{emulator.endpoint}/_ministack/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _temporary(state: Path) -> Path:
    return state / "tmp"


def _environment(state: Path, port: int) -> dict[str, str]:
    """Only what the platform needs: functions inherit it."""
    temporary = _temporary(state)
    temporary.mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(state),
        "LANG": "C.UTF-8",
        "TMPDIR": str(temporary),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state / "objects"),
        "CHORALE_LAYERS": str(state / "layers"),
        "LOG_LEVEL": "WARNING",
        "LAMBDA_WARM_TTL_SECONDS": "3600",
    }
