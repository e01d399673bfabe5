"""Write every committed file that is made from tables and routes: ``make generate``.

``--check`` (``make check``) writes nothing: it names the files that are not what the code makes, and fails.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml
from chorale.apidoc.gateway import deployed_document
from chorale.apidoc.openapi import EXAMPLES
from chorale_cli import messages, rules

from tests import aws
from tests.architecture import costs_page, limits_page, runbooks_page
from tests.samples import pdf_a
from tests.unit.domain import deadlines_page, status_page
from tests.unit.domain.works import requests_page, rules_page, works_page
from tests.unit.http import operations_page, scenario
from tests.unit.stores import rows_shape
from tools import packages

ROOT = Path(__file__).resolve().parents[1]
GATEWAY = Path("infra/api/gateway.yaml")
GATEWAY_HEADER = "# Generated from the routes by make generate: what API Gateway is made from.\n"


def gateway() -> str:
    """The definition that the template includes."""
    return GATEWAY_HEADER + yaml.safe_dump(deployed_document(), sort_keys=False, allow_unicode=True, width=120)


def examples() -> str:
    """The examples of the documentation, played on a hub in this process."""
    os.environ.update(aws.ENVIRONMENT)
    with aws.fresh_hub():
        return json.dumps(scenario.steady(scenario.play()), ensure_ascii=False, indent=1) + "\n"


def _with(page: Path, generated_in: Callable[[str], str]) -> Callable[[], str]:
    """A page of which only the part between its markers is made."""
    return lambda: generated_in((ROOT / page).read_text(encoding="utf-8"))


GENERATED: Mapping[Path, Callable[[], str]] = {
    GATEWAY: gateway,
    EXAMPLES.relative_to(ROOT): examples,
    Path("docs/validation.md"): rules.markdown,
    Path("docs/messages.md"): messages.markdown,
    operations_page.PAGE: operations_page.generated,
    pdf_a.PAGE: pdf_a.page,
    status_page.PAGE: _with(status_page.PAGE, status_page.with_generated),
    rules_page.PAGE: rules_page.generated,
    requests_page.PAGE: requests_page.generated,
    works_page.PAGE: _with(works_page.PAGE, works_page.with_generated),
    deadlines_page.PAGE: _with(deadlines_page.PAGE, deadlines_page.with_generated),
    limits_page.PAGE: _with(limits_page.PAGE, limits_page.with_generated),
    runbooks_page.PAGE: _with(runbooks_page.PAGE, runbooks_page.with_generated),
    rows_shape.PAGE: rows_shape.generated,
    costs_page.PAGE: costs_page.generated,
    packages.PAGE: packages.page,
    costs_page.README: _with(costs_page.README, costs_page.with_sentence),
}
"""File -> what it has to say."""


def differing(files: Mapping[Path, Callable[[], str]], root: Path = ROOT) -> dict[Path, str]:
    """The files under ``root`` that are not what the code makes, each with what it should say."""
    made = {path: text() for path, text in files.items()}
    return {
        path: text
        for path, text in made.items()
        if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Write the files that differ, or with ``--check`` name them; 1 if a check found any."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--check", action="store_true", help="write nothing, fail if a file is not up to date")
    check = asked.parse_args().check
    found = differing(GENERATED)
    for path, text in found.items():
        if not check:
            (ROOT / path).write_text(text, encoding="utf-8")
        print(f"{path} {'is not what the code makes: run make generate' if check else 'written'}")
    if not found:
        print(f"The {len(GENERATED)} generated files are what the code makes.")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
