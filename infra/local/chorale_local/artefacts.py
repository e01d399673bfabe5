"""Build layers and functions for the Python that runs here: the local platform runs functions with it.

``python -m chorale_local.artefacts`` fills ``build/``; what has not changed is left alone.
"""

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from chorale_local.places import FUNCTIONS, LAYERS, ROOT, SetUpError

Say = Callable[[str], None]
STAMP = ".digest"


def build(say: Say = print) -> None:
    """Bring ``build/`` up to date; ``say`` gets one line per part that had to be made."""
    _part(say, "dependencies layer", LAYERS / "dependencies", [ROOT / "layers/dependencies/requirements.txt"], _install)
    _references(say)
    _part(
        say, "chorale layer", LAYERS / "chorale", _python_files(ROOT / "layers/chorale/chorale"),
        lambda target: _copy(ROOT / "layers/chorale/chorale", target / "python" / "chorale"),
    )  # fmt: skip
    for folder in sorted((ROOT / "functions").iterdir()):
        if (folder / "app.py").exists():
            copy = partial(_copy, folder)
            _part(say, f"function {folder.name}", FUNCTIONS / folder.name, _python_files(folder), copy)


def _part(say: Say, name: str, target: Path, inputs: Iterable[Path], make: Callable[[Path], object]) -> None:
    digest = _digest(inputs)
    stamp = target / STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest:
        return
    start = time.monotonic()
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    make(target)
    # Checked by content: an archive rewrites dates.
    compileall.compile_dir(target, quiet=2, workers=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    stamp.write_text(digest, encoding="utf-8")
    say(f"  built the {name} ({time.monotonic() - start:.1f} s)")


def _install(target: Path) -> None:
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile",
        "--requirement", str(ROOT / "layers/dependencies/requirements.txt"), "--target", str(target / "python"),
    ]  # fmt: skip
    if subprocess.run(command, check=False).returncode:
        raise SetUpError("The dependencies layer could not be installed: see pip's message above.")


def _references(say: Say) -> None:
    start = time.monotonic()
    command = [sys.executable, str(ROOT / "layers/references/build.py"), "--out", str(LAYERS / "references/python")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise SetUpError(f"The references layer could not be built:\n{done.stdout}{done.stderr}")
    spent = time.monotonic() - start
    if spent > 2:
        say(f"  built the references layer ({spent:.1f} s)")


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


def _python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(inputs: Iterable[Path]) -> str:
    state = hashlib.sha256(sys.version.encode())
    for path in inputs:
        state.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


if __name__ == "__main__":
    try:
        build()
    except SetUpError as error:
        sys.exit(str(error))
