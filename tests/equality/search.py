"""Looks for documents that make every assertion fire: `python -m tests.equality.search EN16931-UBL --seconds 60`.

Guided by coverage: what fires something new joins the documents that are mutated further. What it finds is written to
recipes/<rule set>.json as a base (a sample, or an earlier recipe) and edits, small enough to commit and quick to
replay; the tests then run them through both engines. Run it again after a new version of a rule set; it begins with
the recipes that are there.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chorale_references import rules
from lxml import etree

from .edits import Edit, apply_all
from .mutants import Mutator, targets
from .oracle import stylesheet
from .samples import is_valid, valid_samples

RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class Recipe:
    """A document: base and edits. `base` is the name of a sample, or the number of an earlier recipe."""

    base: str | int
    edits: list[Edit]


def read_recipes(rule_set: str) -> list[Recipe]:
    """The recipes of a rule set; none when there is no file."""
    path = RECIPES / f"{rule_set}.json"
    listed = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return [Recipe(base, edits) for base, edits in listed]


def replay(rule_set: str, recipes: list[Recipe]) -> Iterator[etree._Element]:
    """The documents of the recipes, in order."""
    bases: dict[str | int, bytes] = {s.name: s.xml for s in valid_samples(rules.RULE_SETS[rule_set].syntax)}
    for number, recipe in enumerate(recipes):
        root = apply_all(etree.fromstring(bases[recipe.base]), recipe.edits)
        bases[number] = etree.tostring(root)
        yield root


def fired_positions(rule_set: rules.RuleSet, root: etree._Element) -> set[int] | None:
    """Positions of the assertions that fire; None when the rules cannot be worked out."""
    try:
        return set(rule_set.positions(rules.Document(root)))
    except rules.RuleEngineError:
        return None


class Search:
    """One search for one rule set."""

    def __init__(self, rule_set: str, seed: int) -> None:
        self.rule_set = rules.load(rule_set)
        self.rng = random.Random(seed)
        sheet = stylesheet(rule_set)
        self.mutator = Mutator(sheet, self.rng)
        self.targets = targets(sheet)
        self.bases = [(s.name, s.xml) for s in valid_samples(self.rule_set.info.syntax)]
        self.recipes: list[Recipe] = []
        self.covered: set[int] = set()
        self.found: list[tuple[int, bytes]] = []
        for _, xml in self.bases:
            self.covered |= fired_positions(self.rule_set, etree.fromstring(xml)) or set()
        self._keep(read_recipes(rule_set))

    def _keep(self, recipes: list[Recipe]) -> None:
        for number, root in enumerate(replay(self.rule_set.info.id, recipes)):
            self.recipes.append(recipes[number])
            self.covered |= fired_positions(self.rule_set, root) or set()
            self.found.append((number, etree.tostring(root)))

    def run(self, seconds: float) -> None:
        """Search until the time is over or everything fired."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(self.covered) < len(self.targets):
            missing = [target for target in self.targets if target.position not in self.covered]
            self._try(self.rng.choice(missing))

    def _try(self, target: "object") -> None:
        name: str | int
        if self.found and self.rng.random() < 0.5:
            name, xml = self.rng.choice(self.found)
        else:
            name, xml = self.rng.choice(self.bases)
        root = etree.fromstring(xml)
        edits = self.mutator.aimed_edits(root, target)  # type: ignore[arg-type]
        if not edits or not is_valid(root):
            return
        fired = fired_positions(self.rule_set, root)
        if fired is not None and not fired <= self.covered:
            self.covered |= fired
            self.recipes.append(Recipe(name, edits))
            self.found.append((len(self.recipes) - 1, etree.tostring(root)))

    def write(self) -> None:
        """Write the recipes."""
        RECIPES.mkdir(exist_ok=True)
        rows = ",\n".join(json.dumps([r.base, r.edits], ensure_ascii=False) for r in self.recipes)
        (RECIPES / f"{self.rule_set.info.id}.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Search documents that make every assertion fire.")
    parser.add_argument("rule_sets", nargs="*", default=list(rules.RULE_SETS))
    parser.add_argument("--seconds", type=float, default=60.0, help="for each rule set")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for rule_set in arguments.rule_sets:
        search = Search(rule_set, arguments.seed)
        before = len(search.covered)
        search.run(arguments.seconds)
        search.write()
        total = len(search.targets)
        print(f"{rule_set}: {before} -> {len(search.covered)} of {total}, {len(search.recipes)} recipes", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
