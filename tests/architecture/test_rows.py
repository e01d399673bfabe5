"""Which rows a function may write: what its code writes, nothing that says who may do what, nothing that happened.

The policies are evaluated as they stand in the templates (``iam``), against the rows of ``stores/keys.py``.
"""

import ast
from functools import cache
from itertools import product

import pytest

from tests.architecture.calls import PACKAGE
from tests.architecture.cloudformation import as_list, functions, role_of, source_of, stacks, statements
from tests.architecture.iam import ATTRIBUTES, LEADING_KEYS, role_allows, table, tables_of, writes
from tests.architecture.rows import FOR_OTHERS, MAY_BE_LOST, NO_FUNCTION, ROWS, Write, rows_written
from tests.architecture.test_permissions import called, every_function, from_event_sources, reach

VERBS = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
BY_ROW = ("Ledger", "Directory")
WRITING_CALLS = {"put_item", "update_item", "delete_item", "batch_write_item"}
WRITING_ENTRIES = {"Put", "Update", "Delete"}

ACCOUNTS = ("TECH#somebody", "APP#somebody")
HASHES = {"TECH#somebody": "password_hash", "APP#somebody": "secret_hash"}
HISTORIES = ("INV#1000000", "FLUX#CPP001", "FILE#300000000", "CONTRACT#400000000", "UNIQ#1#F#1", "PJ#1")
WHAT_HAPPENED = (
    "line", "action", "attachment", "document", "event", "report", "outcome", "entry", "file", "contract", "before",
)  # fmt: skip
"""Attributes that hold what was said, seen or decided: written once, with their row."""
FILE_INVOICES_AND_PAPERS = {
    "api_deposit", "api_process", "api_works", "edi_exchange", "flux_integrate", "watch_deadlines", "works_resume",
    "works_settle_task",
}  # fmt: skip


@cache
def granted_rows(name: str) -> frozenset[Write]:
    """What the role of a function may write to Ledger and Directory; whole tables are ``""``."""
    properties = functions()[name]
    return frozenset(
        (wanted, action.removeprefix("dynamodb:"), beginning.removesuffix("*"))
        for statement in statements(role_of(properties))
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
        if action.removeprefix("dynamodb:") in VERBS
        for wanted in tables_of(statement, properties["Stack"])
        if wanted in BY_ROW
        for beginning in leading_keys(statement)
    )


def leading_keys(statement: dict) -> list[str]:
    """The partitions that a statement is about, as written."""
    found = [
        beginning
        for operator, conditions in statement.get("Condition", {}).items()
        if operator.startswith("ForAllValues:String") and LEADING_KEYS in conditions
        for beginning in as_list(conditions[LEADING_KEYS])
    ]
    return found or [""]


def _writers() -> set[str]:
    """The functions of the stores with a write to a table in their text."""
    found = set()
    for path in sorted((PACKAGE / "chorale" / "stores").rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE / "chorale" / "stores").with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(map(_is_write, ast.walk(node))):
                found.add(f"{module}.{node.name}")
    return found


def _is_write(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Constant) and key.value in WRITING_ENTRIES for key in node.keys)
    return isinstance(node, ast.Attribute) and node.attr in WRITING_CALLS


def test_the_table_of_rows_has_every_function_of_the_stores_that_writes() -> None:
    known = ROWS.keys() | FOR_OTHERS.keys() | MAY_BE_LOST | NO_FUNCTION.keys()
    assert sorted(_writers() - known) == []
    assert sorted((FOR_OTHERS.keys() | MAY_BE_LOST | NO_FUNCTION.keys()) - _writers()) == []


@every_function
def test_no_function_comes_to_what_operators_write(name: str) -> None:
    stores = {f"{module}.{node}".removeprefix("chorale.stores.") for module, node in reach(name).nodes}
    assert stores & NO_FUNCTION.keys() == set()


@every_function
def test_a_function_may_write_the_rows_that_its_code_writes_and_no_others(name: str) -> None:
    assert granted_rows(name) == rows_written(reach(name))


@every_function
def test_no_function_writes_an_account_or_an_application(name: str) -> None:
    """But for the hash of a secret that was just given: rights, activity and end of an account stay what they are."""
    for row, verb in product((*ACCOUNTS, "EDI#DEM10007"), VERBS):
        assert not writes(
            name, verb, "Directory", row, ["rights", "active", "expires_at", "login", HASHES.get(row, "")]
        )
        assert not writes(name, verb, "Directory", row, ["rights"])
    hashes = {row for row, column in HASHES.items() if writes(name, "UpdateItem", "Directory", row, [column])}
    signs_in = {"api_token": {"APP#somebody"}, "api_docs": set()}
    expected = signs_in.get(name, {"TECH#somebody"}) if name.startswith("api_") else set()
    assert hashes == expected


