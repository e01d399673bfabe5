"""Layers: AWS mounts them; the platform unpacks all layers of a function again for each of its processes.

Here each layer is unpacked once, into a folder named by its content that is kept from one start to the next.
"""

import hashlib
import io
import os
import shutil
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

FOLDER = Path(os.environ.get("CHORALE_LAYERS", "layers"))
VARIABLE = "_LAMBDA_LAYERS_DIRS"
"""What a process of the platform reads the folders of its layers from."""
UNUSED_FOR = 24 * 3600
"""Seconds after which a layer that no process was started with is removed, at the next start."""

_one_at_a_time = threading.Lock()


def apply() -> None:
    """Start processes without layers of their own, and show them the shared ones."""
    remove_unused(FOLDER)
    spawn = lambda_runtime.Worker._spawn

    def with_shared_layers(worker: Any) -> Any:
        whole = worker.config
        variables = whole.get("Environment", {}).get("Variables", {})
        archives = [lambda_svc._resolve_layer_zip(layer) for layer in whole.get("Layers", [])]
        folders = os.pathsep.join(str(unpacked(archive, FOLDER)) for archive in archives if archive)
        worker.config = {
            **whole,
            "Layers": [],
            "Environment": {**whole.get("Environment", {}), "Variables": {**variables, VARIABLE: folders}},
        }
        try:
            return spawn(worker)
        finally:
            worker.config = whole

    lambda_runtime.Worker._spawn = with_shared_layers


def unpacked(archive: bytes, folder: Path) -> Path:
    """The one folder below ``folder`` that holds what is in ``archive``."""
    target = folder / hashlib.sha256(archive).hexdigest()[:24]
    with _one_at_a_time:
        if not target.exists():
            # Under another name first: a start that was cut off leaves nothing that looks whole.
            fresh = target.with_suffix(".part")
            shutil.rmtree(fresh, ignore_errors=True)
            with zipfile.ZipFile(io.BytesIO(archive)) as packed:
                packed.extractall(fresh)
            fresh.rename(target)
        os.utime(target)
    return target


def remove_unused(folder: Path) -> None:
    """Remove layers of earlier builds, and what a start that was cut off left."""
    for old in folder.glob("*"):
        if old.suffix == ".part" or old.stat().st_mtime < time.time() - UNUSED_FOR:
            shutil.rmtree(old, ignore_errors=True)
