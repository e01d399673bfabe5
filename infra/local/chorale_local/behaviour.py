"""Faults on purpose, for the tests of a connector: quotas, slowness, errors, cut connections, by operation.

A rule is about some operations, lets some calls pass, does its harm to some, and is then spent. The first rule that
takes a call decides.
"""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from chorale_local.refused import Refused


class Fault(StrEnum):
    """What happens to a call."""

    QUOTA = "quota"
    """429 with Retry-After: ``seconds``."""
    ERROR = "error"
    """``status`` (500 or more), as the gateway says it."""
    SLOW = "slow"
    """The hub's answer, ``seconds`` later."""
    TIMEOUT = "timeout"
    """504 after ``seconds``, as the gateway gives up on a function."""
    CUT = "cut"
    """The connection ends without an answer."""


SECONDS = {Fault.QUOTA: 1.0, Fault.SLOW: 2.0, Fault.TIMEOUT: 29.0}
"""When a rule does not say."""
SECONDS_AT_MOST = 300.0


@dataclass
class Rule:
    """Harm to calls. ``operations`` is a pattern (``*`` for anything) of names or paths, of any case."""

    fault: Fault
    operations: str = "*"
    after: int = 0
    """Calls that pass first."""
    calls: int | None = None
    """Calls that it harms before it is spent; None for as long as the rule is there."""
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 500
    executed: bool = False
    """Whether the hub does what was asked although the caller gets no answer: who repeats must not do it twice."""
    id: int = 0
    passed: int = 0
    harmed: int = 0
    _random: Random = field(default_factory=Random, repr=False, compare=False)

    def takes(self, name: str, path: str) -> bool:
        """Whether it harms this call; counted."""
        if not any(_is_like(self.operations, text) for text in (name, path)):
            return False
        if self.passed < self.after:
            self.passed += 1
            return False
        if self.is_spent or self._random.random() >= self.probability:
            return False
        self.harmed += 1
        return True

    @property
    def is_spent(self) -> bool:
        """Whether it has harmed as many calls as it may."""
        return self.calls is not None and self.harmed >= self.calls

    def shown(self) -> dict[str, Any]:
        """The rule as JSON types."""
        return {name: value for name, value in asdict(self).items() if not name.startswith("_")}


GIVEN = {one.name: one for one in fields(Rule) if one.name not in ("id", "passed", "harmed", "_random")}
WHOLE_NUMBERS = {"after": (0, 10**9), "calls": (1, 10**9), "status": (500, 599)}
NUMBERS = {"probability": (0, 1), "seconds": (0, SECONDS_AT_MOST)}
LONGEST_PATTERN = 500
"""Characters."""


def rule(given: Mapping[str, Any]) -> Rule:
    """A rule from a request's body; raises Refused."""
    unknown = sorted(set(given) - set(GIVEN))
    if unknown:
        raise Refused(f"Champ inconnu : {', '.join(unknown)}. Une règle a {', '.join(GIVEN)}.")
    try:
        fault = Fault(given.get("fault", ""))
    except ValueError:
        raise Refused(f"« fault » vaut {', '.join(Fault)}.") from None
    for kinds, what, bounds in ((int, "un nombre entier", WHOLE_NUMBERS), (int | float, "un nombre", NUMBERS)):
        for name, (least, most) in bounds.items():
            value = given.get(name, least)
            if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
                raise Refused(f"« {name} » est {what} de {least} à {most:.0f}.")
    if not isinstance(given.get("executed", False), bool):
        raise Refused("« executed » vaut true ou false.")
    operations = given.get("operations", "*")
    if not isinstance(operations, str) or not 0 < len(operations) <= LONGEST_PATTERN or not operations.isprintable():
        raise Refused(
            f"« operations » est un texte de 1 à {LONGEST_PATTERN} caractères, par exemple deposer* ou /cpro/*."
        )
    return Rule(**{"seconds": SECONDS.get(fault, 0.0), **given, "fault": fault})


class Behaviour:
    """The rules of a hub. Methods may be called from several threads.

    ``names`` reads the names of the operations by method and path; it is called with the first rule.
    """

    def __init__(self, names: Callable[[], Mapping[tuple[str, str], str]]) -> None:
        self._names = names
        self._patterns: list[tuple[str, re.Pattern[str], str]] = []
        self._rules: list[Rule] = []
        self._next = 1
        self._lock = threading.Lock()

    def add(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Add a rule; all rules. Raises Refused when it cannot be, or when no operation has its name."""
        made = rule(given)
        with self._lock:
            if not self._patterns:
                self._patterns = [(method, _pattern(path), name) for (method, path), name in self._names().items()]
            self._demand_known(made.operations)
            made.id, self._next = self._next, self._next + 1
            self._rules.append(made)
        return self.shown()

    def _demand_known(self, operations: str) -> None:
        names = [name for _, _, name in self._patterns]
        # A path begins with a slash: what begins otherwise can only be a name.
        if operations[0] in "/*?[" or any(_is_like(operations, name) for name in names):
            return
        near = get_close_matches(operations.strip("*"), names, n=3)
        hint = f" : {' ou '.join(near)} ?" if near else " : /docs donne les noms."
        raise Refused(f"Aucune opération ne s'appelle {operations}{hint}")

    def forget(self) -> dict[str, Any]:
        """Remove every rule."""
        with self._lock:
            self._rules.clear()
        return self.shown()

    def shown(self) -> dict[str, Any]:
        """All rules, with the calls that they let pass and that they harmed."""
        with self._lock:
            return {"rules": [one.shown() for one in self._rules]}

    def of(self, method: str, path: str) -> Rule | None:
        """The rule that harms this call, if any."""
        with self._lock:
            if not self._rules:
                return None
            name = next((name for verb, like, name in self._patterns if verb == method and like.match(path)), "")
            return next((one for one in self._rules if one.takes(name, path)), None)


def _is_like(pattern: str, text: str) -> bool:
    return fnmatchcase(text.lower(), pattern.lower())


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)) + "$")
