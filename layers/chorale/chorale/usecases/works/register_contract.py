"""A MOA registers a works contract, changes nothing of it but its reception, and its parties read it."""

from dataclasses import replace
from datetime import date, datetime, time

from chorale.domain.access.rights import Actor, Deed, demand, structures_for
from chorale.domain.dates import PARIS, paris_day, utc
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.invoices.recorded import ServiceRef
from chorale.domain.invoices.transitions import COMMENT_MAX_LENGTH
from chorale.domain.once import Once
from chorale.domain.works import acts
from chorale.domain.works.accounts import demand_correctable
from chorale.domain.works.acting import By, Context
from chorale.domain.works.bank_accounts import check_accounts, right_account
from chorale.domain.works.contract import (
    MOA_ROLES,
    ContractParty,
    Objection,
    PartyRole,
    WorksContract,
    check_contract,
)
from chorale.domain.works.deadlines import Ccag, DeadlineKind, row_for
from chorale.domain.works.deposit import open_final_file, receive_works
from chorale.domain.works.identity import check_registration
from chorale.domain.works.inputs import NewContract
from chorale.domain.works.reading import contract_shown
from chorale.stores import counters, once
from chorale.stores.directory import structures as directory
from chorale.stores.works import contracts
from chorale.stores.works import dossiers as works
from chorale.usecases.works.reach import RULES, reach_contract, structure_named

LONGEST_OVERRIDE = 365
"""Days."""


def register_contract(actor: Actor, new: NewContract, now: datetime, request: Once | None = None) -> WorksContract:
    """Write a contract whose MOA is the actor's; that of a delegated MOA waits for the MOA to accept (rule 15).

    Its parties are told. A ``request`` that is sent again is given the contract that it registered. Raises
    InvalidRequest (with the field), Forbidden or ReplayOfAnother. A number that the MOA has used is refused with the
    first one.
    """
    made_before = once.made(request, contracts.Made, now)
    if made_before:
        return contracts.known(made_before.contract_id)
    refs = {
        party.identifier: structure_named(party.kind, party.identifier, "listeIntervenants") for party in new.parties
    }
    payer = structure_named("SIRET", new.payer, "serviceFinancier")
    service = None
    if new.payer_service:
        found, _ = directory.service_and_commitment(payer.id, new.payer_service, "")
        if found is None or not found.active:
            raise InvalidRequest(f"Le service {new.payer_service} n'existe pas chez {new.payer}.", "codeService")
        service = ServiceRef(found.id, found.code, found.name)
    contract = WorksContract(
        id=counters.next_number(counters.CONTRACTS),
        number=new.number.strip(),
        ccag=new.ccag,
        parties=tuple(
            ContractParty(
                refs[party.identifier],
                party.role,
                refs[party.works_for].id if party.works_for in refs else None,
                party.direct_payment,
                party.amount,
                checked_account(party.iban),
            )
            for party in new.parties
        ),
        payer=payer,
        payer_kind=new.payer_kind,
        payer_service=service,
        amount=new.amount,
        started_on=new.started_on,
        payment_days=new.payment_days,
        delay_from_moe=new.delay_from_moe,
        overrides=_checked(new.overrides, new.ccag),
        agreed_frames=new.agreed_frames,
        created_by=actor.login,
    )
    check_contract(contract)
    check_accounts(contract)
    owners = contract.with_role(PartyRole.MOA) + contract.with_role(PartyRole.MOA_DELEGUEE)
    mine = [party.structure for party in owners if party.structure.id in actor.structures]
    if not mine:
        raise Forbidden("Un marché est inscrit par sa MOA ou par sa MOA déléguée.")
    demand(actor, Deed.ACT_ON_WORKS, mine[0].id)
    contract = check_registration(contract, mine[0], _with_moa_setting(contract))
    _demand_free_number(contract)
    try:
        contracts.create(contract, now, request)
    except once.MadeMeanwhile:
        meanwhile = once.made(request, contracts.Made, now)
        return contracts.known(meanwhile.contract_id) if meanwhile else contract
    except contracts.ContractExists as taken:
        raise _number_taken(contract, taken) from taken
    return contract


