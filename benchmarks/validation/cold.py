"""Cold start: what a bare process spends until its first verdict. `python cold.py FILE [RULE SET ...]`, prints JSON."""

import json
import resource
import sys
import time
from pathlib import Path

from chorale_references import rules, schema_path
from lxml import etree

content = Path(sys.argv[1]).read_bytes()
root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
name = "cii" if "CrossIndustryInvoice" in root.tag else "ubl-invoice"
valid = etree.XMLSchema(file=str(schema_path(name))).validate(root)
document = rules.Document(root)
fired = [found.rule_id for rule_set in sys.argv[2:] for found in rules.load(rule_set).check(document)]
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"valid": valid, "fired": len(fired), "cpu": time.process_time(), "memory": memory}))
