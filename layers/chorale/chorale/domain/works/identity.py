"""Who is who towards a paper: the contract says it, a depositor never does (rule 14).

Sources: CCP R2193-11 to R2193-14 (the titulaire accepts its sous-traitant's request), CCAG Travaux 12.5 (the mandataire
represents the group). A field of a request that names the MOE, the MOA, the validator or the payer may repeat what the
contract says, or choose a substitute that the contract lists; anything else is refused with the right name.
"""

from collections.abc import Mapping
from dataclasses import replace

from chorale.domain.errors import Forbidden, InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.works.contract import MOA_ROLES, PartyRole, WorksContract


def check_registration(contract: WorksContract, registrant: StructureRef, moas: Mapping[int, bool]) -> WorksContract:
    """Rule 15: ``contract`` as ``registrant`` may register it.

    ``moas`` says of the structures of the MOA's side whether they are public ones with the setting "structure avec
    MOA": only such a one registers. The delegation of a contract that the delegate registers waits for the MOA. Raises
    Forbidden.
    """
    roles = contract.roles_of(registrant.id)
    if not roles & {PartyRole.MOA, PartyRole.MOA_DELEGUEE}:
        raise Forbidden("Un marché est inscrit par sa MOA ou par sa MOA déléguée.")
    lacking = [party.structure for party in contract.with_role(*MOA_ROLES) if not moas.get(party.structure.id)]
    if lacking:
        raise Forbidden(
            f"La structure {lacking[0].identifier} n'est pas une structure publique paramétrée « avec MOA » : elle "
            "n'inscrit pas de marché et n'y est pas MOA."
        )
    return replace(contract, delegation_accepted=PartyRole.MOA in roles)


def moe_of(contract: WorksContract, named: StructureRef | None) -> StructureRef | None:
    """The MOE of a paper whose request names ``named``; None when the contract has none in the tool.

    Raises InvalidRequest when ``named`` is not the contract's MOE nor its substitute.
    """
    if named is None or (contract.moe is not None and named.id == contract.moe.id):
        return contract.moe
    _demand_listed(contract, named, (PartyRole.MOE_SUPPLEANTE,), contract.moe, "la MOE", "identifiantMoe")
    return named


def moa_of(contract: WorksContract, named: StructureRef | None) -> StructureRef:
    """The MOA of a paper whose request names ``named``: the delegated one where there is one.

    Raises InvalidRequest when ``named`` is not of the MOA's side of the contract.
    """
    if named is None or named.id == contract.moa.id:
        return contract.moa
    _demand_listed(contract, named, MOA_ROLES, contract.moa, "la MOA", "identifiantMoa")
    substitute = PartyRole.MOA_SUPPLEANTE in contract.roles_of(named.id)
    return named if substitute else contract.moa


def payer_of(contract: WorksContract, named: StructureRef | None) -> StructureRef:
    """The payer of a paper; raises InvalidRequest when ``named`` is not the contract's."""
    if named is not None and named.id != contract.payer.id:
        raise InvalidRequest(
            f"Le service financier de ce marché est {contract.payer.name} ({contract.payer.identifier}) : indiquez-le, "
            "ou faites corriger le marché par la MOA.",
            "identifiantDestinataire",
        )
    return contract.payer


def validator_of(contract: WorksContract, frame: Frame, depositor_id: int, named: StructureRef | None) -> StructureRef:
    """Who validates first a request of ``frame``: whoever the sous-traitant works for, else the mandataire.

    Sources: CCP R2193-11 to -14; CCAG Travaux 12.5. Raises InvalidRequest when ``named`` is somebody else.
    """
    right = first_validator(contract, frame, depositor_id)
    if named is not None and named.id != right.id:
        raise InvalidRequest(
            f"Le valideur est désigné par le marché : {right.name} ({right.identifier}). Le déposant ne le choisit pas "
            "(CCP R2193-11).",
            "identifiantValideur",
        )
    return right


def first_validator(contract: WorksContract, frame: Frame, depositor_id: int) -> StructureRef:
    """Who validates first: whoever the sous-traitant works for, or the mandataire for a cotraitant (rules 1 and 9)."""
    party = contract.sous_traitant(depositor_id) if frame is Frame.A10 else None
    chiefs = contract.with_role(PartyRole.TITULAIRE, PartyRole.MANDATAIRE, PartyRole.COTRAITANT)
    found = (chief.structure for chief in chiefs if party and chief.structure.id == party.works_for)
    return next(found, contract.presenter)


def second_validator(contract: WorksContract, frame: Frame, first: StructureRef) -> StructureRef | None:
    """The mandataire, for the request of a cotraitant's sous-traitant; nobody for the others (rule 1)."""
    is_cotraitant = frame is Frame.A10 and PartyRole.COTRAITANT in contract.roles_of(first.id)
    return contract.presenter if is_cotraitant and contract.presenter.id != first.id else None


def _demand_listed(
    contract: WorksContract, named: StructureRef, roles: tuple[PartyRole, ...], right: StructureRef | None, who: str,
    field: str,
) -> None:  # fmt: skip
    if any(party.structure.id == named.id for party in contract.with_role(*roles)):
        return
    said = f"{right.name} ({right.identifier})" if right else "absente de l'outil"
    raise InvalidRequest(
        f"Le marché dit qui est {who} : {said}. La structure {named.identifier} n'a pas ce rôle : laissez le champ "
        "vide, ou faites corriger le marché par sa MOA.",
        field,
    )
