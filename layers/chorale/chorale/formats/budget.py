"""What one document may cost: bytes inflated or decoded, and steps of reading.

Both are counted, never timed: the same file has the same verdict on every machine. One ``Budget`` is handed through the
whole reading of a document, so that two hundred files inside it share what one may take.
"""

from dataclasses import dataclass, field

from chorale.formats.limits import (
    INFLATED_AT_MOST,
    INFLATED_AT_ONCE_AT_MOST,
    STEPS_AT_MOST,
    STEPS_AT_ONCE_AT_MOST,
)
from chorale.formats.notes import Refused, refuse


@dataclass(slots=True)
class Budget:
    """What is left to spend on a document. Both methods raise Refused (CHO-DEMESURE) when nothing is."""

    inflated: int = INFLATED_AT_MOST
    """Bytes that may still come out of compression or encoding."""
    steps: int = STEPS_AT_MOST
    """Tags and tokens that may still be read; each becomes an object of some hundred bytes at most."""
    at_once: bool = False
    exceeded: Refused | None = field(default=None, init=False)
    """Kept, because libraries catch what is raised while they read."""

    def inflate(self, size: int) -> None:
        """Count ``size`` bytes that were inflated or decoded."""
        self.inflated -= size
        if self.inflated < 0:
            raise self._exceeded()

    def step(self, count: int = 1) -> None:
        """Count ``count`` tags or tokens, or as much work as reading them takes."""
        self.steps -= count
        if self.steps < 0:
            raise self._exceeded()

    def check(self) -> None:
        """Raise again what was raised while a library caught it."""
        if self.exceeded:
            raise self.exceeded

    def _exceeded(self) -> Refused:
        waiting = " Le contrôle immédiat en prend moins qu'un dépôt : déposez le fichier." if self.at_once else ""
        self.exceeded = refuse(
            "CHO-DEMESURE",
            "La lecture de ce document demande plus de mémoire ou de calcul que n'en demande une facture : retirez les "
            f"pièces jointes inutiles, ou produisez-le de nouveau.{waiting}",
            "Reading this document takes more memory or work than any invoice does.",
            expected="une facture et ses pièces",
        )
        return self.exceeded


def budget_at_once() -> Budget:
    """The smaller budget of a check whose caller waits for the answer."""
    return Budget(INFLATED_AT_ONCE_AT_MOST, STEPS_AT_ONCE_AT_MOST, at_once=True)
