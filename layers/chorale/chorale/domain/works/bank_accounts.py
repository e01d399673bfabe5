"""The bank account to which a creditor is paid: that of the contract, shown whole to those who pay alone (rule 17).

Sources: regulation (EU) 260/2012 (IBAN of SEPA payments); EPC409-09, list of the countries of the SEPA schemes.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from chorale.domain.errors import InvalidRequest
from chorale.domain.works.contract import CONTRACTOR_ROLES, MOA_ROLES, ContractParty, WorksContract
from chorale.domain.works.dossier import BillingFile
from chorale.domain.works.papers import Paper
from chorale.domain.works.parts import PaymentPart

SEPA = frozenset({
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE",
    "SI", "SK", "SM", "VA",
})  # fmt: skip
"""Countries, by the first letters of their IBAN; French territories and Crown dependencies have FR and GB."""
HIDDEN = "****"
SHORTEST = 15
"""Characters of the shortest IBAN, that of Norway."""


def right_account(written: str, has_right_key: Callable[[str], bool], field: str = "iban") -> str:
    """An IBAN without spaces, in capitals; empty for none. Raises InvalidRequest for one to which nobody could pay.

    ``has_right_key`` says whether length and key are right.
    """
    iban = "".join(written.split()).upper()
    if not iban:
        return ""
    if not has_right_key(iban):
        raise InvalidRequest(
            f"L'IBAN {masked(iban)} est faux : sa longueur ou sa clé n'est pas celle de son pays. Recopiez-le du "
            "relevé d'identité bancaire.",
            field,
        )
    if iban[:2] not in SEPA:
        raise InvalidRequest(
            f"Le compte {masked(iban)} n'est pas dans l'espace SEPA : donnez un IBAN d'un pays de cet espace.", field
        )
    return iban


def masked(iban: str) -> str:
    """An account as those see it who do not pay: country, key and the last four characters; empty for none."""
    if not iban:
        return ""
    return f"{iban[:4]} {HIDDEN} {HIDDEN} {iban[-4:]}" if len(iban) >= SHORTEST else HIDDEN


def check_accounts(contract: WorksContract) -> None:
    """Raise InvalidRequest for an account of somebody whom nobody pays under the contract."""
    for party in contract.parties:
        if party.iban and party.role not in CONTRACTOR_ROLES:
            raise InvalidRequest(
                f"{party.structure.name} n'est pas une entreprise du marché : il n'y est payé de rien, son compte ne "
                "s'inscrit pas.",
                "iban",
            )


def account_of(contract: WorksContract, creditor_id: int) -> str:
    """The account that the contract has for a creditor; empty when it has none."""
    found = (party.iban for party in contract.parties if party.structure.id == creditor_id and party.iban)
    return next(found, "")


def file_with_accounts(file: BillingFile, contract: WorksContract, structures: Iterable[int]) -> BillingFile:
    """``file`` with the account beside each part of its payments, as the structures may see it."""
    mine = frozenset(structures)
    return replace(file, papers=tuple(_paper_with_accounts(paper, contract, mine) for paper in file.papers))


def _paper_with_accounts(paper: Paper, contract: WorksContract, mine: frozenset[int]) -> Paper:
    if paper.payer is None or not paper.parts:
        return paper
    pays = paper.payer.id in mine
    return replace(paper, parts=tuple(_part_with_account(part, contract, mine, pays=pays) for part in paper.parts))


def _part_with_account(part: PaymentPart, contract: WorksContract, mine: frozenset[int], *, pays: bool) -> PaymentPart:
    """A part that is not ordered yet goes to the account of today, any other to that of its mandate."""
    iban = part.account if part.paid_at or part.account else account_of(contract, part.creditor.id)
    return replace(part, account=_as_seen(iban, part.creditor.id, contract, mine, pays=pays))


def parties_with_accounts(contract: WorksContract, structures: Iterable[int]) -> tuple[ContractParty, ...]:
    """The parties of ``contract`` with their accounts as the structures may see them."""
    mine = frozenset(structures)
    pays = contract.payer.id in mine
    return tuple(
        replace(party, iban=_as_seen(party.iban, party.structure.id, contract, mine, pays=pays))
        for party in contract.parties
    )


def _as_seen(iban: str, creditor_id: int, contract: WorksContract, mine: frozenset[int], *, pays: bool) -> str:
    """Whole for who pays; masked for the MOA, which wrote it, and for whose it is; nothing for the others."""
    if pays:
        return iban
    knows = creditor_id in mine or any(contract.roles_of(one) & frozenset(MOA_ROLES) for one in mine)
    return masked(iban) if knows else ""
