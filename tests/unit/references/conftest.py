"""The generator is part of the layer's build and not an installed package."""

import sys
from pathlib import Path

_LAYER = str(Path(__file__).resolve().parents[3] / "layers" / "references")
if _LAYER not in sys.path:
    sys.path.append(_LAYER)
