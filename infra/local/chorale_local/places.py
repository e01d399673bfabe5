"""Where things are in the project's folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = ROOT / "build"
LAYERS = BUILD / "layers"
FUNCTIONS = BUILD / "functions"
TEMPLATE = ROOT / "template.yaml"
API_DEFINITION = ROOT / "infra" / "api" / "gateway.yaml"
STATE = ROOT / ".local-state"
LAYER_REQUIREMENTS = ROOT / "layers" / "dependencies" / "requirements.txt"
REQUIREMENTS = ROOT / "infra" / "local" / "requirements.txt"
"""What the hub itself needs, the local platform included."""


class SetUpError(Exception):
    """Something that the machine lacks or that the operator must change, said in one sentence."""


def port_of(text: str) -> int:
    """A port as the operator writes it; raises SetUpError."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= 65535:
        raise SetUpError(f"PORT={text[:40]} is not a port: give a number from 1 to 65535, such as PORT=8899.")
    return int(text)
