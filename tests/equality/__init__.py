"""Equality of the generated rules with the official ones, run by SaxonC."""

import sys
from pathlib import Path

# The generator is part of the layer's build and not an installed package.
_LAYER = str(Path(__file__).resolve().parents[2] / "layers" / "references")
if _LAYER not in sys.path:
    sys.path.append(_LAYER)
