"""What the pages for operators say in figures is what is deployed and what the code does."""

import re
import shlex
from pathlib import Path

import pytest
from chorale.domain.deposits.flux import EXPECTED_AT_MOST, UPLOAD_WINDOW
from chorale.domain.exchange.webhooks import RESTS_AFTER
from chorale.formats.limits import MAX_FILE
from chorale.stores.dead_letters import PER_SECOND
from chorale.stores.exchange.webhooks import CALL_KEPT
from chorale.stores.leases import NEXT_TRY
from chorale.usecases.exchange.relay_events import RESEND_AFTER, RESEND_AT_MOST
from chorale_cli.app import parser_for
from chorale_cli.ops import stack as ops_stack

from tests.architecture import runbooks_page
from tests.architecture.cloudformation import ROOT, functions, of_type, stacks
from tests.architecture.costs import count_of, read_queues

RUNBOOKS = Path("infra/runbooks")
WORDS = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
    11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen",
    18: "eighteen", 19: "nineteen", 20: "twenty",
}  # fmt: skip


def word(number: float) -> str:
    """A number as the pages write it."""
    return WORDS.get(int(number), f"{number:g}")


def queue(name: str, key: str) -> int:
    """A property of a queue."""
    value: int = of_type("AWS::SQS::Queue")[name]["Properties"][key]
    return value


def visible(name: str) -> int:
    """Minutes for which a message that a function took stays hidden."""
    return queue(name, "VisibilityTimeout") // 60


def tries(name: str) -> int:
    """How often a message is tried."""
    found: int = of_type("AWS::SQS::Queue")[name]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
    return found


def alarm(name: str, key: str) -> int:
    """A property of an alarm."""
    value: int = runbooks_page.alarms()[name][key]
    return value


def rules(bucket: str) -> dict[str, int]:
    """The lifecycle rules of a bucket: id -> days, 0 where nothing expires."""
    found = of_type("AWS::S3::Bucket")[bucket]["Properties"]["LifecycleConfiguration"]["Rules"]
    return {rule["Id"]: rule.get("ExpirationInDays", 0) for rule in found}


NESTED = [name for name, entry in stacks()[""]["Resources"].items() if name in stacks() and "Condition" not in entry]
"""The stacks that are always there."""
ASKED_FOR = [name for name in stacks() if name and name not in NESTED]
INCOMING = rules("DepositBucket")["incoming"]
SHORT = ("CountQueue", "NotifyQueue", "WorksStartQueue")
BETWEEN = (tries("NotifyQueue") - 1) * visible("NotifyQueue")
"""Minutes from the first try of a call to the last."""
WAITED = word(alarm("NotifyAgeAlarm", "Threshold") / 60)
FIGURES = [
    ("first-deployment", f"all {word(1 + len(NESTED))} stacks stand"),
    ("first-deployment", f"the stack, {', '.join(f'`{name}`' for name in NESTED)}; in production "),
    ("first-deployment", f"in production {' and '.join(f'`{name}`' for name in ASKED_FOR)} too |"),
    ("first-deployment", f"{word(len(functions()))} groups, the days of `LogRetentionDays`"),
    ("first-deployment", f"'Rules[].ID'` | {', '.join(f'`{name}`' for name in rules('DepositBucket'))} |"),
    ("first-deployment", f"above {MAX_FILE // 1_000_000} MB, or after {UPLOAD_WINDOW.seconds // 60} minutes"),
    ("first-deployment", f"after {word(tries('CountQueue') * visible('CountQueue'))} minutes in `CountDeadLetters`"),
    ("dlq-redrive", f"A message failed {word(tries('IntegrationQueue'))} times"),
    ("dlq-redrive", f"kept for {queue('IntegrationDeadLetters', 'MessageRetentionPeriod') // 86_400} days"),
    ("dlq-redrive", f"(`incoming/<flux number>`, kept {INCOMING} days)"),
    ("restore", f"deposits on their way in | versions, {INCOMING} days"),
    ("restore", f"Wait until the {word(len(read_queues()))} queues are empty"),
    ("function-errors", f"(one failure in {word(alarm('NotifyErrors', 'Period') / 60)} minutes)"),
    ("function-errors", f"`ApiErrorsAlarm` ({word(alarm('ApiErrorsAlarm', 'Threshold'))} answers 5xx"),
    ("function-errors", f"5xx in {word(alarm('ApiErrorsAlarm', 'Period') / 60)} minutes)"),
    ("function-errors", f"({', '.join(str(visible(name)) for name in SHORT)} minutes)"),
    ("function-errors", f"and {NEXT_TRY[1] // 60} minutes after a second failure"),
    ("function-errors", f"{word(tries('CountQueue'))} times in all"),
    ("webhooks", f"`CallAgeAlarm` (calls wait for {WAITED} minutes)"),
    ("webhooks", f"After {word(RESTS_AFTER)} failures in a row"),
    ("webhooks", f"remembered for {CALL_KEPT.days} days"),
    ("stuck-flux", f"(a message has waited for {word(alarm('IntegrationAgeAlarm', 'Threshold') / 60)} minutes)"),
    ("stuck-flux", f"the watch rejects it after {'an hour' if EXPECTED_AT_MOST.total_seconds() == 3_600 else '?'}"),
    ("relay-failures", f"(it is {word(alarm('RelayAgeAlarm', 'Threshold') / 60_000)} minutes late)"),
    ("relay-failures", f"pending for {word(RESEND_AFTER.seconds / 60)} minutes"),
    ("relay-failures", f"(one run sends {RESEND_AT_MOST:,} at most)"),
    ("dlq-redrive", f"{word(PER_SECOND)} messages a second"),
]  # fmt: skip
"""Page -> what it has to say, its figures taken from the templates and from the code."""