def checked_account(written: str) -> str:
    """An IBAN to which the payer can pay, without spaces; empty for none. Raises InvalidRequest."""
    # What knows the keys of other countries is slow to load, and most contracts come without an account.
    from chorale.formats.judging.keys import is_iban

    return right_account(written, is_iban)


def _with_moa_setting(contract: WorksContract) -> dict[int, bool]:
    """Which structures of the MOA's side are public ones with the setting "structure avec MOA"."""
    found = (directory.structure(party.structure.id) for party in contract.with_role(*MOA_ROLES))
    return {one.id: one.public and one.is_moa for one in found if one is not None}


def _demand_free_number(contract: WorksContract) -> None:
    """A delegate learns at once that the MOA's number is used, as the MOA does when it accepts."""
    if contract.delegation_accepted:
        return
    held = [one for one in contracts.of_member(contract.owner.id) if one.number == contract.number]
    if any(one.owner.id == contract.owner.id and one.delegation_accepted for one in held):
        raise InvalidRequest(f"Le marché {contract.number} est déjà inscrit pour cette MOA.", "numeroMarche")


def _number_taken(contract: WorksContract, taken: contracts.ContractExists) -> InvalidRequest:
    return InvalidRequest(
        f"Le marché {contract.number} est déjà inscrit pour cette MOA (marché {taken.contract_id}).", "numeroMarche"
    )


