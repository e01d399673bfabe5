"""What a supplier does with an invoice that came back: complete it, send it on, name another validator, take note."""

from collections.abc import Sequence
from datetime import datetime

from chorale.domain.access.rights import Actor, Deed
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import ActImpossible, InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.findings import is_refused
from chorale.domain.invoices.agreement import validator_findings
from chorale.domain.invoices.recorded import (
    ActionKind,
    FiledInvoice,
    InvoiceSummary,
    ServiceRef,
    StructureRef,
    UserAction,
)
from chorale.domain.invoices.requirements import RecipientEntry, Route, Words, recipient_findings
from chorale.domain.invoices.transitions import FREES_ITS_NUMBER, Act, transition
from chorale.stores.directory import structures as directory
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.advance import advance, held
from chorale.usecases.invoices.consult_invoice import consult_issued


def reroute(actor: Actor, invoice_id: int, route: Route, comment: str, now: datetime) -> InvoiceSummary:
    """Send an invoice that is A_RECYCLER on, to the same or another recipient, service or commitment.

    The recipient's requirements are those of a deposit. Raises InvoiceNotFound, Forbidden, InvalidRequest or
    ActImpossible.
    """
    filed = consult_issued(actor, invoice_id)
    if filed.summary.amender.id not in actor.structures:
        raise ActImpossible(
            "Cette pièce de travaux est recyclée par son déposant, dans l'espace des factures de travaux.",
            filed.summary.status.value,
        )
    return reroute_for(actor.login, filed, route, comment, now)


def reroute_for(login: str, filed: FiledInvoice, route: Route, comment: str, now: datetime) -> InvoiceSummary:
    """The same for an invoice that is known to be the account's to send on."""
    before = filed.summary
    transition(before.status, Act.REROUTE)
    siret = route.recipient or before.recipient.identifier
    kind = before.recipient.identifier_type.value
    recipient = directory.by_identifiers([(kind, siret)]).get((kind, siret))
    elsewhere = siret != before.recipient.identifier
    kept_service = before.service.code if before.service and not elsewhere else ""
    service_code = route.service_code or kept_service
    commitment = route.commitment or before.commitment
    asked = Route(siret, service_code, commitment, Words.FIELDS)
    addressee = RecipientEntry(recipient)
    if recipient:
        addressee = RecipientEntry(recipient, *directory.service_and_commitment(recipient.id, service_code, commitment))
    findings = recipient_findings(asked, addressee)
    if is_refused(findings) or recipient is None:
        raise InvalidRequest(" ".join(finding.message for finding in findings), Field.DESTINATION)
    service = addressee.service
    return advance(
        before,
        Act.REROUTE,
        login,
        now,
        comment,
        recipient=reference(recipient),
        service=ServiceRef(service.id, service.code, service.name) if service else None,
        commitment=commitment,
    )


def name_validator(actor: Actor, invoice_id: int, kind: str, identifier: str, structure_id: int, now: datetime) -> None:
    """Put an invoice to another validator, by the structure's id or by its identifier.

    Raises InvoiceNotFound, Forbidden, InvalidRequest (no such structure, or one that cannot validate) or ActImpossible.
    """
    before = held(actor, invoice_id, Deed.AMEND_ISSUED, lambda summary: summary.amender.id)
    transition(before.status, Act.NAME_ANOTHER_VALIDATOR)
    if structure_id:
        validator = directory.structure(structure_id)
    else:
        validator = directory.by_identifiers([(kind, identifier)]).get((kind, identifier))
    findings = validator_findings(identifier or str(structure_id), validator, before.supplier.id)
    if findings or validator is None:
        raise InvalidRequest(" ".join(finding.message for finding in findings), Field.STRUCTURE_IDENTIFIER)
    advance(before, Act.NAME_ANOTHER_VALIDATOR, actor.login, now, validator=reference(validator))


def handle_rejections(actor: Actor, invoice_ids: Sequence[int], now: datetime) -> None:
    """Take note that invoices were rejected: they leave the supplier's worklist. Marking one twice changes nothing.

    All of them are checked before the first is marked. Raises InvoiceNotFound, Forbidden or ActImpossible.
    """
    found = [held(actor, number, Deed.AMEND_ISSUED, lambda summary: summary.supplier.id) for number in invoice_ids]
    for summary in found:
        if summary.status not in FREES_ITS_NUMBER:
            raise ActImpossible(
                f"Action impossible : la facture {summary.id} est au statut {summary.status.value}, seul un rejet ou "
                "un refus peut être traité.",
                summary.status.value,
            )
    for summary in found:
        if not summary.rejection_handled:
            action = UserAction(ActionKind.REJECTION_HANDLED, now, actor.login)
            invoices.mark(summary.id, "rejection_handled", action)


def reference(structure: Structure) -> StructureRef:
    """A structure as an invoice keeps it."""
    return StructureRef(structure.id, structure.identifier, structure.name, structure.identifier_type)