@pytest.mark.parametrize(("page", "said"), FIGURES)
def test_a_figure_of_a_runbook_is_true(page: str, said: str) -> None:
    text = (ROOT / RUNBOOKS / f"{page}.md").read_text(encoding="utf-8")
    assert said in re.sub(r"\s+", " ", text)


def test_the_description_of_the_data_counts_its_tables() -> None:
    assert f"{word(count_of('AWS::DynamoDB::Table'))} tables" in stacks()["Data"]["Description"]


def test_the_first_page_lists_every_alarm_with_its_runbook() -> None:
    page = (ROOT / runbooks_page.PAGE).read_text(encoding="utf-8")

    assert page == runbooks_page.with_generated(page), "run make generate"
    ordinary = [name for name in runbooks_page.alarms() if f"| `{name}` |" not in page]
    assert f"`<Function>Errors` ({len(ordinary)})" in page


NAMED = {name for properties in runbooks_page.alarms().values() for name in runbooks_page.runbooks_of(properties)}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_runbook_names_the_alarms_that_lead_to_it(name: str) -> None:
    text = (ROOT / RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")
    together = "`<Function>Errors`" in text
    leading = [
        alarm_name
        for alarm_name, properties in runbooks_page.alarms().items()
        if name in runbooks_page.runbooks_of(properties) and not (together and properties["MetricName"] == "Errors")
    ]
    assert [alarm_name for alarm_name in leading if f"`{alarm_name}`" not in text] == []


@pytest.mark.parametrize("path", sorted((ROOT / RUNBOOKS).glob("*.md")), ids=lambda path: path.stem)
def test_a_page_that_is_linked_is_there(path: Path) -> None:
    for linked in re.findall(r"\]\(([\w./-]+\.md)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / linked).is_file(), linked


@pytest.mark.parametrize("name", sorted(runbooks_page.alarms()))
def test_an_alarm_names_a_runbook_that_is_there(name: str) -> None:
    pages = runbooks_page.runbooks_of(runbooks_page.alarms()[name])
    assert pages
    assert [page for page in pages if not (ROOT / RUNBOOKS / f"{page}.md").is_file()] == []


def test_no_page_names_an_alarm_that_is_not_there() -> None:
    said = {
        found
        for path in (ROOT / RUNBOOKS).glob("*.md")
        for found in re.findall(r"`(\w+Alarm)`", path.read_text(encoding="utf-8"))
    }
    assert said - set(runbooks_page.alarms()) == set()
    assert "alarm `Throttles`" not in (ROOT / RUNBOOKS / "stuck-flux.md").read_text(encoding="utf-8")


COMMANDS = sorted(
    {
        (path.stem, line)
        for path in (ROOT / RUNBOOKS).glob("*.md")
        for found in re.findall(r"^ *(chorale ops .*)$|`(chorale ops [^`]*)`", path.read_text(encoding="utf-8"), re.M)
        for line in found
        if line
    }
)


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_of_a_runbook_can_be_typed(page: str, line: str) -> None:
    words = shlex.split(line.replace("$FLUX", "CPP0011100000000000000042"))[1:]
    if words == ["ops", "redrive"]:  # spoken of, with no queue
        words.append("integration")
    assert parser_for("ops").parse_args(words).act


def test_the_pages_have_a_command_for_every_action() -> None:
    said = {line.split()[2] for _, line in COMMANDS}
    assert said == {"status", "lag", "redrive", "replay", "verify-archive", "register-application", "register-account"}


def test_the_command_knows_every_queue_of_the_stack() -> None:
    queues = {name for name in stacks()[""]["Outputs"] if name.endswith(("Queue", "DeadLetters"))}
    known = {output for pair in ops_stack.QUEUES.values() for output in pair}
    assert queues == known | {ops_stack.RELAY_NOTICES}
