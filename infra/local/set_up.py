"""Prepare the environment of the project with the standard library alone: ``python3 infra/local/set_up.py run``.

``run`` installs what the hub needs, ``all`` also what tests and checks need, both in ``.venv``. Wheels only: nothing
is compiled and no package's own code runs while it is installed. The references layer, which takes longest to build,
begins as soon as its one package is there.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LAYER, HUB, EVERYTHING = (
    ROOT / "layers" / "dependencies" / "requirements.txt",
    ROOT / "infra" / "local" / "requirements.txt",
    ROOT / "requirements.txt",
)
IMPORTED = ("layers/chorale", "build/layers/references/python", "cli", "infra/local")
"""Folders that the interpreter of the project sees: the same import lines as in Lambda."""
SAY_EVERY = 5.0
"""Seconds between two lines of progress."""
WHEELS = (
    "--only-binary",
    ":all:",
    "--no-compile",
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
)


def main() -> int:
    """Set up; returns the exit code."""
    asked = argparse.ArgumentParser(prog="infra/local/set_up.py", description=__doc__)
    asked.add_argument("what", choices=["run", "all"])
    what = asked.parse_args().what
    start = time.monotonic()
    try:
        _environment()
        needed = [*_lines(LAYER), *_lines(HUB)]
        lxml = next(line for line in needed if line.startswith("lxml=="))
        _install("what builds the references", ["--no-deps", lxml], 1)
        references = _begin_references()
        _install("what the hub needs", ["--no-deps", "-r", str(LAYER), "-r", str(HUB)], len(set(needed)))
        _see_project()
        _build_the_rest()
        if what == "all":
            _install("what tests and checks need", ["-r", str(EVERYTHING)], len(_lines(EVERYTHING)))
        _end_references(references)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 2
    print(f"Set up in {time.monotonic() - start:.0f} s: {VENV.relative_to(ROOT)}", flush=True)
    return 0


class Failed(Exception):
    """A step failed; the text is what the person at the keyboard should read."""


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _environment() -> None:
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    known = re.search(r"^version\s*=\s*(\d+\.\d+)", _text(VENV / "pyvenv.cfg"), re.MULTILINE)
    if PYTHON.exists() and known and known.group(1) == wanted:
        return
    _say(f"a Python {wanted} environment in {VENV.name} ...")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failed(f"The environment could not be made:\n{made.stdout}{made.stderr}")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _lines(requirements: Path) -> list[str]:
    lines = (line.strip() for line in _text(requirements).splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def _install(what: str, given: list[str], expected: int) -> None:
    """Run pip; its errors are printed, its warnings and chatter are not."""
    start = said = time.monotonic()
    command = [str(PYTHON), "-m", "pip", "install", *WHEELS, *given]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, errors="replace"
    )
    assert running.stdout is not None
    lines, found, changed = [], 0, False
    for line in running.stdout:
        lines.append(line)
        found += line.startswith("Collecting ")
        changed = changed or line.startswith("Installing collected")
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            step = "unpacking" if changed else f"{found} of about {max(found, expected)} packages"
            _say(f"{what}: {step} ({said - start:.0f} s)")
    if running.wait():
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-20:]
        raise Failed(f"pip could not install {what}:\n{''.join(errors)}")
    if changed:
        _say(f"{what}: done ({time.monotonic() - start:.0f} s)")


def _begin_references() -> "subprocess.Popen[str]":
    out = ROOT / "build" / "layers" / "references" / "python"
    return subprocess.Popen(
        [str(PYTHON), str(ROOT / "layers" / "references" / "build.py"), "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT,
    )  # fmt: skip


def _build_the_rest() -> None:
    """While the references are built: the other layers, and compiled files of the modules that the platform starts."""
    used = "app, services.apigateway_v1, services.dynamodb, services.lambda_svc, services.s3, services.sqs"
    for command in (
        ["-m", "chorale_local.artefacts", "--without-references"],
        ["-c", "".join(f"import ministack.{name.strip()}\n" for name in used.split(","))],
    ):
        if subprocess.run([str(PYTHON), *command], check=False, cwd=ROOT).returncode:
            raise Failed("The layers could not be built: see above.")


def _end_references(running: "subprocess.Popen[str]") -> None:
    said = running.communicate()[0]
    if running.returncode:
        raise Failed(f"The references layer could not be built:\n{said}")
    if "built" in said:
        _say(said.strip().splitlines()[-1])


def _see_project() -> None:
    """Let the environment import the project where it lies, and give it the command: no build, no copy."""
    packages = next((VENV / "lib").glob("python*")) / "site-packages"
    (packages / "chorale.pth").write_text("".join(f"{ROOT / folder}\n" for folder in IMPORTED), encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for old in packages.glob("chorale-*.dist-info"):
        shutil.rmtree(old)
    for old in packages.glob("*_editable_impl_chorale*"):
        old.unlink()
    described = packages / f"chorale-{project['version']}.dist-info"
    described.mkdir()
    entries = "".join(f"{name} = {target}\n" for name, target in project["scripts"].items())
    (described / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    (described / "entry_points.txt").write_text(f"[console_scripts]\n{entries}", encoding="utf-8")
    (described / "INSTALLER").write_text("infra/local/set_up.py\n", encoding="utf-8")
    (described / "RECORD").write_text("", encoding="utf-8")
    for name, target in project["scripts"].items():
        module, function = target.split(":")
        script = VENV / "bin" / name
        script.write_text(
            f"#!{PYTHON}\nimport sys\n\nfrom {module} import {function}\n\nsys.exit({function}())\n", encoding="utf-8"
        )
        script.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
