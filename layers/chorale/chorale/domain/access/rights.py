"""Who may do what for which structure. Everything not in the table is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chorale.domain.errors import Forbidden


class Right(StrEnum):
    """A right (habilitation) on a space, held for one structure."""

    ISSUED = "FACTURES_EMISES"
    RECEIVED = "FACTURES_RECUES"
    TO_VALIDATE = "FACTURES_A_VALIDER"
    WORKS = "FACTURES_TRAVAUX"
    MANAGEMENT = "GESTION_STRUCTURE"
    """The settings of the structure itself: its exchanges by EDI."""


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """A technical account as its structure sees it."""

    login: str
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Space:
    """A space of a structure (``espace``): where a right is exercised, for the whole structure or for one service."""

    right: Right
    structure_id: int
    service_id: int | None = None

    @property
    def code(self) -> int:
        """Number of the kind of space, from 1."""
        return list(Right).index(self.right) + 1

    @property
    def id(self) -> int:
        """Number of this space among all: the directory numbers services and structures apart from each other."""
        owner = 2 * self.structure_id if self.service_id is None else 2 * self.service_id + 1
        return owner * SPACES_NUMBERED + self.code


SPACES_NUMBERED = 100
"""Numbers of spaces kept for each structure or service."""


class Deed(StrEnum):
    """Something an actor does for a structure."""

    DEPOSIT = "DEPOSIT"
    READ_ISSUED = "READ_ISSUED"
    READ_RECEIVED = "READ_RECEIVED"
    PROCESS_RECEIVED = "PROCESS_RECEIVED"
    AMEND_ISSUED = "AMEND_ISSUED"
    READ_TO_VALIDATE = "READ_TO_VALIDATE"
    VALIDATE = "VALIDATE"
    MANAGE = "MANAGE"
    READ_WORKS = "READ_WORKS"
    ACT_ON_WORKS = "ACT_ON_WORKS"


NEEDED_RIGHT: Mapping[Deed, Right] = {
    Deed.DEPOSIT: Right.ISSUED,
    Deed.READ_ISSUED: Right.ISSUED,
    Deed.READ_RECEIVED: Right.RECEIVED,
    Deed.PROCESS_RECEIVED: Right.RECEIVED,
    Deed.AMEND_ISSUED: Right.ISSUED,
    Deed.READ_TO_VALIDATE: Right.TO_VALIDATE,
    Deed.VALIDATE: Right.TO_VALIDATE,
    Deed.MANAGE: Right.MANAGEMENT,
    Deed.READ_WORKS: Right.WORKS,
    Deed.ACT_ON_WORKS: Right.WORKS,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A technical account on behalf of its structures, calling through an application."""

    login: str
    application: str
    rights: Mapping[int, frozenset[Right]]
    """Structure id -> rights held for it."""

    @property
    def structures(self) -> frozenset[int]:
        """Every structure the actor belongs to, with or without rights."""
        return frozenset(self.rights)


def can(actor: Actor, deed: Deed, structure_id: int) -> bool:
    """Whether ``actor`` holds, for ``structure_id``, the right that ``deed`` needs."""
    return NEEDED_RIGHT[deed] in actor.rights.get(structure_id, frozenset())


def structures_for(actor: Actor, deed: Deed) -> tuple[int, ...]:
    """The structures for which ``actor`` may do ``deed``, in the order of their ids."""
    return tuple(sorted(structure for structure in actor.rights if can(actor, deed, structure)))


def demand(actor: Actor, deed: Deed, structure_id: int) -> None:
    """Raise Forbidden when ``actor`` may not do ``deed`` for a structure of its own."""
    if not can(actor, deed, structure_id):
        raise Forbidden(
            f"Habilitation manquante : l'espace {NEEDED_RIGHT[deed].value} n'est pas ouvert à votre compte "
            "pour cette structure. Demandez-la au gestionnaire de la structure."
        )
