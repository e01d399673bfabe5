"""A partner has dropped a file: invoices become a flux, a life-cycle file sets statuses, anything else is refused."""

from dataclasses import replace
from datetime import datetime

from chorale.domain.directory import IdentifierType
from chorale.domain.edi import (
    FLUX_DONE,
    FLUX_PARTLY,
    FLUX_REFUSED,
    LIFE_CYCLE,
    STATUS_OF_EDI_CODE,
    Fault,
    FluxStatus,
    LifeCycleLine,
    incoming,
    is_life_cycle,
    out_key,
    syntax_of,
)
from chorale.domain.errors import ChoraleError
from chorale.domain.flux import EXPECTED_AT_MOST
from chorale.domain.invoice import DocumentKind
from chorale.domain.rights import Actor
from chorale.domain.statuses import FluxState, Status
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax, flux_number
from chorale.formats.cpp_statut import FileRefused, flux_status, read_life_cycle
from chorale.runtime.logging import logger
from chorale.stores import accounts, counters, directory, invoices, objects, partners
from chorale.stores import flux as flux_store
from chorale.usecases.change_status import process_received
from chorale.usecases.deposit import announced

DEPOSIT_MODE = "EDI"


def take(key: str, version_id: str, at: datetime) -> None:
    """Take the file at ``key``, dropped at ``at``; what cannot be taken is answered in the partner's folder.

    Running it again finds its own work: the same flux number, statuses that are already given, the same answer.
    """
    dropped = incoming(key)
    login = partners.login_of(dropped[0]) if dropped else None
    account = accounts.technical_account(login) if login else None
    if dropped is None or account is None or not account.active:
        logger.warning("file of nobody ignored", extra={"object_key": key})
        return
    partner, file_name = dropped
    actor = Actor(account.login, "edi", account.rights)
    content = objects.get_edi(key, version_id)
    syntax = syntax_of(file_name)
    if is_life_cycle(file_name):
        _answer(partner, _set_statuses(actor, file_name, content, at), at)
    elif syntax is None:
        names = ", ".join([LIFE_CYCLE, *(row.interface_code for row in SYNTAX_ROWS.values())])
        label = f"Le nom du fichier doit commencer par son interface : {names}."
        _answer(partner, _refused(file_name, Fault("NOMMAGE", "CHO-EDI-NOM", label)), at)
    else:
        try:
            _deposit(actor, key, version_id, file_name, syntax, content, at)
        except ChoraleError as error:
            _answer(partner, _refused(file_name, Fault("DEPOT", error.code, error.message)), at)


def _deposit(
    actor: Actor, key: str, version_id: str, file_name: str, syntax: Syntax, content: bytes, at: datetime
) -> None:
    """The flux first, under a number that a second run finds again; then the file where an upload would put it."""
    nameless = announced(actor, file_name, syntax.value, len(content), "", False, at, "")
    number = flux_number(syntax, counters.next_number(counters.FLUX))
    number = partners.claim(key, version_id, number, at)
    flux = flux_store.get(number)
    if flux is None:
        flux = replace(nameless, number=number, deposit_mode=DEPOSIT_MODE)
        flux_store.create(flux, at + EXPECTED_AT_MOST)
    if flux.state is FluxState.EXPECTED:
        objects.put_incoming(number, content)


def _set_statuses(actor: Actor, file_name: str, content: bytes, at: datetime) -> FluxStatus:
    try:
        lines = read_life_cycle(content)
    except FileRefused as refused:
        return _refused(file_name, refused.fault)
    faults = tuple(fault for line in lines for fault in (_set_status(actor, line, at),) if fault)
    if not faults:
        return FluxStatus(FLUX_DONE, file_name, f"{len(lines)} statuts posés")
    done = len(lines) - len(faults)
    return FluxStatus(
        FLUX_PARTLY if done else FLUX_REFUSED, file_name, f"{done} statuts posés sur {len(lines)}", faults
    )


def _set_status(actor: Actor, line: LifeCycleLine, at: datetime) -> Fault | None:
    kind = f"LIGNE {line.order}"
    target = STATUS_OF_EDI_CODE.get(line.status_code)
    if target is None:
        label = f"Facture {line.number} : le statut {line.status_code} n'est pas de ceux qu'un destinataire pose."
        return Fault(kind, "CHO-EDI-STATUT", label)
    invoice_id = _received(actor, line, target)
    if invoice_id is None:
        label = f"Facture {line.number} du fournisseur {line.supplier_identifier} : inconnue de votre compte."
        return Fault(kind, "CHO-FACTURE-INCONNUE", label)
    current = invoices.get(invoice_id)
    if current and current.status is target:
        return None
    try:
        process_received(actor, invoice_id, target, line.comment, line.mandate_number, at)
    except ChoraleError as error:
        return Fault(kind, error.code, f"Facture {line.number} : {error.message}")
    return None


def _received(actor: Actor, line: LifeCycleLine, target: Status) -> int | None:
    """The invoice of a line, if one of the actor's structures received it; the invoice before the credit note."""
    pair = (IdentifierType.SIRET.value, line.supplier_identifier)
    supplier = directory.by_identifiers([pair]).get(pair)
    if supplier is None:
        return None
    for kind in DocumentKind:
        holder = invoices.holder(supplier.id, kind.value, line.number)
        found = invoices.get(holder.invoice_id) if holder else None
        if (
            found
            and found.recipient.id in actor.structures
            and line.recipient_identifier
            in (
                "",
                found.recipient.identifier,
            )
        ):
            return found.id
    return None


def _refused(file_name: str, fault: Fault) -> FluxStatus:
    return FluxStatus(FLUX_REFUSED, file_name, "Fichier refusé", (fault,))


def _answer(partner: str, status: FluxStatus, at: datetime) -> None:
    objects.put_edi(out_key(partner, LIFE_CYCLE, at, f"ACK-{status.flux}"), flux_status(status, partner, at))
