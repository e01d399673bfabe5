"""What a refusal looks like on the wire: code, label, HTTP status. No pydantic here: every function needs this."""

from collections.abc import Mapping
from dataclasses import dataclass

from chorale.domain import errors

PAYLOAD_LIMIT = 6_000_000
"""Bytes that a function can answer (AWS Lambda takes 6 MB, a little less is safe)."""


class AnswerTooLarge(errors.ChoraleError):
    """The answer has more bytes than can be given; ``link`` is where the whole can be fetched, if anywhere."""

    code = "CHO-REPONSE-TAILLE"

    def __init__(self, message: str, link: str = "") -> None:
        super().__init__(message)
        self.link = link


@dataclass(frozen=True, slots=True)
class Refusal:
    """``codeRetour``, and the platform's label code where it has one for the case (ours otherwise)."""

    return_code: int
    label_code: str


# The same number means different things per service: a client reads the pair.
REFUSALS: Mapping[type[errors.ChoraleError], Refusal] = {
    errors.InvoiceNotFound: Refusal(20000, "GDP_MSG_11.008"),
    errors.Forbidden: Refusal(20001, "GDP_MSG_11.005"),
    errors.FileTooLarge: Refusal(20001, "GDP_MSG_11.022"),
    errors.AttachmentTooLarge: Refusal(20003, errors.AttachmentTooLarge.code),
    errors.AttachmentNotFound: Refusal(20000, errors.AttachmentNotFound.code),
    errors.ActImpossible: Refusal(20002, "GDP_MSG_11.001"),
    errors.NotSuspended: Refusal(20002, "GDP_MSG_11.033"),
    errors.FluxNotFound: Refusal(20000, errors.FluxNotFound.code),
    errors.PaperNotFound: Refusal(20000, errors.PaperNotFound.code),
    errors.StructureNotFound: Refusal(20000, errors.StructureNotFound.code),
    errors.InvalidRequest: Refusal(20010, errors.InvalidRequest.code),
    errors.InfectedFile: Refusal(20003, errors.InfectedFile.code),
    errors.ActiveFile: Refusal(20003, errors.ActiveFile.code),
    errors.SubmissionRefused: Refusal(20003, errors.SubmissionRefused.code),
    AnswerTooLarge: Refusal(20011, AnswerTooLarge.code),
    errors.NotAuthenticated: Refusal(401, errors.NotAuthenticated.code),
    errors.TooManyRequests: Refusal(429, errors.TooManyRequests.code),
    errors.TooManyFailures: Refusal(429, errors.TooManyFailures.code),
    errors.ReplayRefused: Refusal(409, errors.ReplayRefused.code),
    errors.ReplayInProgress: Refusal(409, errors.ReplayInProgress.code),
    errors.ReplayOfAnother: Refusal(422, errors.ReplayOfAnother.code),
}

NO_RESULT = Refusal(20000, "TRA_MSG_00.015")
"""Search of received invoices without result: the platform answers it as an error, and its clients expect so."""


def refusal_of(error: errors.ChoraleError) -> Refusal:
    """The row of the table for ``error``, or for the nearest class it descends from."""
    return next(REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)


def envelope(error: errors.ChoraleError) -> dict[str, object]:
    """The body of a refusal: ``libelle`` begins with the code, then says in French what to change."""
    refusal = refusal_of(error)
    body: dict[str, object] = {
        "codeRetour": refusal.return_code,
        "libelle": f"{refusal.label_code} : {error.message}",
    }
    if isinstance(error, AnswerTooLarge) and error.link:
        body["lienTelechargement"] = error.link
    if isinstance(error, errors.SubmissionRefused):
        body["listeErreurs"] = [
            {"codeErreur": finding.code, "champ": finding.term, "libelleErreur": finding.message}
            for finding in error.findings
        ]
    return body


ERROR_NAMES: Mapping[type[errors.ChoraleError], str] = {
    errors.StructureNotFound: "NotFoundReference",
    errors.Forbidden: "Forbidden",
    errors.InvalidRequest: "BadRequest",
    errors.ChoraleError: "Error",
}
"""Names of errors of the newer family; a client compares the first with what it gets."""


def listed_errors(error: errors.ChoraleError) -> dict[str, object]:
    """The body of a refusal in the newer family (``/cpro/organisations/v1``), which has no envelope."""
    name = next(ERROR_NAMES[kind] for kind in type(error).__mro__ if kind in ERROR_NAMES)
    return {"errors": [{"error": name, "message": error.message}]}


def technical_envelope(status: int, message: str, **more: str) -> dict[str, object]:
    """The body of an answer that is not a business answer: the HTTP status is its code."""
    return {"codeRetour": status, "libelle": message, **more}
