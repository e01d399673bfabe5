"""EDI mode: partners, names of files, what a status is called in the life-cycle (XSD CPPStatut V1.19).

No public text gives the names of files, so ours begin with what is public, the interface: FSOxxxxA for invoices (AIFE,
"Flux EDI"), CSOxxxxA for the report on them, FEN1201A for the life-cycle in the format CPPStatut.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from chorale.domain.statuses import FluxState, Status
from chorale.domain.syntaxes import SYNTAX_ROWS, Syntax

LIFE_CYCLE = "FEN1201A"
PLATFORM = "CHORALE"
"""Our own partner code."""
PARTNER_CODE = re.compile(r"[A-Z0-9]{3,8}")
"""3 to 8 characters (XSD CPPStatut, Recepteur/Id); in capitals, so that it is also the name of a folder."""
IN_KEY = re.compile(r"edi/in/([A-Z0-9]{3,8})/([^/]+)")

STATUS_OF_EDI_CODE = {status.edi_code: status for status in Status if status.edi_code}
FLUX_RECEIVED, FLUX_DONE, FLUX_REFUSED, FLUX_PARTLY = "90", "92", "93", "96"
"""Statuses of a flux (XSD CPPStatut): received, received by its recipient, reception error, partial integration."""
FLUX_CODES = {
    FluxState.INTEGRATED: FLUX_DONE,
    FluxState.PARTLY_INTEGRATED: FLUX_PARTLY,
    FluxState.REJECTED: FLUX_REFUSED,
    FluxState.FAILED: FLUX_REFUSED,
}


@dataclass(frozen=True, slots=True)
class LifeCycleLine:
    """One status of one invoice, as a life-cycle file tells it."""

    status_code: str
    """01 to 41."""
    supplier_identifier: str
    recipient_identifier: str
    number: str
    comment: str = ""
    mandate_number: str = ""
    order: int = 0
    """Place in the file, from 1."""
    issued: str = ""
    """Day of the invoice as the file writes it; empty when it does not say."""

    def is_of(self, issue_date: date) -> bool:
        """Whether the line can mean an invoice of this day: a number can have had two lives, each with its day."""
        return not self.issued or self.issued[:10] == issue_date.isoformat()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line, or a file, was not taken."""

    kind: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class FluxStatus:
    """What became of a file of the partner."""

    code: str
    flux: str
    """Flux number, or the name of a file that never became one."""
    comment: str
    faults: tuple[Fault, ...] = ()


def incoming(key: str) -> tuple[str, str] | None:
    """Partner and file name of an object that a partner dropped; None for any other key."""
    found = IN_KEY.fullmatch(key)
    return (found[1], found[2]) if found else None


def syntax_of(file_name: str) -> Syntax | None:
    """The syntax that a file name announces by its interface (``FSO1100A...``)."""
    for syntax, row in SYNTAX_ROWS.items():
        if file_name.upper().startswith(row.interface_code):
            return syntax
    return None


def is_life_cycle(file_name: str) -> bool:
    """Whether a file name announces a life-cycle file."""
    return file_name.upper().startswith(LIFE_CYCLE)


def out_key(partner: str, interface: str, at: datetime, what: str) -> str:
    """Key of a file for a partner: interface, partner, time in UTC, then what it is about.

    The same event always gives the same name: written twice, it is one file.
    """
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", what.removesuffix(".xml"))[:120]
    return f"edi/out/{partner}/{interface}_{partner}_{at:%Y%m%d%H%M%S}_{plain}.xml"


def report_interface(syntax: Syntax) -> str:
    """The interface of the report on a deposit: FSO1100A is answered by CSO1100A."""
    return SYNTAX_ROWS[syntax].interface_code.replace("FSO", "CSO", 1)
