"""The complete integration report as JSON: what our own report resource answers, and what S3 keeps."""

import json
from typing import Any

from chorale.domain.findings import IntegrationReport
from chorale.runtime.codec import plain, restore


def report_to_json(report: IntegrationReport) -> dict[str, Any]:
    """``report`` as JSON values, every finding included."""
    values: dict[str, Any] = json.loads(json.dumps(plain(report)))
    return values


def report_from_json(values: dict[str, Any]) -> IntegrationReport:
    """The inverse of ``report_to_json``."""
    return restore(IntegrationReport, values)
