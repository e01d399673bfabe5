"""Life-cycle files: written in the order of the AIFE's schema, read back, refused when they are something else."""

from dataclasses import replace
from typing import Any

import pytest
from chorale.domain.exchange.edi import FLUX_PARTLY, Fault, FluxStatus, LifeCycleLine
from chorale.domain.invoices.recorded import ServiceRef
from chorale.domain.statuses import Status
from chorale.formats.writing.cpp_statut import (
    LINES_AT_MOST,
    UnreadableLifeCycle,
    flux_status,
    invoice_statuses,
    read_life_cycle,
)
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.cast import NOW, RECIPIENT, SUPPLIER, summary

ROW = summary(service=ServiceRef(1, "COMPTA", "Comptabilité"), status=Status.MANDATEE, mandate_number="M-7")


def _names(element: object) -> list[str]:
    return [child.tag for child in element]  # type: ignore[attr-defined]


def test_a_status_of_an_invoice_has_the_elements_of_the_schema_in_their_order() -> None:
    root: Any = etree.fromstring(invoice_statuses([replace(ROW, status_reason="Vu")], "DEMO01", "X-1", NOW))

    assert (root.tag, root.get("Version"), _names(root)) == ("CPPStatut", "V1_19", ["Enveloppe", "CPPFactureStatuts"])
    envelope = root.find("Enveloppe/EnveloppeUnitaire")
    assert _names(envelope) == ["Parametres", "Partenaires"]
    parameters = {entry.findtext("Code"): entry.findtext("Valeurparametre") for entry in envelope.find("Parametres")}
    assert parameters == {"DtPrd": "2026-11-23T09:30:00Z", "IdFlx": "X-1"}
    assert [party.findtext("Id") for party in envelope.find("Partenaires")] == ["DEMO01", "CHORALE"]
    [unit] = root.find("CPPFactureStatuts")
    assert _names(unit) == ["Fournisseur", "Debiteur", "DonneesStatut"]
    assert _names(unit[0]) == ["TypeIdentifiant", "Identifiant", "RaisonSociale"]
    assert _names(unit[1]) == ["TypeIdentifiant", "Identifiant", "Nom", "CodeService"]
    assert {child.tag: child.text for child in unit[2]} == {
        "IdStatut": "08",
        "Commentaire": "Vu",
        "Horodatage": "2026-11-23T09:30:00Z",
        "Producteur": None,
        "IdFacture": "F-1",
        "DateFacture": "2026-11-20",
        "IdMandatDP": "M-7",
    }


def test_what_is_written_is_read_back() -> None:
    written = invoice_statuses([ROW, replace(ROW, number="F-2", status=Status.SUSPENDUE)], "DEMO01", "X-1", NOW)

    assert read_life_cycle(written) == (
        LifeCycleLine("08", SUPPLIER.identifier, RECIPIENT.identifier, "F-1", "", "M-7", 1, "2026-11-20"),
        LifeCycleLine("06", SUPPLIER.identifier, RECIPIENT.identifier, "F-2", "", "M-7", 2, "2026-11-20"),
    )


def test_a_status_of_a_flux_tells_every_fault() -> None:
    faults = (Fault("FACTURE F-1", "CHO-X", "Corrigez <ceci> & cela"), Fault("FICHIER", "CHO-Y", "\x00Illisible"))
    root: Any = etree.fromstring(flux_status(FluxStatus(FLUX_PARTLY, "CPP1", "Une sur deux", faults), "DEMO01", NOW))

    [data] = root.find("CPPFluxStatuts/CPPFluxStatutUnitaire")
    assert _names(data) == ["IdStatut", "Commentaire", "Horodatage", "IdFlux", "Details"]
    assert (data.findtext("IdStatut"), data.findtext("IdFlux")) == ("96", "CPP1")
    assert data.find("Details").get("NbLignesErreur") == "2"
    labels = [line.findtext("LibelleErreur") for line in data.find("Details")]
    assert labels == ["Corrigez <ceci> & cela", "Illisible"]


UNIT = b"<CPPFactureStatutUnitaire/>"
REFUSED = {
    "not XML": (b"hello", "CHO-XML-ILLISIBLE"),
    "cut off": (b"<CPPStatut>", "CHO-XML-MAL-FORME"),
    "a document type": (b'<!DOCTYPE x [<!ENTITY a "b">]><CPPStatut/>', "CHO-XML-DOCTYPE"),
    "another file": (b"<Invoice/>", "CHO-EDI-CYCLE"),
    "no status": (b"<CPPStatut><Enveloppe/></CPPStatut>", "CHO-EDI-CYCLE"),
    "statuses of flux": (b"<CPPStatut><CPPFluxStatuts/></CPPStatut>", "CHO-EDI-CYCLE"),
    "too many": (
        b"<CPPStatut><CPPFactureStatuts>" + UNIT * (LINES_AT_MOST + 1) + b"</CPPFactureStatuts></CPPStatut>",
        "CHO-EDI-CYCLE",
    ),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_life_cycle_is_refused_whole(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableLifeCycle) as refused:
        read_life_cycle(content)
    assert refused.value.fault.code == code
    assert refused.value.fault.label


@given(st.text())
def test_any_comment_can_be_told(comment: str) -> None:
    comment = comment.encode(errors="ignore").decode()

    [line] = read_life_cycle(invoice_statuses([replace(ROW, status_reason=comment)], "DEMO01", "X", NOW))

    assert line.number == "F-1"
