"""How many points were tried in this process, by what happened at them: the summary of a run tells it."""

import os
from collections import Counter

EVERY = int(os.environ.get("CHORALE_CRASHES_EVERY", "1"))
"""One point in so many is tried: ``make crashes`` tries each, continuous integration has less time."""
TRIED: Counter[str] = Counter()
