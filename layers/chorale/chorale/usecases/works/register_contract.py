"""A MOA registers a works contract, changes nothing of it but its reception, and its parties read it."""

from dataclasses import replace
from datetime import date, datetime, time

from chorale.domain.dates import PARIS, paris_day, utc
from chorale.domain.deadlines import Ccag, DeadlineKind, row_for
from chorale.domain.errors import ActImpossible, Forbidden, InvalidRequest
from chorale.domain.filing import ServiceRef
from chorale.domain.rights import Actor, Deed, demand, structures_for
from chorale.domain.works import acts
from chorale.domain.works.contract import ContractParty, PartyRole, WorksContract, check_contract
from chorale.domain.works.deposit import open_final_file
from chorale.domain.works.inputs import NewContract
from chorale.stores import contracts, counters, directory, works
from chorale.usecases.works.reach import RULES, reach_contract, structure_named

LONGEST_OVERRIDE = 365
"""Days."""


def register_contract(actor: Actor, new: NewContract) -> WorksContract:
    """Write a contract whose MOA, or delegated MOA, is the actor's.

    Raises InvalidRequest (with the field) or Forbidden. A number that the MOA has used is refused with the first one.
    """
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
            )
            for party in new.parties
        ),
        payer=payer,
        payer_kind=new.payer_kind,
        payer_service=service,
        overrides=_checked(new.overrides, new.ccag),
        agreed_frames=new.agreed_frames,
        created_by=actor.login,
    )
    check_contract(contract)
    owners = [party.structure.id for party in contract.with_role(PartyRole.MOA, PartyRole.MOA_DELEGUEE)]
    mine = [structure for structure in owners if structure in actor.structures]
    if not mine:
        raise Forbidden("Un marché est inscrit par sa MOA ou par sa MOA déléguée.")
    demand(actor, Deed.ACT_ON_WORKS, mine[0])
    try:
        contracts.create(contract)
    except contracts.ContractExists as taken:
        raise InvalidRequest(
            f"Le marché {contract.number} est déjà inscrit pour cette MOA (marché {taken.contract_id}).", "numeroMarche"
        ) from taken
    return contract


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
    if contract.reception_notified_on is not None:
        raise ActImpossible(f"La réception a déjà été notifiée le {contract.reception_notified_on:%d/%m/%Y}.")
    if day > paris_day(now):
        raise InvalidRequest("La date de notification de la réception est dans l'avenir.", "dateNotificationReception")
    received = utc(datetime.combine(day, time(12), PARIS))
    file = open_final_file(counters.next_number(counters.WORKS_FILES), contract, received, RULES)
    after = replace(contract, reception_notified_on=day, final_file_id=file.id, version=contract.version + 1)
    entry = contracts.change_entry(contract, after)
    try:
        works.save([works.Change(None, file, contract.members, (entry,))], now)
    except works.FileChanged as lost:
        raise ActImpossible("Le marché vient d'être modifié : relisez-le.") from lost
    return after


def give_formal_notice(actor: Actor, contract_id: int, text: str, now: datetime) -> WorksContract:
    """The MOE or the MOA gives the contractor formal notice to present its final draft (CCAG Travaux 12.3.4).

    Raises PaperNotFound, Forbidden, InvalidRequest or ActImpossible.
    """
    contract, structures = reach_contract(actor, contract_id, Deed.ACT_ON_WORKS)
    file = works.get(contract.final_file_id) if contract.final_file_id else None
    if file is None:
        raise ActImpossible("La réception de ce marché n'est pas notifiée : rien n'est encore dû.")
    mine = [one for one in (contract.moe, contract.moa) if one is not None and one.id in structures]
    if not mine:
        raise Forbidden("La mise en demeure revient à la MOE ou à la MOA.")
    context = acts.Context(contract, acts.By(actor.login, mine[0]), now, RULES)
    after = acts.give_formal_notice(file, context, text)
    try:
        works.save([works.Change(file, after, contract.members)], now)
    except works.FileChanged as lost:
        raise ActImpossible("Le dossier vient d'être modifié : relisez-le, puis recommencez.") from lost
    return contract


def consult_contract(actor: Actor, contract_id: int) -> WorksContract:
    """A contract of which the actor is a party; raises PaperNotFound or Forbidden."""
    return reach_contract(actor, contract_id, Deed.READ_WORKS)[0]


def list_contracts(actor: Actor) -> list[WorksContract]:
    """The contracts of the actor's structures, by number."""
    found: dict[int, WorksContract] = {}
    for structure_id in structures_for(actor, Deed.READ_WORKS):
        found |= {one.id: one for one in contracts.of_member(structure_id)}
    return sorted(found.values(), key=lambda one: (one.number, one.id))
