"""The complete integration report as JSON: what our own report resource answers, and what S3 keeps.

It speaks the language of the other answers: the verdict by its public code, messages in French only.
"""

import json
from typing import Any

from chorale.domain.findings import IntegrationReport
from chorale.domain.statuses import VERDICT_OF_CODE
from chorale.runtime.codec import plain, restore


def report_to_json(report: IntegrationReport) -> dict[str, Any]:
    """``report`` as JSON values, every finding included."""
    values: dict[str, Any] = json.loads(json.dumps(plain(report)))
    for holder in (values, *values.get("ranks", ())):
        for finding in holder.get("findings", ()):
            finding.pop("message_en", None)
    return values | {"state": report.state.public_code}


def report_from_json(values: dict[str, Any]) -> IntegrationReport:
    """The inverse of ``report_to_json``, but for the English twins of the messages."""
    return restore(IntegrationReport, values | {"state": VERDICT_OF_CODE[values["state"]].value})
