"""Works contracts (marches de travaux): who plays which part, under which CCAG, and who pays.

Sources: code de la commande publique R2192-10, -11 (payment delay by kind of payer), R2193-10 (direct payment of
sub-contractors from 600 EUR including tax); CCAG Travaux 12 (mandataire of a group).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chorale.domain.errors import InvalidRequest
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import ServiceRef, StructureRef
from chorale.domain.works.amounts import check_amount
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.payment_clock import PayerKind

DIRECT_PAYMENT_FROM = Decimal(600)
"""Amount of a sub-contract, with tax, from which the sub-contractor is paid directly (CCP R2193-10)."""


class PartyRole(StrEnum):
    """The part that a structure plays in a works contract. Terms of law stay French."""

    TITULAIRE = "TITULAIRE"
    MANDATAIRE = "MANDATAIRE"
    COTRAITANT = "COTRAITANT"
    SOUS_TRAITANT = "SOUS_TRAITANT"
    MOE = "MOE"
    MOA = "MOA"
    MOA_DELEGUEE = "MOA_DELEGUEE"
    MOE_SUPPLEANTE = "MOE_SUPPLEANTE"
    """Stands in for the MOE: a paper may be sent to it by name (rule 14)."""
    MOA_SUPPLEANTE = "MOA_SUPPLEANTE"


CONTRACTOR_ROLES = (PartyRole.TITULAIRE, PartyRole.MANDATAIRE, PartyRole.COTRAITANT, PartyRole.SOUS_TRAITANT)
MOE_ROLES = (PartyRole.MOE, PartyRole.MOE_SUPPLEANTE)
MOA_ROLES = (PartyRole.MOA, PartyRole.MOA_DELEGUEE, PartyRole.MOA_SUPPLEANTE)


@dataclass(frozen=True, slots=True)
class ContractParty:
    """One structure in one part."""

    structure: StructureRef
    role: PartyRole
    works_for: int | None = None
    """For a sous-traitant: id of the titulaire, mandataire or cotraitant whose sub-contractor it is."""
    direct_payment: bool = False
    """For a sous-traitant: whether the MOA admitted it to direct payment."""
    amount: Decimal | None = None
    """For a sous-traitant: amount of the sub-contract, with tax, in euros."""
    iban: str = ""
    """For a contractor: the SEPA account to which its parts are paid, without spaces; empty when nobody gave it."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A party that says that it is none: the contract is marked until the MOA answers (rule 15)."""

    author: StructureRef
    text: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of the contract, dated, with its author (rule 27)."""

    kind: str
    text: str
    """What changed, in French."""
    acts_from: date
    at: datetime
    by: str
    author: StructureRef


@dataclass(frozen=True, slots=True)
class WorksContract:
    """One works contract."""

    id: int
    number: str
    ccag: Ccag
    parties: tuple[ContractParty, ...]
    payer: StructureRef
    """Whose service financier pays; possibly the MOA itself."""
    payer_kind: PayerKind
    payer_service: ServiceRef | None = None
    amount: Decimal | None = None
    """Of the contract by now, with its amendments, with tax, in euros; None when the MOA did not say."""
    started_on: date | None = None
    """Day on which the contract was notified to the contractor; None when the MOA did not say."""
    payment_days: int | None = None
    """Days of payment that the contract sets below those of the law (CCP R2192-10, -11); None for the law's."""
    delay_from_moe: bool = True
    """Whether the payment delay starts with the MOE's receipt, as most contracts say (CCP R2192-12), else the MOA's."""
    overrides: Mapping[str, int] = field(default_factory=dict)
    """Days that the CCAP sets instead of the CCAG's, by kind of deadline."""
    agreed_frames: frozenset[Frame] = frozenset()
    """Papers of the MOA that the MOE or the titulaire deposits by agreement: A6, A16, A18."""
    reception_notified_on: date | None = None
    """Day on which the decision of reception was notified to the contractor: the end of the works starts there."""
    final_file_id: int | None = None
    """The billing file of the end of the works, once it is open."""
    created_by: str = ""
    delegation_accepted: bool = True
    """Whether the MOA accepted the delegation of a contract that its delegate registered (rule 15)."""
    objections: tuple[Objection, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    version: int = 1

    @property
    def days_to_pay(self) -> int:
        """Days of payment: those of the kind of payer, or fewer that the contract sets (CCP R2192-10, -11)."""
        return min(self.payer_kind.days, self.payment_days or self.payer_kind.days)

    def with_role(self, *roles: PartyRole) -> tuple[ContractParty, ...]:
        """The parties in one of ``roles``, in the order of the contract."""
        return tuple(party for party in self.parties if party.role in roles)

    def roles_of(self, structure_id: int) -> frozenset[PartyRole]:
        """Every part that a structure plays; empty for a stranger."""
        return frozenset(party.role for party in self.parties if party.structure.id == structure_id)

    @property
    def presenter(self) -> StructureRef:
        """Who presents the accounts: the mandataire of a group, else the titulaire (CCAG 12.5)."""
        return (self.with_role(PartyRole.MANDATAIRE) or self.with_role(PartyRole.TITULAIRE))[0].structure

    @property
    def moe(self) -> StructureRef | None:
        """The works supervisor; None when it is outside the tool."""
        found = self.with_role(PartyRole.MOE)
        return found[0].structure if found else None

    @property
    def owner(self) -> StructureRef:
        """The MOA itself, whoever acts for it: a contract's number is unique for it (rule 15)."""
        return self.with_role(PartyRole.MOA)[0].structure

    @property
    def moa(self) -> StructureRef:
        """Who acts as contracting authority: the delegated MOA where there is one that the MOA accepted."""
        delegates = self.with_role(PartyRole.MOA_DELEGUEE) if self.delegation_accepted else ()
        return (delegates or self.with_role(PartyRole.MOA))[0].structure

    @property
    def is_contested(self) -> bool:
        """Whether a party says that it is none, and the MOA has not answered."""
        return any(one.answered_at is None for one in self.objections)

    @property
    def members(self) -> frozenset[int]:
        """Ids of the structures that may see every paper of the contract: its parties and its payer."""
        return frozenset(party.structure.id for party in self.parties) | {self.payer.id}

    def sous_traitant(self, structure_id: int) -> ContractParty | None:
        """The sous-traitant ``structure_id``; None for another structure."""
        found = (party for party in self.with_role(PartyRole.SOUS_TRAITANT) if party.structure.id == structure_id)
        return next(found, None)


AGREED_FRAMES = frozenset({Frame.A6, Frame.A16, Frame.A18})


def check_contract(contract: WorksContract) -> None:
    """Raise InvalidRequest when the parties of ``contract`` cannot work together, with what to change."""
    if not contract.number.strip():
        raise InvalidRequest("Le numéro du marché est obligatoire.", "numeroMarche")
    if contract.amount is not None:
        check_amount(contract.amount, "montantMarche")
        if contract.amount <= 0:
            raise InvalidRequest("Le montant du marché est supérieur à zéro, TTC.", "montantMarche")
    if contract.payment_days is not None and not 1 <= contract.payment_days <= contract.payer_kind.days:
        raise InvalidRequest(
            f"Le marché peut raccourcir le délai de paiement, pas l'allonger : de 1 à {contract.payer_kind.days} jours "
            "(CCP R2192-10).",
            "delaiDePaiement",
        )
    _exactly_one(contract, PartyRole.MOA, "maître d'ouvrage")
    _exactly_one(contract, PartyRole.TITULAIRE, "titulaire", or_role=PartyRole.MANDATAIRE)
    for role, name in ((PartyRole.MOE, "maître d'œuvre"), (PartyRole.MOA_DELEGUEE, "maître d'ouvrage délégué")):
        if len(contract.with_role(role)) > 1:
            raise InvalidRequest(f"Le marché a au plus un {name}.", "listeIntervenants")
    if contract.with_role(PartyRole.COTRAITANT) and not contract.with_role(PartyRole.MANDATAIRE):
        raise InvalidRequest(
            "Un groupement a un mandataire : donnez le rôle MANDATAIRE à celui qui présente les décomptes.",
            "listeIntervenants",
        )
    if not contract.agreed_frames <= AGREED_FRAMES:
        raise InvalidRequest(
            "Seuls les cadres A6, A16 et A18 peuvent être délégués par accord des parties.", "cadresDelegues"
        )
    check_sides(contract)
    for party in contract.with_role(PartyRole.SOUS_TRAITANT):
        _check_sous_traitant(contract, party)


def check_sides(contract: WorksContract) -> None:
    """Rule 14: no structure is at once a contractor and the MOE, the MOA or the payer of the same contract.

    MOE, MOA and payer may be one structure (loi MOP; CCP L2421-1). Raises InvalidRequest.
    """
    contractors = {party.structure.id: party.structure for party in contract.with_role(*CONTRACTOR_ROLES)}
    other_side = {party.structure.id for party in contract.with_role(*MOE_ROLES, *MOA_ROLES)} | {contract.payer.id}
    both = [structure.identifier for number, structure in contractors.items() if number in other_side]
    if both:
        raise InvalidRequest(
            f"La structure {both[0]} ne peut pas être à la fois une entreprise du marché et sa MOE, sa MOA ou son "
            "service financier.",
            "listeIntervenants",
        )


def _exactly_one(contract: WorksContract, role: PartyRole, name: str, or_role: PartyRole | None = None) -> None:
    roles = (role, or_role) if or_role else (role,)
    if len(contract.with_role(*roles)) != 1:
        said = " ou ".join(one.value for one in roles)
        raise InvalidRequest(f"Le marché a un {name} et un seul ({said}).", "listeIntervenants")


def _check_sous_traitant(contract: WorksContract, party: ContractParty) -> None:
    if party.amount is not None:
        check_amount(party.amount, "montantSousTraite")
    chiefs = contract.with_role(PartyRole.TITULAIRE, PartyRole.MANDATAIRE, PartyRole.COTRAITANT)
    if party.works_for not in {chief.structure.id for chief in chiefs} - {party.structure.id}:
        raise InvalidRequest(
            f"Indiquez pour qui travaille le sous-traitant {party.structure.identifier} : le titulaire, le mandataire "
            "ou un cotraitant du marché (un sous-traitant de rang 2 n'est pas payé directement par ce service).",
            "travaillePour",
        )
    if party.direct_payment and (party.amount is None or party.amount < DIRECT_PAYMENT_FROM):
        raise InvalidRequest(
            f"Le paiement direct du sous-traitant {party.structure.identifier} suppose un contrat d'au moins "
            "600 € TTC : indiquez son montant.",
            "montantSousTraite",
        )
