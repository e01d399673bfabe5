"""A works paper that comes in a flux: which paper it follows, and what a refusal says in the report of the flux."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chorale.domain.errors import ActImpossible, ChoraleError, Forbidden, InvalidRequest, PaperNotFound
from chorale.domain.findings import Finding, Severity
from chorale.domain.frames import FRAME_ROWS, Depositor, Frame
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.works.chain import Addressee, steps_of
from chorale.domain.works.contract import MOA_ROLES, MOE_ROLES, WorksContract
from chorale.domain.works.papers import AWAITED, Paper

REFUSALS = (InvalidRequest, Forbidden, ActImpossible, PaperNotFound)
"""Errors of the rules of deposit: the depositor can act on them, so they are findings and stop nothing."""
OF_THE_CONTRACTOR = frozenset({Depositor.SUPPLIER, Depositor.SOUS_TRAITANT, Depositor.COTRAITANT})


class PaperRefused(Exception):
    """A paper that the report of its flux refuses, with what to change."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Link:
    """The paper that a new one comes after, or the refused one that it is issued again for."""

    previous_id: int | None = None
    replaces_id: int | None = None


def lands_at_payer(frame: Frame) -> bool:
    """Whether a paper of ``frame`` is a received invoice of the payer."""
    return any(row.lands is Addressee.PAYER for row in steps_of(frame))


def is_of_the_seller(frame: Frame) -> bool:
    """Whether the seller of the document deposits it; the MOE and the MOA deposit theirs on the seller's account."""
    return FRAME_ROWS[frame].depositor in OF_THE_CONTRACTOR


def followed(frame: Frame) -> frozenset[Frame]:
    """Frames that a paper of ``frame`` may come after."""
    return frozenset(before for row in steps_of(frame) for before in row.follows)


def may_wait(frame: Frame, paper: Paper) -> bool:
    """Whether a paper of ``frame`` could come after ``paper``, as far as its frame and its status say."""
    waiting = frozenset[object]().union(*AWAITED.values())
    return paper.frame in followed(frame) and paper.status in waiting and paper.attached_to is None


def link_named(invoice: Invoice, depositor_id: int, named: Sequence[Paper]) -> Link:
    """What the number in BT-25 means, given the papers of the contract that have it.

    A paper of the same depositor and frame is the refused one that is issued again; any other is the previous paper.
    Raises PaperRefused when no paper has the number, or several that could be meant.
    """
    frame = invoice.frame
    for paper in named:
        if paper.frame is frame and paper.depositor.id == depositor_id:
            return Link(replaces_id=paper.id)
    fitting = [paper for paper in named if paper.frame in followed(frame)] or list(named)
    waiting = [paper for paper in fitting if paper.is_with_addressee] or fitting
    if not waiting:
        raise PaperRefused(_unknown_previous(invoice))
    if len(waiting) > 1:
        raise PaperRefused(_several(invoice, waiting))
    return Link(previous_id=waiting[0].id)


def link_found(invoice: Invoice, waiting: Sequence[Paper], possible: Sequence[Paper]) -> Link:
    """What a paper that names none comes after: the only one that it can, or none at all.

    ``waiting`` are the open papers of the contract whose frame fits, ``possible`` those of them that the rules allow.
    Raises PaperRefused when there are several.
    """
    meant = possible or waiting
    if len(meant) > 1:
        raise PaperRefused(_several(invoice, meant))
    return Link(previous_id=meant[0].id) if meant else Link()


# What the report says


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    term: str
    english: str


FIELDS = {
    "numeroFactureTravaux": _Row("CHO-TRAVAUX-NUMERO", "BT-1", "The number of the paper is missing or too long."),
    "idPiecePrecedente": _Row("CHO-TRAVAUX-PRECEDENTE", "BT-25", "Another previous paper is needed: name it in BT-25."),
    "idPieceRemplacee": _Row("CHO-TRAVAUX-REMPLACEE", "BT-25", "BT-25 names no refused paper that may be replaced."),
    "cadreFacturation": _Row("CHO-TRAVAUX-CADRE", "BT-23", "Another frame is needed at this point of the chain."),
    "montantTtcTotal": _Row("CHO-TRAVAUX-MONTANT", "BT-112", "The amounts are not those of such a paper."),
    "depassementConfirme": _Row(
        "CHO-TRAVAUX-DEPASSEMENT",
        "BT-112",
        "The amount is above that of the previous paper: correct it, or confirm it by a deposit through the API.",
    ),
    "pieceJointePrincipale": _Row("CHO-TRAVAUX-PDF", "BT-125", "The main document is not one PDF of 10 MB at most."),
    "identifiantValideur": _Row("CHO-TRAVAUX-VALIDEUR", "BG-11", "The validator is no active structure."),
    "identifiantDestinataire": _Row("CHO-TRAVAUX-DESTINATAIRE", "BT-47", "The payer is no active structure."),
    "codeServiceExecutant": _Row("CHO-TRAVAUX-SERVICE", "BT-10", "The payer has no such active service."),
}
"""By the field that the request of a deposit by API would have named."""
KINDS: tuple[tuple[type[ChoraleError], _Row], ...] = (
    (Forbidden, _Row("CHO-TRAVAUX-ROLE", "BT-23", "This paper is not the depositor's to deposit in this contract.")),
    (ActImpossible, _Row("CHO-TRAVAUX-STATUT", "BT-23", "The state of the billing file does not allow this paper.")),
    (PaperNotFound, _Row("CHO-TRAVAUX-MARCHE-INCONNU", "BT-12", "The depositor knows no such contract.")),
)
OTHER = _Row("CHO-TRAVAUX-REFUS", "", "The rules of deposit refuse this paper.")


