"""Reading one invoice, its history, and giving it a status."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.address import Address
from chorale.domain.invoices.invoice import Attachment, DocumentKind, Line, Party, TaxLine, TaxRegime
from chorale.domain.statuses import Status

from tests.cast import NOW, RECIPIENT, SUPPLIER, actor, document
from tests.unit.http.calling import HISTORY, READ_ISSUED, READ_RECEIVED, TREAT, Caller, Clock, Keep

ID = 1_000_000
PAPERS = Address("1 rue de la Paix", "Bâtiment B", "", "75002", "Paris", "FR")
RICH = document(
    number="F-9",
    kind=DocumentKind.CREDIT_NOTE,
    supplier=Party("Nom écrit", SUPPLIER.identifier, "0009", "FR83404833048", PAPERS),
    buyer=Party(RECIPIENT.name, RECIPIENT.identifier, address=Address("2 place", "", "", "69000", "Lyon", "FR")),
    due_date=date(2026, 12, 20),
    origin_number="F-1",
    payment_means="58",
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    tax_regime=TaxRegime.ON_PAYMENT,
    tax_lines=(
        TaxLine("S", Decimal("20.00"), Decimal("90.00"), Decimal("18.00")),
        TaxLine("E", None, Decimal("10.00"), Decimal("0.00"), "Article 261"),
    ),
    lines=tuple(
        Line(str(place), f"Ligne {place}", Decimal(place), "C62", Decimal("1.50"), Decimal("1.50") * place,
             tax_rate=Decimal(20), reference=f"REF-{place}")
        for place in range(1, 26)
    ),
    attachments=(
        Attachment("Plan.PDF", "application/pdf", 1200, "Plan de masse"),
        Attachment("notes", "text/plain", 34),
    ),
    note="Merci", payee=Party("Factor SA", "99000001000019", "0002"),
)  # fmt: skip
KEPT = {"kind": DocumentKind.CREDIT_NOTE, "commitment": "EJ-1", "contract": "M-1"}


def test_the_supplier_reads_its_invoice_whole(supplier: Caller, keep: Keep) -> None:
    keep(ID, "F-9", RICH, **KEPT)

    answer = supplier.post(READ_ISSUED, {"identifiantFactureCPP": ID, "codeLangue": "fr"})

    assert (answer["codeRetour"], answer["libelle"]) == (0, "TRA_MSG_00.000")
    facture = answer["facture"]
    lines, taxes = facture.pop("lignesDePoste"), facture.pop("recapitulatifDeTva")
    papers = facture.pop("listeDesPiecesJointes")
    assert facture == {
        "identifiantFactureCPP": ID,
        "numeroFacture": "F-9",
        "statutFacture": "MISE_A_DISPOSITION",
        "modeDepot": "UPLOAD_API",
        "rejetTraite": False,
        "destinataire": {
            "idDestinataire": RECIPIENT.id,
            "codeDestinataire": RECIPIENT.identifier,
            "libelleDestinataire": RECIPIENT.name,
            "designationDestinataire": RECIPIENT.name,
            "adresseDestinataireDetail": "2 place",
            "adresseDestinataireCodePostal": "69000",
            "adresseDestinataireVille": "Lyon",
            "adresseDestinataireCodePays": "FR",
        },
        "fournisseur": {
            "idFournisseur": SUPPLIER.id,
            "typeIdentifiantFournisseur": "SIRET",
            "codeFournisseur": SUPPLIER.identifier,
            "raisonSocialeFournisseur": SUPPLIER.name,
            "designationFournisseur": SUPPLIER.name,
            "adresseFournisseurDetail": "1 rue de la Paix",
            "adresseFournisseurComplement1": "Bâtiment B",
            "adresseFournisseurCodePostal": "75002",
            "adresseFournisseurVille": "Paris",
            "adresseFournisseurCodePays": "FR",
            "coordBancairesFournisseurType": "IBAN",
            "coordBancairesFournisseurCodePays": "FR",
            "coordBancairesFournisseurCleIban": "76",
            "coordBancairesFournisseurCompteBancaire": "FR7630006000011234567890189",
            "coordBancairesBicSwift": "AGRIFRPP",
            "affactureur": {
                "affactureurCode": "99000001000019",
                "affactureurTypeIdentifiant": "SIRET",
                "affactureurRaisonSociale": "Factor SA",
            },
        },
        "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
        "references": {
            "dateFacture": "2026-11-20",
            "dateDepot": "2026-11-23",
            "dateCreationFacture": "2026-11-23 10:30",
            "dateEcheancePaiement": "2026-12-20",
            "codeDeviseFacture": "EUR",
            "typeFacture": "AVOIR",
            "typeTva": "TVA_SUR_ENCAISSEMENT",
            "libelleMotifExonerationTva": "Article 261",
            "numeroMarche": "M-1",
            "numeroBonCommande": "EJ-1",
            "numeroFactureOrigine": "F-1",
            "modePaiement": "VIREMENT",
            "tailleTotalePiecesJointes": 1234,
        },
        "montantTotal": {
            "montantHtTotal": 100.0,
            "montantTVA": 20.0,
            "montantTtcAvantRemiseGlobalTTC": 120.0,
            "montantTtcTotal": 120.0,
            "montantAPayer": 120.0,
        },
        "commentaire": "Merci",
    }
    assert taxes["ligneTva"] == [
        {"ligneTvaTauxManuel": 20.0, "ligneTvaMontantBaseHtParTaux": 90.0, "ligneTvaMontantTvaParTaux": 18.0},
        {"ligneTvaMontantBaseHtParTaux": 10.0, "ligneTvaMontantTvaParTaux": 0.0},
    ]
    assert taxes["totalLignesRecapitulativesTVA"] == 2
    assert papers["pieceJointe"] == [
        {"pieceJointeDesignation": "Plan de masse", "pieceJointeExtension": "pdf"},
        {"pieceJointeDesignation": "notes"},
    ]
    assert papers["totalListePiecesJointe"] == 2
    assert lines["lignePoste"][0] == {
        "lignePosteNumero": 1,
        "lignePosteReference": "REF-1",
        "lignePosteDenomination": "Ligne 1",
        "lignePosteQuantite": 1,
        "lignePosteUniteLibelle": "C62",
        "lignePosteMontantUnitaireHT": 1.5,
        "lignePosteMontantRemiseHT": 0,
        "lignePosteTauxTvaManuel": 20,
        "lignePosteMontantHtApresRemise": 1.5,
    }
    assert (lines["pageCouranteLignesPoste"], lines["pagesLignesPoste"]) == (1, 3)
    assert (lines["nbResultatsParPageLignesPoste"], lines["totalLignesPoste"]) == (10, 25)


def test_the_recipient_reads_the_same_invoice_under_its_own_service(recipient: Caller, keep: Keep) -> None:
    keep(ID, "F-9", RICH, **KEPT)

    facture = recipient.post(READ_RECEIVED, {"identifiantFactureCPP": str(ID)})["facture"]

    assert facture["numeroFacture"] == "F-9"
    assert facture["fournisseur"]["designationFournisseur"] == SUPPLIER.name
    assert "rejetTraite" not in facture


def test_an_id_facture_is_taken_for_the_same_number(recipient: Caller, keep: Keep) -> None:
    keep(ID)

    assert recipient.post(READ_RECEIVED, {"idFacture": ID})["facture"]["identifiantFactureCPP"] == ID


@pytest.mark.parametrize(("path", "name"), [(READ_ISSUED, "getpLignesPoste"), (READ_RECEIVED, "rechercheLignePoste")])
def test_lines_come_by_page_and_sorted(keep: Keep, path: str, name: str) -> None:
    keep(ID, "F-9", RICH, **KEPT)
    caller = Caller(SUPPLIER if path == READ_ISSUED else RECIPIENT)

    def lines(**asked: Any) -> list[int]:
        answer = caller.post(path, {"identifiantFactureCPP": ID, name: asked})
        return [line["lignePosteNumero"] for line in answer["facture"]["lignesDePoste"]["lignePoste"]]

    assert lines(pageResultatDemandeeLignesPoste=3) == list(range(21, 26))
    assert lines(nbResultatsParPageLignesPoste=100) == list(range(1, 26))
    sorted_lines = lines(
        triColonneListeLignesPoste="LignePosteQuantite",
        triSensListeLignesPoste="Descendant",
        nbResultatsParPageLignesPoste=3,
    )
    assert sorted_lines == [25, 24, 23]


def test_the_breakdown_and_the_attachments_come_by_page_too(recipient: Caller, keep: Keep) -> None:
    keep(ID, "F-9", RICH, **KEPT)
    asked = {
        "identifiantFactureCPP": ID,
        "rechercheligneTvaRecap": {
            "nbResultatsParPageListeListeRecapitulatifTVA": 1,
            "triColonneListeRecapitulatifTVA": "LigneTvaMontantBaseHtParTaux",
            "triSensListeRecapitulatifTVA": "Ascendant",
        },
        "recherchePj": {"pageResultatDemandeeListePieceJointe": 2, "nbResultatsParPageListePieceJointe": 1},
    }

    facture = recipient.post(READ_RECEIVED, asked)["facture"]

    assert [line["ligneTvaMontantBaseHtParTaux"] for line in facture["recapitulatifDeTva"]["ligneTva"]] == [10.0]
    assert facture["recapitulatifDeTva"]["pagesLignesRecapitulativesTVA"] == 2
    assert [piece["pieceJointeDesignation"] for piece in facture["listeDesPiecesJointes"]["pieceJointe"]] == ["notes"]


def test_twenty_thousand_lines_are_read_a_page_at_a_time(supplier: Caller, keep: Keep) -> None:
    line = Line("1", "Désignation " * 20, Decimal(1), "C62", Decimal(1), Decimal(1))
    keep(ID, "F-9", document(number="F-9", lines=(line,) * 20_000))

    first = supplier.post(READ_ISSUED, {"identifiantFactureCPP": ID})
    whole = supplier.post(
        READ_ISSUED, {"identifiantFactureCPP": ID, "getpLignesPoste": {"nbResultatsParPageLignesPoste": 20_000}}
    )

    assert first["facture"]["lignesDePoste"]["totalLignesPoste"] == 20_000
    assert len(first["facture"]["lignesDePoste"]["lignePoste"]) == 10
    assert whole["codeRetour"] == 20011
    assert "pages plus petites" in whole["libelle"]


def test_a_status_that_does_not_exist_is_refused_with_the_nearest_and_those_that_a_recipient_gives(
    recipient: Caller,
) -> None:
    said = recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "rejeter"})["libelle"]

    assert "nouveauStatut : le statut REJETER n'existe pas : vouliez-vous dire REJETEE ? Statuts : " in said
    assert "MANDATEE" in said


@pytest.mark.parametrize("path", [READ_ISSUED, READ_RECEIVED, HISTORY, TREAT])
@pytest.mark.parametrize("body", [{}, {"idFacture": "x"}, {"idFacture": [1]}, {"idFacture": 10**20}])
def test_a_number_that_is_not_one_is_named(supplier: Caller, path: str, body: dict[str, Any]) -> None:
    answer = supplier.post(path, {"nouveauStatut": "MANDATEE"} | body)

    assert answer["codeRetour"] == 20010
    assert "acture" in answer["libelle"]


# History


def test_the_history_tells_every_status_latest_first(supplier: Caller, keep: Keep) -> None:
    keep(ID)

    answer = supplier.post(HISTORY, {"idFacture": ID, "idEspace": 7, "nbResultatsMaximum": 50})

    assert (answer["idFacture"], answer["numeroFacture"], answer["modeDepot"]) == (ID, "F-1", "UPLOAD_API")
    assert answer["statutCourantCode"] == "MISE_A_DISPOSITION"
    statuses = answer["historiquesDesStatuts"]
    assert [line["histoStatutCode"] for line in statuses["histoStatut"]] == [
        "MISE_A_DISPOSITION",
        "EN_COURS_ACHEMINEMENT",
        "DEPOSEE",
    ]
    assert statuses["histoStatut"][0] == {
        "histoStatutId": 3,
        "histoStatutCode": "MISE_A_DISPOSITION",
        "histoStatutDatePassage": "2026-11-23 10:30",
        "histoStatutUtilisateurNom": "SYSTEME",
    }
    assert statuses["totalHistoStatut"] == 3
    assert answer["historiquesDesEvenementsComplementaires"]["evenement"] == []
    assert answer["historiquesDesActionsUtilisateurs"]["histoAction"] == []


def test_the_history_names_the_other_party_and_never_its_account(
    supplier: Caller, recipient: Caller, keep: Keep
) -> None:
    keep(ID)
    recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "SUSPENDUE", "motif": "Une pièce manque"})

    lines = [
        caller.post(HISTORY, {"idFacture": ID})["historiquesDesStatuts"]["histoStatut"][0]["histoStatutUtilisateurNom"]
        for caller in (supplier, recipient)
    ]

    assert lines == [RECIPIENT.name, actor(RECIPIENT).login]
    assert actor(RECIPIENT).login not in str(supplier.post(HISTORY, {"idFacture": ID}))


def test_the_history_can_be_paged_and_sorted(recipient: Caller, keep: Keep) -> None:
    keep(ID)
    asked = {
        "pageResultatDemandeeListeHistoStatut": 1,
        "nbResultatsParPageListeHistoStatut": 2,
        "triColonneListeHistoStatut": "HistoStatutDatePassage",
        "triSensListeHistoStatut": "Ascendant",
    }

    statuses = recipient.post(HISTORY, {"idFacture": ID, "paramRechercheHistoStatuts": asked})["historiquesDesStatuts"]

    assert [line["histoStatutCode"] for line in statuses["histoStatut"]] == ["DEPOSEE", "EN_COURS_ACHEMINEMENT"]
    assert (statuses["pagesHistoStatut"], statuses["nbResultatsParPageHistoStatut"]) == (2, 2)


# Treating


def test_a_recipient_treats_an_invoice_to_payment_and_the_supplier_sees_it(keep: Keep, at: Clock) -> None:
    keep(ID)
    at.set(NOW + timedelta(days=1))
    recipient, supplier = Caller(RECIPIENT), Caller(SUPPLIER)

    answer = recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "MANDATEE", "numeroDPMandat": "MANDAT-7"})
    recipient.post(TREAT, {"idFacture": str(ID), "nouveauStatut": "mise_en_paiement"})

    assert answer == {
        "codeRetour": 0,
        "libelle": "TRA_MSG_00.000",
        "idFacture": ID,
        "numeroFacture": "F-1",
        "dateTraitement": "2026-11-24",
        "nouveauStatut": "MANDATEE",
    }
    history = supplier.post(HISTORY, {"idFacture": ID})
    assert history["statutCourantCode"] == "MISE_EN_PAIEMENT"
    assert supplier.post(READ_ISSUED, {"idFacture": ID})["facture"]["references"]["numeroDpMandat"] == "MANDAT-7"


def test_a_motive_is_needed_to_suspend_and_is_shown(supplier: Caller, recipient: Caller, keep: Keep) -> None:
    keep(ID)

    refused = recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "SUSPENDUE"})
    recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "SUSPENDUE", "motif": "Pièce manquante"})

    assert refused["codeRetour"] == 20010
    assert "motif" in refused["libelle"]
    last = supplier.post(HISTORY, {"idFacture": ID})["historiquesDesStatuts"]["histoStatut"][0]
    assert (last["histoStatutCode"], last["histoStatutCommentaire"]) == ("SUSPENDUE", "Pièce manquante")


def test_an_impossible_status_is_refused_with_the_current_one(recipient: Caller, keep: Keep) -> None:
    keep(ID, status=Status.MISE_EN_PAIEMENT)

    answer = recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "MANDATEE"})

    assert answer["codeRetour"] == 20002
    assert answer["libelle"].startswith("GDP_MSG_11.001 : ")
    assert "MISE_EN_PAIEMENT" in answer["libelle"]


@pytest.mark.parametrize("status", ["BROUILLON", "A_VALIDER_1", "DEPOSEE", "PAYEE", "", None, 3])
def test_a_status_that_a_recipient_cannot_give_is_refused(recipient: Caller, keep: Keep, status: Any) -> None:
    keep(ID)

    answer = recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": status})

    assert answer["codeRetour"] == 20010


def test_the_supplier_cannot_treat_its_own_invoice(supplier: Caller, keep: Keep) -> None:
    keep(ID)

    answer = supplier.post(TREAT, {"idFacture": ID, "nouveauStatut": "MISE_EN_PAIEMENT"})

    assert answer["libelle"].startswith("GDP_MSG_11.008 : ")
    assert supplier.post(HISTORY, {"idFacture": ID})["statutCourantCode"] == "MISE_A_DISPOSITION"
