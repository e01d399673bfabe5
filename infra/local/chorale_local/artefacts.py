"""Build layers and functions for the Python that runs here: the local platform runs functions with it.

``python -m chorale_local.artefacts`` fills ``build/``; what has not changed is left alone.
"""

import compileall
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from chorale_local.places import FUNCTIONS, LAYER_REQUIREMENTS, LAYERS, ROOT, SetUpError

Say = Callable[[str], None]
STAMP = ".digest"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def build(say: Say = print, *, references: bool = True) -> None:
    """Bring ``build/`` up to date; ``say`` gets one line per part that had to be made.

    Without ``references`` their layer is left alone: infra/local/set_up.py builds it already.
    """
    # The references are built by a process of their own, which takes longest.
    with ThreadPoolExecutor(1) as beside:
        built = beside.submit(_references, say) if references else None
        _part(say, "dependencies layer", LAYERS / "dependencies", [LAYER_REQUIREMENTS], _dependencies)
        _part(
            say, "chorale layer", LAYERS / "chorale", _python_files(ROOT / "layers/chorale/chorale"),
            lambda target: _copy(ROOT / "layers/chorale/chorale", target / "python" / "chorale"),
        )  # fmt: skip
        _functions(say)
        if built is not None:
            built.result()


def _functions(say: Say) -> None:
    start = time.monotonic()
    made: list[str] = []
    for folder in sorted((ROOT / "functions").iterdir()):
        if (folder / "app.py").exists():
            copy = partial(_copy, folder)
            _part(made.append, f"function {folder.name}", FUNCTIONS / folder.name, _python_files(folder), copy)
    if made:
        say(f"  built {len(made)} functions ({time.monotonic() - start:.1f} s)")


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


def _dependencies(target: Path) -> None:
    """The pinned packages as they are installed here: another download would bring the same files."""
    for name, version in PIN.findall(LAYER_REQUIREMENTS.read_text(encoding="utf-8")):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            raise SetUpError(f"{name} is not installed: remove .venv, then start again.") from None
        if found.version != version:
            raise SetUpError(f"{name} is installed as {found.version}, not {version}: remove .venv, then start again.")
        _take(found, target / "python")


def _take(found: Distribution, folder: Path) -> None:
    for file in found.files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            source, copy = Path(str(found.locate_file(file))), folder / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, copy)  # takes no room; a new version replaces files, it changes none
            except OSError:
                shutil.copy2(source, copy)


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
        build(references="--without-references" not in sys.argv)
    except SetUpError as error:
        sys.exit(str(error))
