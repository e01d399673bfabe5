"""Hostile files in a process of their own: no verdict takes long, and the process stays below 600 MB."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.samples import hostile

ROOT = Path(__file__).parents[3]
MEMORY_AT_MOST = 600
"""MB, of a process that has met every attack one after the other."""
SECONDS_AT_MOST = 10
PROBE = """
import json, time
from pathlib import Path
from datetime import date
from chorale.formats.reading.members import RefusedFile, unpack
from chorale.formats.judging.validate import validate
from tests.samples import builders, hostile

files = {**hostile.XML_ATTACKS, **hostile.INCLUDING, **hostile.ACTIVE_PDFS}
files |= {"zip bomb": hostile.zip_bomb(), "tar bomb": hostile.tar_bomb(), "PDF bomb": hostile.pdf_bomb()}
files |= {"truncated PDF": hostile.truncated_pdf(), "encrypted zip": hostile.encrypted_zip()}
seconds = {}
for name, content in files.items():
    began = time.process_time()
    try:
        for member in unpack(content, "facture", None):
            validate(member.content, "facture", None, date(2026, 11, 23))
    except RefusedFile:
        pass
    seconds[name] = time.process_time() - began
# Not ru_maxrss: a process begins with that of the one that started it.
status = Path("/proc/self/status").read_text().splitlines()
peak = int(next(line for line in status if line.startswith("VmHWM")).split()[1])
print(json.dumps({"files": len(files), "peak": peak / 1024, "longest": max(seconds.items(), key=lambda s: s[1])}))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from Linux's /proc")
def test_all_attacks_in_one_process_stay_within_time_and_memory() -> None:
    paths = [ROOT, ROOT / "layers" / "chorale", ROOT / "build" / "layers" / "references" / "python"]
    ended = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={"PYTHONPATH": ":".join(map(str, paths)), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    met = json.loads(ended.stdout)
    assert met["files"] >= 30
    assert met["peak"] < MEMORY_AT_MOST, met
    assert met["longest"][1] < SECONDS_AT_MOST, met


PROBE_ONE = """
import json, sys
from pathlib import Path
from datetime import date
from chorale.formats.budget import Budget, budget_at_once
from chorale.formats.reading.members import RefusedFile, unpack
from chorale.formats.judging.validate import validate

content = Path(sys.argv[1]).read_bytes()
budget = budget_at_once() if sys.argv[2] == "at once" else Budget()
try:
    for member in unpack(content, "facture", None, budget):
        verdict = validate(member.content, "f", None, date(2026, 11, 23), budget=budget)
        codes = [finding.code for finding in verdict.findings]
except RefusedFile as refused:
    codes = [finding.code for finding in refused.findings]
status = Path("/proc/self/status").read_text().splitlines()
peak = int(next(line for line in status if line.startswith("VmHWM")).split()[1])
print(json.dumps({"codes": codes, "peak": peak / 1024}))
"""
COSTLY = {**hostile.PDF_BOMBS, "zip64": hostile.zip64_directory, "envelope": hostile.envelope_bomb}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from Linux's /proc")
@pytest.mark.parametrize("name", COSTLY)
def test_a_bomb_is_refused_and_the_process_that_read_it_stayed_small(name: str, tmp_path: Path) -> None:
    met = _probed(COSTLY[name](), "when its turn comes", tmp_path)
    assert met["codes"] == ["CHO-ARCHIVE-MEMBRES" if name == "zip64" else "CHO-DEMESURE"]
    assert met["peak"] < MEMORY_AT_MOST, met


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from Linux's /proc")
def test_a_check_whose_caller_waits_gives_up_with_less(tmp_path: Path) -> None:
    """Three files of 14 MB are read when their turn comes, and are too much at once."""
    heavy = hostile.many_files(count=3, size=14_000_000)
    assert "CHO-DEMESURE" not in _probed(heavy, "when its turn comes", tmp_path)["codes"]
    met = _probed(heavy, "at once", tmp_path)
    assert met["codes"] == ["CHO-DEMESURE"]
    assert met["peak"] < MEMORY_AT_MOST / 2, met


def _probed(content: bytes, when: str, folder: Path) -> dict[str, Any]:
    file = folder / "file"
    file.write_bytes(content)
    paths = [ROOT, ROOT / "layers" / "chorale", ROOT / "build" / "layers" / "references" / "python"]
    ended = subprocess.run(
        [sys.executable, "-c", PROBE_ONE, str(file), when],
        env={"PYTHONPATH": ":".join(map(str, paths)), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    met: dict[str, Any] = json.loads(ended.stdout)
    return met
