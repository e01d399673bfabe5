"""What is shipped: pinned by hash, listed with its licence and as a bill of materials, looked through for secrets."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.cloudformation import ROOT
from tools import packages

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_lock_has_what_the_short_list_asks_for_each_with_its_hash() -> None:
    assert packages.pins(packages.LOCK) == packages.pins(packages.LIST), "run make lock"
    locked = packages.LOCKED.findall(packages.LOCK.read_text(encoding="utf-8"))
    assert [(name, version) for name, version, _ in locked] == packages.pins(packages.LOCK)


def test_the_layer_is_made_of_the_lock_and_refuses_another_hash() -> None:
    recipe = (ROOT / "layers" / "dependencies" / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes" in recipe
    assert "--requirement requirements.lock" in recipe
    for option in packages.RUNTIME:
        assert option in recipe


def test_everything_that_is_shipped_says_its_licence() -> None:
    shipped = list(packages.packages())
    assert {package.layer for package in shipped} == {"dependencies", "references"}
    assert not [package.name for package in shipped if not package.licence or package.licence == "see the package"]


def test_the_bill_of_materials_names_each_package_by_its_address_and_hash() -> None:
    bill = packages.bill()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {(part["name"], part["version"]): part for part in bill["components"]}
    assert set(listed) == {*packages.pins(packages.LIST), *packages.pins(packages.REFERENCES)}
    for (name, version), part in listed.items():
        assert part["purl"] == f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
        assert part["licenses"][0]["license"]["name"]
        assert all(re.fullmatch("[0-9a-f]{64}", one["content"]) and one["alg"] == "SHA-256" for one in part["hashes"])
        assert part["hashes"]
    assert len({part["bom-ref"] for part in bill["components"]}) == len(listed)


def test_building_writes_the_bill_and_checking_looks_for_secrets() -> None:
    build = re.search(r"^build:.*?\n\n", MAKEFILE, re.MULTILINE | re.DOTALL)
    assert build
    assert "tools.packages --bill" in build[0]
    assert re.search(r"^check:.*\bsecrets\b", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "Q7XMPLE5WT2ZRNB4",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "https://user:" + "hunter2hunter@example.org/",
    ],
)
def test_a_secret_that_would_be_committed_is_found(tmp_path: Path, secret: str) -> None:
    unlikely = re.search(r"^NO_SIGN_OF_A_SECRET := (.*)$", MAKEFILE, re.MULTILINE)
    assert unlikely
    options = [word for name in unlikely[1].split() for word in ("--disable-plugin", name)]
    hook = [str(Path(sys.executable).with_name("detect-secrets-hook")), *options]
    kept, clean = tmp_path / "kept.py", tmp_path / "clean.py"
    kept.write_text(f'given = "{secret}"\n', encoding="utf-8")
    clean.write_text('given = "rien"\n', encoding="utf-8")
    assert subprocess.run([*hook, str(kept)], capture_output=True, cwd=tmp_path, check=False).returncode == 1
    assert subprocess.run([*hook, str(clean)], capture_output=True, cwd=tmp_path, check=False).returncode == 0
