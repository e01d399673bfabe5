"""The list of alarms on the first page of the runbooks, printed from the templates by ``make generate``."""

from pathlib import Path
from typing import Any

from tests.architecture.cloudformation import of_type

PAGE = Path("infra/runbooks/README.md")
BEGIN = "<!-- printed from infra/*.yaml by tests/architecture/runbooks_page.py: begin -->"
END = "<!-- printed from infra/*.yaml by tests/architecture/runbooks_page.py: end -->"


def alarms() -> dict[str, dict[str, Any]]:
    """Properties of every alarm, by logical id."""
    return {name: alarm["Properties"] for name, alarm in of_type("AWS::CloudWatch::Alarm").items()}


def runbooks_of(alarm: dict[str, Any]) -> list[str]:
    """The pages that the description of an alarm names."""
    return [name.strip(" .") for name in alarm["AlarmDescription"].rsplit(":", 1)[-1].split(",")]


def minutes(alarm: dict[str, Any]) -> int:
    """How long it takes an alarm to ring."""
    return int(alarm["Period"] * alarm["EvaluationPeriods"] / 60)


def table() -> str:
    """One line per alarm; the failures of functions that are read in the same way share one."""
    lines = ["| alarm | means | rings within | read |", "| --- | --- | --- | --- |"]
    failures = [name for name, alarm in alarms().items() if _is_ordinary_failure(alarm)]
    if failures:
        alarm = alarms()[failures[0]]
        lines.append(_line(f"`<Function>Errors` ({len(failures)})", "The function failed: read its log.", alarm))
    for name, alarm in alarms().items():
        if not _is_ordinary_failure(alarm):
            meaning = alarm["AlarmDescription"].rsplit("Runbook", 1)[0].strip()
            lines.append(_line(f"`{name}`", meaning, alarm))
    return "\n".join(lines)


def _is_ordinary_failure(alarm: dict[str, Any]) -> bool:
    return alarm["MetricName"] == "Errors" and runbooks_of(alarm) == ["function-errors"]


def _line(name: str, meaning: str, alarm: dict[str, Any]) -> str:
    read = ", ".join(f"[{page}]({page}.md)" for page in runbooks_of(alarm))
    return f"| {name} | {meaning} | {minutes(alarm)} min | {read} |"


def with_generated(page: str) -> str:
    """``page`` with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    title = f"{len(alarms())} alarms, all to one topic:"
    return before + "\n\n".join([BEGIN, title, table(), END]) + after
