"""Which identifier of a party counts: a document may name a SIREN, a SIRET and internal numbers side by side."""

from dataclasses import dataclass

from chorale.domain.directory import IDENTIFIER_SCHEMES, IdentifierType
from chorale.formats.reading.document import ABSENT, Reading, Value

SIRET_LENGTH = 14


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """Terms of one party."""

    registration: str
    identifier: str
    vat: str


SELLER = PartyTerms("BT-30", "BT-29", "BT-31")
BUYER = PartyTerms("BT-47", "BT-46", "BT-48")


def identifier_of(reading: Reading, party: PartyTerms) -> Value:
    """The identifier that names the party to the platform.

    A SIRET wherever it is (the registration BT-30/BT-47 first, then BT-29/BT-46); failing that what the registration
    says, then any identifier with a known scheme; ABSENT when there is none.
    """
    registrations = [value for value in reading.each(party.registration) if value]
    others = [value for value in reading.each(party.identifier) if value]
    for value in (*registrations, *others):
        if IDENTIFIER_SCHEMES.get(value.scheme) is IdentifierType.SIRET and len(value.text) == SIRET_LENGTH:
            return value
    if registrations:
        return registrations[0]
    return next((value for value in others if value.scheme in IDENTIFIER_SCHEMES), ABSENT)


def vat_of(reading: Reading, party: PartyTerms) -> Value:
    """The VAT number of the party; numbers for other taxes (scheme FC in CII, another tax scheme in UBL) are left."""
    numbers = [
        value for value in reading.each(party.vat) if value and value.scheme in ("", "VA") and _is_for_vat(value)
    ]
    return numbers[0] if numbers else ABSENT


def _is_for_vat(value: Value) -> bool:
    """UBL says beside the number which tax it is for."""
    names = [name.text for name in value.element.getparent().iterfind("{*}TaxScheme/{*}ID")]
    return not names or "VAT" in names
