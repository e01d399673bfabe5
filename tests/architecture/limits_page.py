"""The limits of AWS on the page of the first deployment, printed from their table.

``make generate`` writes it again.
"""

from pathlib import Path

from tests.architecture.limits import KNOWN_NEAR, LIMITS, NEAR, STACK, Deployment, deployment, longest_stack_name

PAGE = Path("infra/runbooks/first-deployment.md")
BEGIN = "<!-- printed from tests/architecture/limits.py: begin -->"
END = "<!-- printed from tests/architecture/limits.py: end -->"


def table(of: Deployment) -> str:
    """One line per limit. How much of it is taken is rounded up to tens of percent, so that the page is steady."""
    lines = ["| service | what | at most | taken | measured | source |", "| --- | --- | --- | --- | --- | --- |"]
    for limit in LIMITS:
        most = f"{limit.most:,} {limit.unit}".strip() + (" (more on request)" if limit.raised else "")
        share = max(limit.shares(of).values(), default=0.0)
        tens = -int(-share * 10 // 1) * 10
        taken = f"{tens} %: {KNOWN_NEAR[limit.what]}" if limit.what in KNOWN_NEAR else f"{tens} %"
        name = limit.source.split("//")[1].split("/")[0]
        lines.append(
            f"| {limit.service} | {limit.what} | {most} | {taken} | {limit.measured} | [{name}]({limit.source}) |"
        )
    return "\n".join(lines)


def generated() -> str:
    """Everything between the two markers, markers included."""
    said = TEXT.format(stack=STACK, near=NEAR, longest=longest_stack_name())
    return "\n\n".join([BEGIN, said, table(deployment()), END])


TEXT = """Measured on what is deployed (after SAM's transformation, names made of `{stack}`) by
`tests/architecture/test_limits.py`, which fails beyond a limit, and beyond {near:.0%} of one unless the table says why.
The name of the stack may have {longest} characters."""


def with_generated(page: str) -> str:
    """``page`` with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + generated() + after
