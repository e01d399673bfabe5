"""Start and stop the local AWS platform: loopback only, IAM enforced, an environment and a state of its own."""

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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from chorale_local.places import PLATFORM_REQUIREMENTS, PLATFORM_VENV, SetUpError, scripts

REGION = "eu-west-3"
ROOT_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
READY_AT_MOST = 30.0
"""Seconds that the platform may take to answer."""
STOP_AT_MOST = 15.0
LAUNCHER = Path(__file__).with_name("corrections") / "start.py"
INTERPRETER = sys.executable


@dataclass
class Emulator:
    """A running platform."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

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

    def stop(self) -> None:
        """Stop the platform and every function process that it started."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_AT_MOST)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        # The platform leads its own process group: functions it did not stop itself are stopped here.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def ensure_environment(say: Callable[[str], None] = print) -> Path:
    """The platform's own Python, installed when it is missing or its pins changed."""
    stamp = PLATFORM_VENV / ".requirements"
    wanted = PLATFORM_REQUIREMENTS.read_text(encoding="utf-8") + sys.version
    python = scripts(PLATFORM_VENV) / "python"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and python.exists():
        return python
    say("  installing the local AWS platform ...")
    shutil.rmtree(PLATFORM_VENV, ignore_errors=True)
    steps = (
        [INTERPRETER, "-m", "venv", str(PLATFORM_VENV)],
        [
            str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--requirement", str(PLATFORM_REQUIREMENTS),
        ],
    )  # fmt: skip
    for step in steps:
        if subprocess.run(step, check=False).returncode:
            raise SetUpError("The local AWS platform could not be installed: see the message above.")
    stamp.write_text(wanted, encoding="utf-8")
    return python


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


def start(state: Path, *, corrected: bool = True, say: Callable[[str], None] = print) -> Emulator:
    """Start the platform with its state under ``state``; raises SetUpError when it does not answer.

    ``corrected`` False starts it as its authors deliver it, for the contract tests of our corrections.
    """
    python = ensure_environment(say)
    state.mkdir(parents=True, exist_ok=True)
    port = _port_of(state)
    log = state / "platform.log"
    command = [str(python), "-B", str(LAUNCHER)] if corrected else [str(python), "-B", "-m", "ministack"]
    with log.open("ab") as sink:
        process = subprocess.Popen(
            command, env=_environment(state, port), stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    emulator = Emulator(process, port, log)
    until = time.monotonic() + READY_AT_MOST
    while not _answers(emulator):
        if process.poll() is not None or time.monotonic() > until:
            emulator.stop()
            raise SetUpError(f"The local AWS platform did not start: see {log}.")
        time.sleep(0.05)
    return emulator


def _answers(emulator: Emulator) -> bool:
    try:
        with urllib.request.urlopen(f"{emulator.endpoint}/_ministack/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _environment(state: Path, port: int) -> dict[str, str]:
    """Only what the platform needs: functions inherit it."""
    temporary = state / "tmp"
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
        "LOG_LEVEL": "WARNING",
        "LAMBDA_WARM_TTL_SECONDS": "3600",
    }
