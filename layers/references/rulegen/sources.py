"""The pinned packages: download with hash check, then read their members without unpacking or installing them."""

import hashlib
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .errors import BuildError

PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+) --hash=sha256:(?P<sha256>[0-9a-f]{64})$")


@dataclass(frozen=True)
class Pin:
    """One line of requirements.txt: a package, its version and the SHA-256 of its wheel."""

    name: str
    version: str
    sha256: str

    @property
    def wheel_pattern(self) -> str:
        """File name pattern of the wheel in the cache folder."""
        return f"{self.name.replace('-', '_')}-{self.version}-*.whl"


def read_pins(requirements: Path) -> list[Pin]:
    """Read the pins of a requirements file; raises BuildError on a line without an exact version and hash."""
    pins = []
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found = PIN.match(line.strip())
        if not found:
            raise BuildError(f"{requirements}: expected 'name==version --hash=sha256:...', got: {line}")
        pins.append(Pin(**found.groupdict()))
    return pins


class Source:
    """The wheel of one pin, read as a zip archive."""

    def __init__(self, pin: Pin, wheel: Path) -> None:
        self.pin = pin
        self._archive = zipfile.ZipFile(wheel)

    def read(self, member: str) -> bytes:
        """Content of one file; raises BuildError when the package does not carry it."""
        try:
            return self._archive.read(member)
        except KeyError:
            raise BuildError(f"{self.pin.name} {self.pin.version} does not contain {member}") from None

    def members(self, prefix: str, suffix: str) -> list[str]:
        """Names that begin and end so, sorted; raises BuildError when there is none."""
        names = sorted(n for n in self._archive.namelist() if n.startswith(prefix) and n.endswith(suffix))
        if not names:
            raise BuildError(f"{self.pin.name} {self.pin.version} contains nothing like {prefix}*{suffix}")
        return names


def fetch(requirements: Path, cache: Path) -> dict[str, Source]:
    """Return the sources by package name, downloading into `cache` what is missing there.

    pip checks the hashes when it downloads; they are checked again here, so that a damaged cache is noticed.
    Raises BuildError when a package cannot be had or does not have its pinned hash.
    """
    pins = read_pins(requirements)
    cache.mkdir(parents=True, exist_ok=True)
    if not all(any(cache.glob(pin.wheel_pattern)) for pin in pins):
        _download(requirements, cache)
    return {pin.name: Source(pin, _checked_wheel(pin, cache)) for pin in pins}


def _download(requirements: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "--dest", str(cache), "--requirement", str(requirements)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if finished.returncode:
        raise BuildError(f"cannot download the packages of {requirements}:\n{finished.stderr.strip()[-2000:]}")


def _checked_wheel(pin: Pin, cache: Path) -> Path:
    wheels = sorted(cache.glob(pin.wheel_pattern))
    if not wheels:
        raise BuildError(f"{pin.name} {pin.version} was not downloaded into {cache}")
    digest = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    if digest != pin.sha256:
        raise BuildError(
            f"{wheels[0]} has SHA-256 {digest}, requirements.txt pins {pin.sha256}; delete it and build again"
        )
    return wheels[0]