@every_function
def test_no_function_attaches_an_account_to_a_structure(name: str) -> None:
    """The row ``STRUCT#<id>/USER#<login>`` stands beside the settings of the structure, which one function changes."""
    for verb in VERBS:
        assert not writes(name, verb, "Directory", "STRUCT#10001", ["login"])
    assert writes(name, "UpdateItem", "Directory", "STRUCT#10001", ["structure"]) == (name == "api_structures")


@every_function
def test_no_function_deletes_what_happened(name: str) -> None:
    for row, verb in product((*HISTORIES, "COUNTER#FLUX"), ("DeleteItem", "BatchWriteItem")):
        assert not writes(name, verb, "Ledger", row), row


@every_function
def test_no_function_changes_what_was_said_or_decided(name: str) -> None:
    for row, attribute in product(HISTORIES, WHAT_HAPPENED):
        assert not writes(name, "UpdateItem", "Ledger", row, [attribute]), (row, attribute)


def test_only_who_files_or_treats_may_put_a_row_beside_a_history() -> None:
    """IAM sees no condition of a request: who may add a line to a history could replace one. These are all that may."""
    assert {name for name in functions() if writes(name, "PutItem", "Ledger", "INV#1000000", ["line"])} == (
        FILE_INVOICES_AND_PAPERS
    )


def test_the_state_machine_writes_the_token_of_a_task_and_nothing_else() -> None:
    role = stacks()["Works"]["Resources"]["WorksMachineRole"]

    def may(verb: str, row: str, attribute: str) -> bool:
        context = {LEADING_KEYS: [row], ATTRIBUTES: ["pk", "sk", attribute]}
        return role_allows(role, "Works", f"dynamodb:{verb}", table("Ledger"), context)

    assert may("UpdateItem", "FILE#300000000", "task_token")
    assert not may("UpdateItem", "FILE#300000000", "file")
    assert not any(may(verb, row, "task_token") for verb, row in product(("PutItem", "DeleteItem"), HISTORIES))
    assert not may("UpdateItem", "INV#1000000", "task_token")


@every_function
def test_each_action_on_a_table_is_one_that_the_code_calls(name: str) -> None:
    """``test_permissions`` compares actions; here each is compared table by table, with the settings that are read."""
    tables = {
        "ledger_table": "Ledger",
        "directory_table": "Directory",
        "views_table": "Views",
        "technical_table": "Technical",
    }
    read = {logical for setting, logical in tables.items() if setting in reach(name).settings}
    properties = functions()[name]
    on_tables = {
        (wanted, action)
        for statement in statements(role_of(properties))
        if statement["Effect"] == "Allow"
        for action in as_list(statement["Action"])
        for wanted in tables_of(statement, properties["Stack"])
    }
    assert {wanted for wanted, _ in on_tables} == read
    assert {action for _, action in on_tables} <= called(reach(name)) | from_event_sources(name)


def test_the_evaluator_denies_what_nothing_allows_and_what_something_denies() -> None:
    assert source_of({"Ref": "LedgerTable"}, "Works") == ("Data", "Ledger")
    assert writes("api_works", "UpdateItem", "Ledger", "FILE#1", ["task_state"])
    assert not writes("api_works", "UpdateItem", "Ledger", "FILE#1", ["task_state", "file"]), "denied by KeepHistory"
    assert not writes("api_works", "UpdateItem", "Ledger", "FLUX#1", ["state"]), "no statement names these rows"
    assert not writes("works_open_task", "PutItem", "Ledger", "FILE#1")


@pytest.mark.parametrize("operator", ["StringNotLike", "ForAllValues:StringNotEquals"])
def test_the_evaluator_refuses_an_operator_that_it_does_not_know(operator: str) -> None:
    statement = {
        "Effect": "Allow",
        "Action": "dynamodb:PutItem",
        "Resource": "*",
        "Condition": {operator: {LEADING_KEYS: ["A"]}},
    }
    role = {"Properties": {"Policies": [{"PolicyDocument": {"Statement": [statement]}}]}}
    with pytest.raises((KeyError, AssertionError)):
        role_allows(role, "", "dynamodb:PutItem", table("Ledger"), {LEADING_KEYS: ["A"]})
