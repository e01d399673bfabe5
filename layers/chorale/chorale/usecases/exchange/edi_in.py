"""A partner has dropped a file: invoices become a flux, a life-cycle file sets statuses, anything else is refused."""

from dataclasses import replace
from datetime import datetime

from chorale.domain.access.rights import Actor
from chorale.domain.deposits.flux import EXPECTED_AT_MOST
from chorale.domain.directory.structures import IdentifierType
from chorale.domain.errors import ChoraleError
from chorale.domain.exchange.edi import (
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
from chorale.domain.fields import told
from chorale.domain.invoices.invoice import DocumentKind
from chorale.domain.invoices.recorded import InvoiceSummary
from chorale.domain.statuses import FluxState, Status
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax, flux_number
from chorale.formats.writing.cpp_statut import UnreadableLifeCycle, flux_status, read_life_cycle
from chorale.runtime.logging import logger
from chorale.stores import counters, objects
from chorale.stores.access import accounts
from chorale.stores.deposits import flux as flux_store
from chorale.stores.directory import structures as directory
from chorale.stores.exchange import partners
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.deposits.deposit import announced
from chorale.usecases.invoices.change_status import process_received

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
            _answer(partner, _refused(file_name, Fault("DEPOT", error.code, told(error.message))), at)


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
    except UnreadableLifeCycle as refused:
        return _refused(file_name, refused.fault)
    faults = tuple(fault for line in lines for fault in (_set_status(actor, line, at),) if fault)
    if not faults:
        return FluxStatus(FLUX_DONE, file_name, _given(len(lines)))
    done = len(lines) - len(faults)
    return FluxStatus(FLUX_PARTLY if done else FLUX_REFUSED, file_name, f"{_given(done)} sur {len(lines)}", faults)


def _given(count: int) -> str:
    return f"{count} statuts posés" if count > 1 else f"{count} statut posé"


def _set_status(actor: Actor, line: LifeCycleLine, at: datetime) -> Fault | None:
    kind = f"LIGNE {line.order}"
    target = STATUS_OF_EDI_CODE.get(line.status_code)
    if target is None:
        label = f"Facture {line.number} : le statut {line.status_code} n'est pas de ceux qu'un destinataire pose."
        return Fault(kind, "CHO-EDI-STATUT", label)
    received = _received(actor, line)
    if not received:
        label = f"Facture {line.number} du fournisseur {line.supplier_identifier} : inconnue de votre compte."
        return Fault(kind, "CHO-FACTURE-INCONNUE", label)
    current = next((one for one in received if line.is_of(one.issue_date)), None)
    if current is None:
        days = " ou ".join(one.issue_date.isoformat() for one in received)
        label = (
            f"Facture {line.number} : elle est du {days}, pas du {line.issued} ; corrigez DateFacture, car un "
            "numéro rejeté peut servir de nouveau."
        )
        return Fault(kind, "CHO-EDI-DATE", label)
    if current.status is target:
        return None
    try:
        process_received(actor, current.id, target, line.comment, line.mandate_number, at)
    except ChoraleError as error:
        if not _was_set(current.id, target, actor, at):
            return Fault(kind, error.code, f"Facture {line.number} : {told(error.message)}")
    return None


def _was_set(invoice_id: int, target: Status, actor: Actor, at: datetime) -> bool:
    """Whether an earlier run of this same file gave the status: the invoice may have gone further since."""
    filed = invoices.get_whole(invoice_id)
    lines = filed.history if filed else ()
    return any((line.status, line.by, line.at) == (target, actor.login, at) for line in lines)


def _received(actor: Actor, line: LifeCycleLine) -> list[InvoiceSummary]:
    """What a line can name and one of the actor's structures received: the invoice, then the credit note."""
    pair = (IdentifierType.SIRET.value, line.supplier_identifier)
    supplier = directory.by_identifiers([pair]).get(pair)
    if supplier is None:
        return []
    holders = [invoices.holder(supplier.id, kind.value, line.number) for kind in DocumentKind]
    found = [invoices.get(holder.invoice_id) for holder in holders if holder]
    return [
        one
        for one in found
        if one and one.recipient.id in actor.structures and line.recipient_identifier in ("", one.recipient.identifier)
    ]


def _refused(file_name: str, fault: Fault) -> FluxStatus:
    return FluxStatus(FLUX_REFUSED, file_name, "Fichier refusé", (fault,))


def _answer(partner: str, status: FluxStatus, at: datetime) -> None:
    objects.put_edi(out_key(partner, LIFE_CYCLE, at, f"ACK-{status.flux}"), flux_status(status, partner, at))
