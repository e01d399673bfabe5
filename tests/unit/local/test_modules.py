"""The modules of the local hub import each other one way; the README shows the cast that is seeded."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import chorale_local
from chorale_local.places import ROOT
from chorale_local.seed import cast

FOLDER = Path(chorale_local.__file__).parent


def imported(path: Path) -> set[str]:
    """Modules of the package that this one imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "chorale_local":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chorale_local."):
            names.add(str(node.module).split(".")[1])
    return names


def test_no_module_of_the_local_hub_is_in_a_circle_of_imports():
    graph = {path.stem: imported(path) for path in FOLDER.glob("*.py")}

    order = list(TopologicalSorter(graph).static_order())

    assert order.index("seed") < order.index("example_objects") < order.index("local_tools")


def test_the_readme_lists_every_demo_party_with_its_number_and_part():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    rows = [f"| `{party['siret']}` | {party['name']} | {party['part']} |" for party in cast()["structures"]]

    assert [row for row in rows if row not in readme] == []
