"""Cold start of `chorale.formats`, until its first verdict: `python cold_formats.py FILE SYNTAX` prints JSON."""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

from chorale.domain.syntaxes import Syntax
from chorale.formats.judging.validate import validate

path = Path(sys.argv[1])
result = validate(path.read_bytes(), path.name, Syntax(sys.argv[2]), date(2026, 11, 23))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(
    json.dumps(
        {
            "verdict": result.verdict.value,
            "findings": len(result.findings),
            "cpu": time.process_time(),
            "memory": memory,
        }
    )
)