def finding_of(error: ChoraleError, invoice: Invoice) -> Finding:
    """What the report says of a refusal by the rules of deposit; the sentence is the one that the API answers."""
    row = next((row for kind, row in KINDS if isinstance(error, kind)), OTHER)
    if isinstance(error, InvalidRequest):
        row = FIELDS.get(error.field or "", OTHER)
    return _finding(invoice, row.code, row.term, error.message, row.english)


def no_right(invoice: Invoice) -> Finding:
    """The account has no right on works papers for the seller, who deposits a paper of this frame."""
    siret = invoice.supplier.identifier
    return _finding(
        invoice, "CHO-TRAVAUX-HABILITATION", "BT-30",
        f"Le compte qui dépose n'a pas l'espace « Factures de travaux » de la structure {siret} : demandez-le à son "
        "gestionnaire, ou déposez avec le compte technique de cette structure.",
        f"The depositing account has no right on the works papers of structure {siret}: ask for it.",
        "structure du compte technique, habilitée aux travaux",
    )  # fmt: skip


def no_role(invoice: Invoice) -> Finding:
    """None of the account's structures has, in the contract, the part that deposits such a paper."""
    roles = " ou ".join(dict.fromkeys(role.value for row in steps_of(invoice.frame) for role in row.actors))
    return _finding(
        invoice, "CHO-TRAVAUX-ROLE", "BT-23",
        f"Une pièce {invoice.frame.name} est déposée par : {roles}. Aucune structure de votre compte habilitée aux "
        f"travaux n'a ce rôle dans le marché {invoice.contract}.",
        f"A paper {invoice.frame.name} is deposited by {roles}: no structure of the account has this part.",
    )  # fmt: skip


def other_seller(invoice: Invoice, contractor: str) -> Finding:
    """The seller is no contractor of the contract; ``contractor`` is the identifier of who presents its accounts."""
    siret = invoice.supplier.identifier
    return _finding(
        invoice, "CHO-TRAVAUX-FOURNISSEUR", "BT-30",
        f"Le vendeur {siret} n'est pas une entreprise du marché {invoice.contract} : indiquez le titulaire "
        f"({contractor}) comme vendeur, la pièce porte sur son compte.",
        f"Seller {siret} is no contractor of contract {invoice.contract}: name the titulaire ({contractor}).",
        contractor,
    )  # fmt: skip


def other_buyer(invoice: Invoice, contract: WorksContract) -> Finding:
    """The buyer (BT-47) has no part on the other side of the contract: the contract says who has, never a writer."""
    rights = dict.fromkeys(one.identifier for one in (contract.moa, contract.payer, contract.owner))
    named, siret = ", ".join(rights), invoice.buyer.identifier
    return _finding(
        invoice, "CHO-TRAVAUX-ACHETEUR", "BT-47",
        f"L'acheteur {siret} n'est ni la MOA, ni la MOE, ni le service financier du marché {invoice.contract} : "
        f"indiquez l'un d'eux ({named}). C'est le marché qui dit à qui va la pièce.",
        f"Buyer {siret} is neither the MOA, the MOE nor the payer of contract {invoice.contract}: name one "
        f"of them ({named}).",
        named,
    )  # fmt: skip


def is_buyer(contract: WorksContract, identifier: str) -> bool:
    """Whether who has ``identifier`` may be named as buyer: MOA, MOE, whoever stands in for them, or the payer."""
    named = {party.structure.identifier for party in contract.with_role(*MOA_ROLES, *MOE_ROLES)}
    return identifier in {*named, contract.payer.identifier, contract.owner.identifier}