def accept_delegation(actor: Actor, contract_id: int, now: datetime) -> WorksContract:
    """The MOA accepts that a delegate registered the contract and acts for it (rule 15).

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    if contract.owner.id not in structures:
        raise Forbidden("La délégation est acceptée par la MOA elle-même.")
    if contract.delegation_accepted:
        raise ActImpossible("Ce marché n'attend pas d'accord de sa MOA.")
    after = replace(contract, delegation_accepted=True)
    try:
        contracts.accept(contract, after, now)
    except contracts.ContractExists as taken:
        raise _number_taken(contract, taken) from taken
    except contracts.ContractChanged as lost:
        raise _changed() from lost
    return replace(after, version=contract.version + 1)


def object_to_contract(actor: Actor, contract_id: int, text: str, now: datetime) -> WorksContract:
    """A party says that it is none: the contract is marked until the MOA answers (rule 15)."""
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    parties = [party.structure for party in contract.parties if party.structure.id in structures]
    author = next(iter(parties), contract.payer)
    said = _text(text)
    if any(one.author.id == author.id and one.answered_at is None for one in contract.objections):
        raise ActImpossible("Votre structure a déjà contesté ce marché : la MOA doit d'abord répondre.")
    return _written(contract, replace(contract, objections=(*contract.objections, Objection(author, said, now))), now)


def answer_objections(actor: Actor, contract_id: int, text: str, now: datetime) -> WorksContract:
    """The MOA answers those who said that they are no party: the mark goes."""
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    if not {contract.owner.id, contract.moa.id} & set(structures):
        raise Forbidden("La réponse à une contestation du marché revient à la MOA.")
    if not contract.is_contested:
        raise ActImpossible("Aucune contestation de ce marché n'attend de réponse.")
    said = _text(text)
    answered = tuple(
        one if one.answered_at else replace(one, answer=said, answered_at=now) for one in contract.objections
    )
    return _written(contract, replace(contract, objections=answered), now)


def _text(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= COMMENT_MAX_LENGTH:
        raise InvalidRequest(f"Le texte compte de 1 à {COMMENT_MAX_LENGTH} caractères.", "texte")
    return text


def _written(before: WorksContract, after: WorksContract, now: datetime) -> WorksContract:
    try:
        contracts.change(before, after, now)
    except contracts.ContractChanged as lost:
        raise _changed() from lost
    return replace(after, version=before.version + 1)


def _changed() -> ActImpossible:
    return ActImpossible("Le marché vient d'être modifié : relisez-le, puis recommencez.")


def _checked(overrides: dict[str, int], ccag: Ccag) -> dict[str, int]:
    for kind, days in overrides.items():
        row = row_for(DeadlineKind(kind), ccag) if kind in {one.value for one in DeadlineKind} else None
        if row is None or row.days is None or kind.startswith(("VALIDATION", "SECONDE")):
            raise InvalidRequest(
                f"Le délai {kind} ne peut pas être fixé par le CCAP. Délais possibles : "
                f"{', '.join(one.value for one in DeadlineKind if (found := row_for(one, ccag)) and found.days)}.",
                "delais",
            )
        if not 1 <= days <= LONGEST_OVERRIDE:
            raise InvalidRequest(f"Un délai compte de 1 à {LONGEST_OVERRIDE} jours.", "delais")
    return overrides


def record_reception(actor: Actor, contract_id: int, day: date, now: datetime) -> WorksContract:
    """Write the day on which the reception was notified to the contractor, and open the file of the end of the works.

    The final draft is owed from that day on (CCAG Travaux 12.3.2). Raises PaperNotFound, Forbidden, InvalidRequest or
    ActImpossible.
    """
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    if contract.moa.id not in structures:
        raise Forbidden("La notification de la réception est inscrite par la MOA.")
    if day > paris_day(now):
        raise InvalidRequest("La date de notification de la réception est dans l'avenir.", "dateNotificationReception")
    before = works.get(contract.final_file_id) if contract.final_file_id else None
    demand_correctable(contract, before)
    if before is not None and contract.reception_notified_on == day:
        # The same request again: it corrects nothing, and nobody is told.
        return contract
    received = utc(datetime.combine(day, time(12), PARIS))
    after = replace(contract, reception_notified_on=day)
    if before is None:
        file = open_final_file(counters.next_number(counters.WORKS_FILES), after, received, RULES)
        after = replace(after, final_file_id=file.id)
    else:
        file = receive_works(before, after, received, now, RULES)
    try:
        entries = tuple(contracts.changes(contract, after, now))
        works.save([works.Change(before, file, after, entries)], now)
    except works.FileChanged as lost:
        raise _changed() from lost
    return replace(after, version=contract.version + 1)


def give_formal_notice(actor: Actor, contract_id: int, text: str, days: int, now: datetime) -> WorksContract:
    """The MOE or the MOA gives the contractor formal notice to present its final draft (CCAG Travaux 12.3.4).

    ``days`` is the period of the notice (rule 23).

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    file = works.get(contract.final_file_id) if contract.final_file_id else None
    if file is None:
        raise ActImpossible("La réception de ce marché n'est pas notifiée : rien n'est encore dû.")
    mine = [one for one in (contract.moe, contract.moa) if one is not None and one.id in structures]
    if not mine:
        raise Forbidden("La mise en demeure revient à la MOE ou à la MOA.")
    context = Context(contract, By(actor.login, mine[0]), now, RULES)
    after = acts.give_formal_notice(file, context, text, days)
    try:
        works.save([works.Change(file, after, contract)], now)
    except works.FileChanged as lost:
        raise ActImpossible("Le dossier vient d'être modifié : relisez-le, puis recommencez.") from lost
    return contract


def consult_contract(actor: Actor, contract_id: int) -> WorksContract:
    """A contract of which the actor is a party, as far as it concerns it; raises PaperNotFound or Forbidden."""
    contract, structures = reach_contract(actor, contract_id, Deed.READ_WORKS)
    return contract_shown(contract, structures)


def list_contracts(actor: Actor) -> list[WorksContract]:
    """The contracts of the actor's structures, as far as they concern it, by number."""
    structures = structures_for(actor, Deed.READ_WORKS)
    found: dict[int, WorksContract] = {}
    for structure_id in structures:
        found |= {one.id: contract_shown(one, structures) for one in contracts.of_member(structure_id)}
    return sorted(found.values(), key=lambda one: (one.number, one.id))
