"""Which identifier of a party counts: a document may name a SIREN, a SIRET and internal numbers side by side."""

from dataclasses import dataclass
from functools import partial

from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType
from chorale.domain.reform.addresses import (
    ADDRESS_SCHEME,
    SERVICE_SCHEME,
    SIRET_SCHEME,
    ElectronicAddress,
    address_of,
)
from chorale.formats.reading.document import ABSENT, Reading, Value

SIREN_LENGTH = 9
SIRET_LENGTH = 14


@dataclass(frozen=True, slots=True)
class PartyTerms:
    """Terms of one party."""

    registration: str
    identifier: str
    vat: str


SELLER = PartyTerms("BT-30", "BT-29", "BT-31")
BUYER = PartyTerms("BT-47", "BT-46", "BT-48")
AGENT = PartyTerms("agent registration", "agent identifier", "")
"""The seller's agent (EXT-FR-FE-BG-03)."""
PAYEE = PartyTerms("BT-61", "BT-60", "")


@dataclass(frozen=True, slots=True)
class Said:
    """One place that names the recipient, or its service; the text of ``value`` is that part of the place."""

    term: str
    value: Value


def recipients_said(reading: Reading) -> list[Said]:
    """The SIRETs that name the recipient, in reading order: BT-46 with 0009, then BT-49 with 0225, then BT-47."""
    return reading.once("recipients", _recipients_said)


def _recipients_said(reading: Reading) -> list[Said]:
    said = [Said("BT-46", value) for value in _with_scheme(reading, "BT-46", SIRET_SCHEME)]
    said += [
        Said("BT-49", Value(address.siret, value.element, SIRET_SCHEME))
        for value, address in buyer_addresses(reading)
        if address.siret
    ]
    said += [Said("BT-47", value) for value in reading.each("BT-47") if _is_siret(value)]
    return said


def services_said(reading: Reading) -> list[Said]:
    """The codes that name the service, in reading order: BT-46 with 0224, then BT-49 with 0225, then BT-10."""
    said = [Said("BT-46", value) for value in _with_scheme(reading, "BT-46", SERVICE_SCHEME)]
    said += [
        Said("BT-49", Value(address.service, value.element, SERVICE_SCHEME))
        for value, address in buyer_addresses(reading)
        if address.service
    ]
    reference = reading.one("BT-10")
    return [*said, Said("BT-10", reference)] if reference else said


def service_of(reading: Reading) -> Value:
    """The code of the recipient's service; ABSENT when the document names none."""
    said = services_said(reading)
    return said[0].value if said else ABSENT


def buyer_addresses(reading: Reading) -> list[tuple[Value, ElectronicAddress]]:
    """The buyer's electronic addresses (BT-49) of scheme 0225 that are written as one."""
    return reading.once("buyer addresses", _buyer_addresses)


def _buyer_addresses(reading: Reading) -> list[tuple[Value, ElectronicAddress]]:
    read = [(value, address_of(value.text)) for value in _with_scheme(reading, "BT-49", ADDRESS_SCHEME)]
    return [(value, address) for value, address in read if address is not None]


def identifier_of(reading: Reading, party: PartyTerms) -> Value:
    """The identifier that names the party to the platform.

    A SIRET wherever it is: for the buyer in the order of ``recipients_said``, else the registration (BT-30) first;
    failing that what the registration says, when its register is known, then any identifier with a known scheme.
    ABSENT when there is none.
    """
    return reading.once(f"identifier {party.registration}", partial(_identifier_of, party=party))


def _identifier_of(reading: Reading, party: PartyTerms) -> Value:
    if party is BUYER:
        said = recipients_said(reading)
        if said:
            return said[0].value
    registrations = [value for value in reading.each(party.registration) if value]
    others = [value for value in reading.each(party.identifier) if value]
    named = [*registrations, *others]
    siret = next((value for value in named if _is_siret(value)), None)
    by_register = [*(v for v in registrations if v.scheme in IDENTIFIER_SCHEMES), *(v for v in others if v.scheme)]
    known = next((value for value in by_register if value.scheme in IDENTIFIER_SCHEMES), None)
    unnamed = next((value for value in others if not value.scheme), ABSENT)
    return siret or known or (registrations[0] if registrations else unnamed)


def _is_siret(value: Value) -> bool:
    return len(value.text) == SIRET_LENGTH and IDENTIFIER_SCHEMES.get(value.scheme) is IdentifierType.SIRET


def _with_scheme(reading: Reading, term: str, scheme: str) -> list[Value]:
    return [value for value in reading.each(term) if value and value.scheme == scheme]


def vat_of(reading: Reading, party: PartyTerms) -> Value:
    """The VAT number of the party; numbers for other taxes (scheme FC in CII, another tax scheme in UBL) are left."""
    return reading.once(f"VAT number {party.vat}", partial(_vat_of, party=party))


def _vat_of(reading: Reading, party: PartyTerms) -> Value:
    numbers = [
        value for value in reading.each(party.vat) if value and value.scheme in ("", "VA") and _is_for_vat(value)
    ]
    return numbers[0] if numbers else ABSENT


def _is_for_vat(value: Value) -> bool:
    """UBL says beside the number which tax it is for."""
    names = [name.text for name in value.element.getparent().iterfind("{*}TaxScheme/{*}ID")]
    return not names or "VAT" in names