def several_contracts(invoice: Invoice, moas: Sequence[str]) -> Finding:
    """Several ``moas`` have given the same number to contracts of the depositor."""
    return _finding(
        invoice, "CHO-TRAVAUX-MARCHE-AMBIGU", "BT-12",
        f"Plusieurs marchés portent le numéro {invoice.contract} : indiquez comme acheteur (BT-47) la MOA ou le payeur "
        f"de celui dont il s'agit. MOA de ces marchés : {', '.join(moas)}.",
        f"Several contracts have the number {invoice.contract}: name the MOA or the payer of yours as buyer (BT-47): "
        f"{', '.join(moas)}.",
        "MOA ou payeur du marché en BT-47",
    )  # fmt: skip


def unknown_contract(invoice: Invoice) -> Finding:
    """No contract of the account's structures has this number."""
    return _finding(
        invoice, "CHO-TRAVAUX-MARCHE-INCONNU", "BT-12",
        f"Le marché {invoice.contract} n'existe pas, ou vos structures n'y sont pas parties : vérifiez le numéro du "
        "marché (BT-12), que la MOA enregistre.",
        f"Contract {invoice.contract} does not exist, or your structures are no party to it: check BT-12.",
        "numéro d'un marché enregistré",
    )  # fmt: skip


def number_taken(invoice: Invoice, paper_id: int | None, *, is_invoice: bool = False) -> Finding:
    """The depositor has a paper, or an invoice, with this number: ``paper_id``, or None for one of the same file."""
    what = "facture" if is_invoice else "pièce"
    holder = f"de la {what} {paper_id}" if paper_id else "d'une pièce de ce dépôt"
    return _finding(
        invoice, "CHO-TRAVAUX-DOUBLON", "BT-1",
        f"Le numéro {invoice.number} est déjà celui {holder} du même déposant : donnez-en un autre.",
        f"Number {invoice.number} is already that of a paper of the same depositor: give another one.",
        "numéro jamais utilisé par ce déposant",
    )  # fmt: skip


def goes_past_the_chain(invoice: Invoice, moa: str) -> Finding:
    """An ordinary invoice names a works contract of its seller: MOE and MOA see nothing of it. ``moa`` is its name."""
    return Finding(
        "CHO-MARCHE-DE-TRAVAUX", Severity.WARNING, "CHORALE",
        f"{invoice.contract} est un marché de travaux de {moa} : cette facture {invoice.frame.name} va au destinataire "
        "sans passer par la MOE ni par la MOA. Si elle demande le paiement de travaux, déposez plutôt un projet de "
        "décompte (A4, ou A10 pour un sous-traitant).",
        message_en=f"{invoice.contract} is a works contract of {moa}: this invoice goes past its MOE and MOA.",
        term="BT-12", value=invoice.contract, expected="pièce de travaux pour un marché de travaux",
    )  # fmt: skip


def _unknown_previous(invoice: Invoice) -> Finding:
    return _finding(
        invoice, "CHO-TRAVAUX-PRECEDENTE", "BT-25",
        f"Aucune pièce du marché {invoice.contract} ne porte le numéro {invoice.origin_number} : indiquez en BT-25 le "
        "numéro de la pièce précédente tel qu'elle a été déposée.",
        f"No paper of contract {invoice.contract} has the number {invoice.origin_number}: name the previous paper.",
        "numéro de la pièce précédente",
    )  # fmt: skip


def _several(invoice: Invoice, papers: Iterable[Paper]) -> Finding:
    numbers = ", ".join(f"{paper.number} ({paper.frame.name})" for paper in papers)
    return _finding(
        invoice, "CHO-TRAVAUX-PRECEDENTE-AMBIGUE", "BT-25",
        f"Plusieurs pièces du marché attendent une pièce {invoice.frame.name} : {numbers}. Indiquez en BT-25 le numéro "
        "de celle qui précède.",
        f"Several papers wait for a paper {invoice.frame.name}: {numbers}. Name the previous one in BT-25.",
        numbers,
    )  # fmt: skip


def _finding(invoice: Invoice, code: str, term: str, french: str, english: str, expected: str = "") -> Finding:
    values = {
        "BT-1": invoice.number,
        "BT-10": invoice.service_code,
        "BT-12": invoice.contract,
        "BT-23": invoice.frame.short,
        "BT-25": invoice.origin_number,
        "BT-30": invoice.supplier.identifier,
        "BT-47": invoice.buyer.identifier,
        "BT-112": str(invoice.totals.gross),
        "BG-11": invoice.validator,
    }
    value = values.get(term, "")
    return Finding(
        code, Severity.ERROR, "CHORALE", french, message_en=english, term=term, value=value, expected=expected
    )
