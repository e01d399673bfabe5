"""The build folder: digest of the inputs, hand-written modules, compiled files."""

import hashlib
import json
import py_compile
import shutil
import sys
from pathlib import Path

STAMP = "BUILD.json"


def inputs_digest(layer: Path) -> str:
    """SHA-256 over all that the build reads from the layer folder, and the interpreter that compiles."""
    digest = hashlib.sha256(sys.implementation.cache_tag.encode())
    files = [*layer.rglob("*.py"), *layer.rglob("*.xsd"), layer / "requirements.txt"]
    for path in sorted(p for p in files if "__pycache__" not in p.parts):
        digest.update(path.relative_to(layer).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(out: Path, digest: str) -> bool:
    """Whether `out` was finished from these very inputs."""
    stamp = out / STAMP
    return stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")).get("inputs") == digest


def publish(staging: Path, out: Path, digest: str) -> None:
    """Stamp the staged folder and put it in place of `out` in one move."""
    staging.chmod(0o755)  # made private by tempfile; a Lambda layer is read by another user
    (staging / STAMP).write_text(json.dumps({"inputs": digest}) + "\n", encoding="utf-8")
    out.parent.mkdir(parents=True, exist_ok=True)
    replaced = staging.with_name(f"{staging.name}-replaced")
    if out.exists():
        out.rename(replaced)  # two renames and not a removal: who imports meanwhile misses it for no time
    staging.rename(out)
    shutil.rmtree(replaced, ignore_errors=True)


def copy_hand_written(package: Path, target: Path) -> None:
    """Copy the committed modules of the runtime package."""
    shutil.copytree(package, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


def compile_modules(root: Path) -> int:
    """Compile every module, by content and not by date: dates change when a layer is zipped and unpacked."""
    modules = sorted(root.rglob("*.py"))
    for module in modules:
        py_compile.compile(
            str(module),
            dfile=module.relative_to(root).as_posix(),
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    return len(modules)
