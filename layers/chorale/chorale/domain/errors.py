"""What can go wrong for a reason the user can act on. Each error has a stable code and a French message."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chorale.domain.findings import Finding

SAID_AT_MOST = 5
"""Findings that a message repeats; the list holds all of them."""


class ChoraleError(Exception):
    """An act that cannot be done, with the reason and what to change.

    ``code`` is stable and never reused; ``message`` is French, for the person who reads the answer.
    """

    code = "CHO-ERREUR"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAuthenticated(ChoraleError):
    """The caller has not proved who it is (token or technical account)."""

    code = "CHO-AUTH"


class Forbidden(ChoraleError):
    """The object is of the actor's own structure, but the actor lacks the right."""

    code = "CHO-DROIT"


class InvoiceNotFound(ChoraleError):
    """No such invoice, or not one that the actor may know of: the answer is the same."""

    code = "CHO-FACTURE-INCONNUE"


class PaperNotFound(ChoraleError):
    """No such works paper, file or contract, or not one that the actor may know of: the answer is the same."""

    code = "CHO-PIECE-INCONNUE"


class FluxNotFound(ChoraleError):
    """No such flux, or another depositor's: the answer is the same."""

    code = "CHO-FLUX-INCONNU"


class StructureNotFound(ChoraleError):
    """No such structure or service in the directory."""

    code = "CHO-STRUCTURE-INCONNUE"


class ActImpossible(ChoraleError):
    """The current status does not allow the act; ``status`` is the current one."""

    code = "CHO-STATUT"

    def __init__(self, message: str, status: str | None = None) -> None:
        super().__init__(message)
        self.status = status


class NotSuspended(ActImpossible):
    """Only a suspended invoice can be completed."""

    code = "CHO-NON-SUSPENDUE"


class InvalidRequest(ChoraleError):
    """A field of the request is missing or wrong; ``field`` says which (``chorale.domain.fields``)."""

    code = "CHO-REQUETE"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InfectedFile(InvalidRequest):
    """A file in which a virus is known."""

    code = "CHO-PJ-VIRUS"


class ActiveFile(InvalidRequest):
    """A file with code that would run where it is opened."""

    code = "CHO-PJ-ACTIF"


class SubmissionRefused(ChoraleError):
    """A submitted invoice that cannot be taken as it is; ``findings`` say all that must change."""

    code = "CHO-SAISIE"

    def __init__(self, findings: "Sequence[Finding]") -> None:
        self.findings = tuple(finding for finding in findings if finding.severity == "error")
        super().__init__(" | ".join(f"{finding.code} : {finding.message}" for finding in self.findings[:SAID_AT_MOST]))


class FileTooLarge(ChoraleError):
    """More bytes than the route takes."""

    code = "CHO-TAILLE"


class AttachmentTooLarge(FileTooLarge):
    """An attachment above the limit of one attachment."""

    code = "CHO-PJ-TAILLE"


class AttachmentNotFound(ChoraleError):
    """No such stored file, or not one that the actor may use: the answer is the same."""

    code = "CHO-PJ-INCONNUE"


class TooManyRequests(ChoraleError):
    """The caller's quota is used up; ``retry_after`` is in seconds."""

    code = "CHO-QUOTA"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyFailures(TooManyRequests):
    """Too many wrong secrets from this source: none is looked at before ``retry_after`` seconds have passed."""

    code = "CHO-ESSAIS"


class ReplayRefused(ChoraleError):
    """An ``Idempotency-Key`` that cannot be honoured; ``status`` is the HTTP status of the answer."""

    code = "CHO-REJEU"
    status = 409


class ReplayInProgress(ReplayRefused):
    """The first request with this key has not ended yet."""

    code = "CHO-REJEU-EN-COURS"


class ReplayOfAnother(ReplayRefused):
    """The key came before with another body."""

    code = "CHO-REJEU-AUTRE"
    status = 422
