"""The domain speaks its own words: the names of JSON fields stand where requests are read and answers written."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "layers" / "chorale" / "chorale"
FLOORS = ("domain", "usecases", "stores")
JSON_NAME = re.compile(r"\b[a-z]{2,}[a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+\b")
NOT_YET = {
    "domain/works/acts.py", "domain/works/admission.py", "domain/works/amendments.py", "domain/works/amounts.py",
    "domain/works/contract.py", "domain/works/creditors.py", "domain/works/deposit.py", "domain/works/figures.py",
    "domain/works/flux_papers.py", "domain/works/identity.py", "domain/works/motives.py",
    "domain/works/payment_acts.py", "usecases/works/amend_contract.py", "usecases/works/deposit_paper.py",
    "usecases/works/pay_part.py", "usecases/works/register_contract.py", "usecases/works/treat_paper.py",
}  # fmt: skip
"""Files of the works chain that still name fields as a request does. The list only gets shorter."""
QUOTED = {
    "domain/refusals/calls.py": "the catalogue quotes requests as their senders write them",
    "domain/refusals/files.py": "the catalogue quotes requests and documents as their senders write them",
    "domain/refusals/submissions.py": "the catalogue quotes requests as their senders write them",
    "stores/queues.py": "a notification as S3 writes it",
    "stores/leases.py": "the answer of a function to SQS",
    "stores/works/executions.py": "answers and ARNs of Step Functions",
}
"""Files in which such a name is not one of ours, with the reason."""


def _json_names(source: str) -> list[tuple[int, str]]:
    """Line and name of each JSON name in a text of ``source``; docstrings are for developers."""
    tree = ast.parse(source)
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [
        (node.lineno, name) for node in texts if id(node) not in notes for name in JSON_NAME.findall(str(node.value))
    ]


def _named() -> dict[str, list[tuple[int, str]]]:
    paths = [path for floor in FLOORS for path in sorted((PACKAGE / floor).rglob("*.py"))]
    found = {str(path.relative_to(PACKAGE)): _json_names(path.read_text(encoding="utf-8")) for path in paths}
    assert len(found) > 100
    return {path: names for path, names in found.items() if names}


def test_no_rule_names_a_field_as_a_request_does() -> None:
    assert {path: names for path, names in _named().items() if path not in NOT_YET | QUOTED.keys()} == {}


def test_what_is_excepted_still_needs_it() -> None:
    assert (NOT_YET | QUOTED.keys()) - _named().keys() == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("raise InvalidRequest('numeroMarche est obligatoire', 'numeroMarche')", ["numeroMarche"] * 2),
        ("x = f'donnez {x} dans idStructureCPP'", ["idStructureCPP"]),
        ("'''pieceJointeId of a request'''", []),
        ("x = f'{Field.NUMBER} est obligatoire'", []),
        ("x = 'CHO-NUMERO, application/pdf, Factur-X, DEPOT_PDF_API'", []),
    ],
)
def test_a_json_name_is_told_from_a_sentence(source: str, names: list[str]) -> None:
    assert [name for _, name in _json_names(source)] == names
