"""Both engines on one document, and what one rule set shows over all samples and recipes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from chorale_references import rules
from lxml import etree

from .oracle import Oracle, Verdict
from .samples import all_samples, valid_samples
from .search import read_recipes, replay


@cache
def oracle() -> Oracle:
    """The one oracle of the process: its stylesheets are compiled once."""
    return Oracle()


def verdict_of_engine(rule_set_id: str, root: etree._Element) -> Verdict:
    """What the generated rules say, in the terms of the oracle."""
    try:
        return Counter(rules.load(rule_set_id).positions(rules.Document(root)))
    except rules.RuleEngineError as error:
        return str(error)


@dataclass
class Difference:
    """A document on which the engines do not agree."""

    name: str
    only_official: dict[str, int] | str
    only_engine: dict[str, int] | str


def difference(rule_set_id: str, name: str, root: etree._Element) -> tuple[Verdict, Verdict, Difference | None]:
    """Verdicts of engine and oracle, and how they differ. An error on both sides is agreement."""
    xml = etree.tostring(root)
    engine, official = verdict_of_engine(rule_set_id, root), oracle().verdict(rule_set_id, xml)
    if isinstance(engine, str) != isinstance(official, str):
        official = oracle().fresh_verdict(rule_set_id, xml)
    if isinstance(engine, str) or isinstance(official, str):
        same = isinstance(engine, str) and isinstance(official, str)
        return (
            engine,
            official,
            None if same else Difference(name, _named(rule_set_id, official), _named(rule_set_id, engine)),
        )
    if engine == official:
        return engine, official, None
    found = Difference(name, _named(rule_set_id, official - engine), _named(rule_set_id, engine - official))
    return engine, official, found


def _named(rule_set_id: str, verdict: Verdict) -> dict[str, int] | str:
    if isinstance(verdict, str):
        return verdict
    assertions = rules.load(rule_set_id).assertions()
    return {f"{assertions[p][0]} at {p}: {assertions[p][2][:120]}": count for p, count in verdict.items()}


@dataclass
class Outcome:
    """What samples and recipes show for one rule set."""

    documents: int = 0
    differences: list[Difference] = field(default_factory=list)
    fired_by_engine: set[int] = field(default_factory=set)
    fired_officially: set[int] = field(default_factory=set)


@cache
def outcome(rule_set_id: str) -> Outcome:
    """Run both engines on every sample of the syntax and every recipe of the rule set."""
    found = Outcome()
    for name, root in _documents(rule_set_id):
        engine, official, differs = difference(rule_set_id, name, root)
        found.documents += 1
        found.fired_by_engine |= set(engine) if isinstance(engine, Counter) else set()
        found.fired_officially |= set(official) if isinstance(official, Counter) else set()
        if differs:
            found.differences.append(differs)
    return found


def _documents(rule_set_id: str) -> Iterator[tuple[str, etree._Element]]:
    # The unit documents of CEN are fragments, not valid against the schema: what is stated of them is stated of the
    # EN 16931 rules. Elsewhere SaxonC's order of evaluation shows on them (an empty date stops BR-FR, or does not).
    syntax = rules.RULE_SETS[rule_set_id].syntax
    for sample in all_samples() if rule_set_id.startswith("EN16931") else valid_samples(syntax):
        if sample.syntax == syntax:
            yield sample.name, sample.root()
    for number, root in enumerate(replay(rule_set_id, read_recipes(rule_set_id))):
        yield f"recipe {number}", root
