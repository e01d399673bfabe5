"""The runbook of a restore moves every counter: a number that was given before is never given again."""

import json
import re

import pytest
from chorale.stores import aws, counters

from tests.architecture.cloudformation import ROOT, of_type
from tests.aws import Hub, hub

__all__ = ["hub"]
PAGE = (ROOT / "infra" / "runbooks" / "restore.md").read_text(encoding="utf-8")
PRODUCT = sorted((ROOT / "layers" / "chorale" / "chorale").rglob("*.py"))


def _in_page(pattern: str) -> str:
    found = re.search(pattern, PAGE)
    assert found, pattern
    return found[1]


MOVED = _in_page(r"for kind in ([A-Z_ ]+); do").split()
KEY = _in_page(r'--key "(\{.*COUNTER.*\})"').replace("\\", "")
UPDATE = _in_page(r"--update-expression '(ADD [^']+)'")
JUMP = json.loads(_in_page(r"--expression-attribute-values '(.*jump.*?)'"))


def test_the_runbook_names_every_counter_and_no_other() -> None:
    assert list(counters.FIRST) == MOVED


def test_every_number_that_is_given_is_of_a_space_in_the_table() -> None:
    asked = {
        name
        for path in PRODUCT
        for name in re.findall(r"next_number\((?:counters\.)?([A-Z_]+)\)", path.read_text("utf-8"))
    }
    assert asked
    assert {getattr(counters, name) for name in asked} == set(counters.FIRST)


@pytest.mark.parametrize("kind", counters.FIRST)
def test_after_a_restore_no_number_is_given_a_second_time(hub: Hub, kind: str) -> None:
    """The commands of the page, on a table that has forgotten what was given."""
    given = {counters.next_number(kind) for _ in range(250)}
    counters.forget_blocks()
    dynamodb = aws.client("dynamodb")
    dynamodb.delete_item(TableName="Ledger", Key=aws.to_item({"pk": f"COUNTER#{kind}", "sk": "C"}))
    for moved in MOVED:
        dynamodb.update_item(
            TableName="Ledger",
            Key=json.loads(KEY.replace("$kind", moved)),
            UpdateExpression=UPDATE,
            ExpressionAttributeValues=JUMP,
        )
    assert not given & {counters.next_number(kind) for _ in range(250)}


def test_the_page_says_how_long_backups_are_kept_and_what_may_be_lost() -> None:
    (plan,) = of_type("AWS::Backup::BackupPlan").values()
    (rule,) = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    copy = rule["CopyActions"]["Fn::If"][1][0]
    assert rule["Lifecycle"]["DeleteAfterDays"] == int(_in_page(r"a backup of each night for (\d+) days"))
    assert copy["Lifecycle"]["DeleteAfterDays"] == int(_in_page(r"`BackupCopyVaultArn` for (\d+) days"))
    assert rule["ScheduleExpression"] == "cron(0 2 * * ? *)", "each night: at most a day is lost"
    assert _in_page(r"nightly backup \(`Backups=true`\) \| (\d+) hours \|") == "24"
