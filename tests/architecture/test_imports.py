"""What may be known where. Imports between packages are held by import-linter (``make imports``), the rest is here."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "layers" / "chorale" / "chorale"
FUNCTIONS = ROOT / "functions"
PRODUCT = sorted([*PACKAGE.rglob("*.py"), *FUNCTIONS.rglob("*.py")])
KEYS = PACKAGE / "stores" / "keys.py"


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removeprefix("layers/chorale/")


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}: imports are written in full, so that they read the same everywhere"
            yield node.module or ""


def _texts(path: Path) -> Iterator[str]:
    """Every text of a module, parts of f-strings included, documentation left out."""
    tree = _tree(path)
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def test_the_contracts_of_import_linter_are_kept() -> None:
    # In a process of its own: it sets up logging for the whole process, and other tests read what is logged.
    lint = "from importlinter import cli; import sys; sys.exit(cli.lint_imports(no_cache=True))"
    ended = subprocess.run(
        [sys.executable, "-c", lint],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " 0 broken" in ended.stdout


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=_name)
def test_the_domain_needs_nothing_but_the_standard_library(path: Path) -> None:
    outside = {
        name
        for name in _imported(path)
        if not name.startswith("chorale.domain") and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert not outside


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=_name)
def test_the_domain_has_no_clock_no_chance_and_no_files_of_its_own(path: Path) -> None:
    assert not set(_imported(path)) & {"time", "random", "secrets", "uuid", "os", "pathlib", "socket", "logging"}
    calls = {node.attr for node in ast.walk(_tree(path)) if isinstance(node, ast.Attribute)}
    assert not calls & {"now", "utcnow", "today"}


@pytest.mark.parametrize("path", [path for path in PRODUCT if path != PACKAGE / "runtime" / "settings.py"], ids=_name)
def test_environment_variables_are_read_in_the_settings_only(path: Path) -> None:
    used = {node.attr for node in ast.walk(_tree(path)) if isinstance(node, ast.Attribute)}
    used |= {alias.name for node in ast.walk(_tree(path)) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not used & {"environ", "environb", "getenv"}


KEY = re.compile(
    r"^(INV|FLUX|FILE|UNIQ|COUNTER|SUP|REC|VAL|DUE|PENDING|STRUCT|SVC|EJ|IDENT|TOKEN|APP|TECH|APPLIED"
    r"|HIST|EVT|RANK|ATT|TASK|PAPER)#|^(HEAD|CLOCK)$"
)


@pytest.mark.parametrize("path", [path for path in PRODUCT if path != KEYS], ids=_name)
def test_keys_are_built_and_parsed_in_one_place(path: Path) -> None:
    assert not [text for text in _texts(path) if KEY.match(text)]


@pytest.mark.parametrize("path", sorted(set((PACKAGE / "stores").glob("*.py")) - {KEYS}), ids=_name)
def test_no_other_store_takes_a_key_apart(path: Path) -> None:
    assert "#" not in _texts(path)


def test_the_pattern_of_keys_finds_those_of_the_one_place() -> None:
    found = {text for text in _texts(KEYS) if KEY.match(text)}
    assert {"INV#", "FLUX#", "UNIQ#", "COUNTER#", "STRUCT#", "TOKEN#", "HEAD", "HIST#"} <= found


@pytest.mark.parametrize("path", sorted(FUNCTIONS.rglob("*.py")), ids=_name)
def test_a_function_is_a_doorway(path: Path) -> None:
    """It turns an event into a call of a use case, and has no rule of its own."""
    floors = ("chorale.apidoc", "chorale.http", "chorale.usecases", "chorale.runtime")
    # An event, the simulated clock and the lease of a message are handed over as they are.
    allowed = (*floors, "chorale.domain.events", "chorale.stores.technical", "chorale.stores.leases")
    inside = [name for name in _imported(path) if name.startswith("chorale")]
    assert all(name.startswith(allowed) for name in inside), inside
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("path", PRODUCT, ids=_name)
def test_the_product_knows_nothing_of_the_tools_around_it(path: Path) -> None:
    outside = ("chorale_local", "chorale_cli", "tests", "moto", "ministack")
    assert not [name for name in _imported(path) if name.split(".")[0] in outside]


HEAVY = {"chalice", "fpdf", "lxml", "pydantic", "pypdf", "saxonche", "stdnum"}
PAID_FOR = {
    "flux_receive": set(),
    "flux_integrate": {"lxml"},
    "outbox_relay": set(),
    "count_indicators": set(),
    "watch_deadlines": set(),
}


def test_a_function_loads_no_library_that_it_does_not_need() -> None:
    """Each costs tens of milliseconds of every cold start. What a step needs, it imports itself."""
    program = (
        "import json, runpy, sys\n"
        f"heavy, before, loaded = {sorted(HEAVY)!r}, set(sys.modules), {{}}\n"
        f"for name in {list(PAID_FOR)!r}:\n"
        "    runpy.run_path(f'functions/{name}/app.py')\n"
        "    loaded[name] = [library for library in heavy if library in sys.modules]\n"
        "    for module in set(sys.modules) - before:\n"
        "        if module.split('.')[0] in {'chorale', 'chorale_references', *heavy}:\n"
        "            del sys.modules[module]\n"
        "print(json.dumps(loaded))\n"
    )
    path = [PACKAGE.parent, ROOT / "build" / "layers" / "references" / "python"]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": ":".join(map(str, path)), "AWS_DEFAULT_REGION": "eu-west-3"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name: set(libraries) for name, libraries in json.loads(done.stdout).items()}
    assert loaded == PAID_FOR
