"""Electronic addresses of scheme 0225: which structure, and which of its services, an invoice is addressed to.

Source: AFNOR XP Z12-014 4.1.4, rules BR-FR-23 and BR-FR-25: ``SIREN``, ``SIREN_SIRET``, ``SIREN_SIRET_CODEROUTAGE`` or
``SIREN_SUFFIXE``, of letters, digits and ``- _ .``, 125 characters at most. The routing code (scheme 0224) of a public
body is the code of one of its services.
"""

import re
from dataclasses import dataclass

ADDRESS_SCHEME = "0225"
SIRET_SCHEME = "0009"
SERVICE_SCHEME = "0224"
_ADDRESS = re.compile(r"(?P<siren>\d{9})(?:_(?P<siret>\d{14})(?:_(?P<service>[A-Za-z0-9._-]+))?|_[A-Za-z0-9._-]+)?")
ADDRESS_MAX_LENGTH = 125


@dataclass(frozen=True, slots=True)
class ElectronicAddress:
    """The parts of an address; the SIRET and the service may be empty."""

    siren: str
    siret: str = ""
    service: str = ""


def address_of(text: str) -> ElectronicAddress | None:
    """The parts of an address of scheme 0225; None when ``text`` is not written as one."""
    found = _ADDRESS.fullmatch(text) if len(text) <= ADDRESS_MAX_LENGTH else None
    if not found:
        return None
    return ElectronicAddress(found["siren"], found["siret"] or "", found["service"] or "")
