"""Every hostile file in one process: no verdict takes ten seconds, and the process stays below 600 MB."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
MEMORY_AT_MOST = 600
"""MB, of a process that has met every attack one after the other."""
SECONDS_AT_MOST = 10
PROBE = """
import json, resource, time
from datetime import date
from chorale.formats.members import RefusedFile, unpack
from chorale.formats.validate import validate
from tests.samples import builders, hostile

files = {**hostile.XML_ATTACKS, **hostile.INCLUDING, **hostile.ACTIVE_PDFS}
files |= {"zip bomb": hostile.zip_bomb(), "tar bomb": hostile.tar_bomb(), "PDF bomb": hostile.pdf_bomb()}
files |= {"truncated PDF": hostile.truncated_pdf(), "encrypted zip": hostile.encrypted_zip()}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seconds = {}
for name, content in files.items():
    began = time.perf_counter()
    try:
        for member in unpack(content, "facture", None):
            validate(member.content, "facture", None, date(2026, 11, 23))
    except RefusedFile:
        pass
    seconds[name] = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"files": len(files), "peak": peak / 1024, "longest": max(seconds.items(), key=lambda s: s[1])}))
"""


def test_all_attacks_in_one_process_stay_within_time_and_memory() -> None:
    paths = [ROOT, ROOT / "layers" / "chorale", ROOT / "build" / "layers" / "references" / "python"]
    ended = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={"PYTHONPATH": ":".join(map(str, paths)), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    met = json.loads(ended.stdout)
    assert met["files"] >= 30
    assert met["peak"] < MEMORY_AT_MOST, met
    assert met["longest"][1] < SECONDS_AT_MOST, met
