"""Where things are in the project's folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / "build"
LAYERS = BUILD / "layers"
FUNCTIONS = BUILD / "functions"
TEMPLATE = ROOT / "template.yaml"
API_DEFINITION = ROOT / "infra" / "api" / "openapi.yaml"
STATE = ROOT / ".local-state"
PLATFORM_VENV = ROOT / ".venv-platform"
PLATFORM_REQUIREMENTS = ROOT / "infra" / "local" / "requirements.txt"


class SetUpError(Exception):
    """Something that the machine lacks or that the operator must change, said in one sentence."""


def scripts(venv: Path) -> Path:
    """The folder of a virtual environment that holds its programs."""
    return venv / ("Scripts" if os.name == "nt" else "bin")
