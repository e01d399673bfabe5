"""The parties of a works contract in the directory of the tests, and the contract that the MOA registers."""

from decimal import Decimal
from typing import Any

from chorale.domain.directory.structures import Structure
from chorale.domain.frames import Frame
from chorale.domain.works.contract import PartyRole, WorksContract
from chorale.domain.works.deadlines import Ccag
from chorale.domain.works.inputs import NewContract, NewParty, PaperInput
from chorale.domain.works.papers import Paper
from chorale.stores.directory import structures as directory
from chorale.usecases.works.deposit_paper import deposit_paper
from chorale.usecases.works.register_contract import register_contract
from chorale_local.example_objects import PDF

from tests.cast import NOW, actor

TITULAIRE = Structure(10001, "99000001000019", "Demo Titulaire")
COTRAITANT = Structure(10002, "99000002800011", "Demo Cotraitant")
SOUS_TRAITANT = Structure(10003, "99000003600014", "Demo Sous-traitant")
MOE = Structure(10004, "99000004400018", "Demo MOE")
MOA = Structure(10005, "99000005100013", "Demo MOA", public=True, is_moa=True)
FINANCE = Structure(10006, "99000006900015", "Demo Service financier", public=True)
STRANGER = Structure(10007, "99000007700018", "Demo Fournisseur")
SITE = (TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA, FINANCE, STRANGER)
R = PartyRole


def fill_site() -> None:
    """Write the parties to the directory."""
    directory.write(SITE, [], [])


def contract(group: bool = False, **changes: Any) -> WorksContract:
    """A contract registered by the MOA: the titulaire, or a group, with its sous-traitant and its MOE."""
    parties = [
        NewParty(TITULAIRE.identifier, R.MANDATAIRE if group else R.TITULAIRE),
        NewParty(MOE.identifier, R.MOE),
        NewParty(MOA.identifier, R.MOA),
        NewParty(
            SOUS_TRAITANT.identifier,
            R.SOUS_TRAITANT,
            works_for=(COTRAITANT if group else TITULAIRE).identifier,
            direct_payment=True,
            amount=Decimal(40_000),
        ),
    ]
    if group:
        parties.append(NewParty(COTRAITANT.identifier, R.COTRAITANT))
    new = {"number": "MARCHE-1", "ccag": Ccag.CCAG_2021, "parties": parties, "payer": FINANCE.identifier} | changes
    return register_contract(actor(MOA), NewContract(**new), NOW)


def paper(by: Structure, frame: Frame, number: str, previous: Paper | None = None, at: Any = NOW, **more: Any) -> Paper:
    """A paper of the contract, deposited by ``by``."""
    given: dict[str, Any] = {"contract_number": "MARCHE-1", "document": PDF, "document_name": "piece.pdf"} | more
    if previous is not None:
        given["previous_id"] = previous.id
    return deposit_paper(actor(by), PaperInput(number, frame, Decimal("10000.00"), Decimal("12000.00"), **given), at)
