"""What came back: completing, recycling, handled rejections, validators; and the lists from which people choose."""

import base64
import io
from typing import Any

import pypdf
import pytest
from chorale.domain.frames import Frame
from chorale.domain.statuses import Status
from chorale.stores import objects

from tests.cast import OTHER_RECIPIENT, OTHER_SUPPLIER, SERVICE, reference, summary
from tests.unit.http.calling import (
    COMPLETE,
    DECIDE,
    DOWNLOAD,
    HANDLE_REJECTION,
    HISTORY,
    ISSUED,
    NAME_VALIDATOR,
    NEXT_STATUSES,
    READ_ISSUED,
    READ_RECEIVED,
    RECYCLE,
    REFUSAL_MOTIVES,
    STATUSES_BY_TYPE,
    STORE_FILE,
    TREAT,
    VISIBLE_STATUSES,
    Caller,
    Keep,
)

ID = 1_000_000
A9 = {"frame": Frame.A9, "status": Status.A_VALIDER_1, "validator": reference(OTHER_SUPPLIER)}


def _statuses(caller: Caller) -> list[str]:
    history = caller.post(HISTORY, {"idFacture": ID})["historiquesDesStatuts"]["histoStatut"]
    return [line["histoStatutCode"] for line in history]


@pytest.fixture
def validator(world: Any) -> Caller:
    """The contractor."""
    return Caller(OTHER_SUPPLIER)


# Completing


def test_a_suspended_invoice_that_is_completed_is_back_with_the_recipient(
    supplier: Caller, recipient: Caller, keep: Keep
) -> None:
    keep()
    recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "SUSPENDUE", "motif": "Quel bon de livraison ?"})

    answer = supplier.post(COMPLETE, {"identifiantFactureCPP": ID, "commentaire": "BL-7"})

    assert answer == {
        "codeRetour": 0, "libelle": "TRA_MSG_00.000", "identifiantFactureCPP": ID, "numeroFacture": "F-1",
        "dateTraitement": "2026-11-23", "pageCourante": 1, "pages": 1, "nbResultatsParPage": 1, "total": 1,
    }  # fmt: skip
    read = recipient.post(READ_RECEIVED, {"identifiantFactureCPP": ID})["facture"]
    assert (read["statutFacture"], read["commentaire"]) == ("COMPLETEE", "BL-7")
    assert _statuses(supplier)[:2] == ["COMPLETEE", "SUSPENDUE"]


def test_completing_what_is_not_suspended_has_a_code_of_its_own(supplier: Caller, keep: Keep) -> None:
    keep()

    answer = supplier.post(COMPLETE, {"identifiantFactureCPP": ID, "commentaire": "BL-7"})

    assert (answer["codeRetour"], answer["libelle"].split(" ")[0]) == (20002, "GDP_MSG_11.033")
    assert "MISE_A_DISPOSITION" in answer["libelle"]


@pytest.mark.parametrize(("comment", "word"), [("", "commentaire"), ("  ", "commentaire"), ("é" * 2001, "2000")])
def test_completing_needs_something_to_add(supplier: Caller, keep: Keep, comment: str, word: str) -> None:
    keep(status=Status.SUSPENDUE)

    answer = supplier.post(COMPLETE, {"identifiantFactureCPP": ID, "commentaire": comment})

    assert (answer["codeRetour"], word in answer["libelle"]) == (20010, True)


def _stored(caller: Caller, name: str = "BL-7.pdf") -> dict[str, Any]:
    content = base64.b64encode(b"%PDF-1.7").decode()
    file = {"pieceJointeFichier": content, "pieceJointeNom": name, "pieceJointeTypeMime": "application/pdf"}
    return {"pieceJointeComplementaireId": caller.post(STORE_FILE, file)["pieceJointeId"]}


def test_stored_files_complete_an_invoice_and_both_sides_see_them(
    supplier: Caller, recipient: Caller, keep: Keep
) -> None:
    keep(status=Status.SUSPENDUE)
    named = _stored(supplier) | {
        "pieceJointeComplementaireDesignation": "Bon de livraison", "pieceJointeComplementaireNumeroLigneFacture": 1,
    }  # fmt: skip
    asked = {"identifiantFactureCPP": ID, "pieceJointeComplementaire": [named, _stored(supplier, "photo.pdf")]}

    assert supplier.post(COMPLETE, asked)["codeRetour"] == 0

    for caller, path in ((supplier, READ_ISSUED), (recipient, READ_RECEIVED)):
        read = caller.post(path, {"identifiantFactureCPP": ID})["facture"]
        assert read["statutFacture"] == "COMPLETEE"
        assert read["listeDesPiecesJointes"]["pieceJointe"] == [
            {
                "pieceJointeId": named["pieceJointeComplementaireId"], "pieceJointeDesignation": "Bon de livraison",
                "pieceJointeExtension": "pdf", "pieceJointeTypeCode": "02",
                "pieceJointeTypeLibelle": "Pièce jointe complémentaire", "pieceJointeNumeroLigneFacture": 1,
            },
            {
                "pieceJointeId": named["pieceJointeComplementaireId"] + 1, "pieceJointeDesignation": "photo.pdf",
                "pieceJointeExtension": "pdf", "pieceJointeTypeCode": "02",
                "pieceJointeTypeLibelle": "Pièce jointe complémentaire",
            },
        ]  # fmt: skip


def test_a_file_that_is_not_there_leaves_the_invoice_suspended(supplier: Caller, keep: Keep) -> None:
    keep(status=Status.SUSPENDUE)
    pieces = [_stored(supplier), {"pieceJointeComplementaireId": 5}]

    answer = supplier.post(COMPLETE, {"identifiantFactureCPP": ID, "pieceJointeComplementaire": pieces})

    assert (answer["codeRetour"], answer["libelle"].split(" ")[0]) == (20000, "CHO-PJ-INCONNUE")
    read = supplier.post(READ_ISSUED, {"identifiantFactureCPP": ID})["facture"]
    assert (read["statutFacture"], read["listeDesPiecesJointes"]["pieceJointe"]) == ("SUSPENDUE", [])


def test_nothing_is_attached_to_an_invoice_that_is_not_suspended(supplier: Caller, keep: Keep) -> None:
    keep()
    asked = {"identifiantFactureCPP": ID, "pieceJointeComplementaire": [_stored(supplier)]}

    assert supplier.post(COMPLETE, asked)["libelle"].startswith("GDP_MSG_11.033")


# Recycling


def test_a_returned_invoice_goes_to_the_right_service(supplier: Caller, recipient: Caller, keep: Keep) -> None:
    keep()
    recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "A_RECYCLER"})

    answer = supplier.post(
        RECYCLE,
        {
            "identifiantFactureCPP": ID,
            "destinataire": {"codeDestinataire": OTHER_RECIPIENT.identifier, "codeServiceExecutant": SERVICE.code},
            "reference": {"numeroBonCommande": "EJ-9"},
            "commentaire": "Service corrigé",
        },
    )

    assert (answer["codeRetour"], answer["statutFacture"], answer["dateDepot"]) == (0, "DEPOSEE", "2026-11-23")
    read = Caller(OTHER_RECIPIENT).post(READ_RECEIVED, {"identifiantFactureCPP": ID})["facture"]
    assert read["statutFacture"] == "MISE_A_DISPOSITION"
    assert read["destinataire"]["codeServiceExecutant"] == SERVICE.code
    assert read["references"]["numeroBonCommande"] == "EJ-9"
    assert "adresseDestinataireVille" not in read["destinataire"]
    assert recipient.post(READ_RECEIVED, {"identifiantFactureCPP": ID})["codeRetour"] == 20000


def test_its_pages_say_to_whom_it_was_sent_on(supplier: Caller, recipient: Caller, keep: Keep) -> None:
    keep()
    kept = summary(ID, "F-1")
    objects.put_original(kept.flux_number, kept.rank, b"<Invoice/>")
    told = f"Adressée depuis par le fournisseur à : {OTHER_RECIPIENT.name} ({OTHER_RECIPIENT.identifier}), service"

    assert told not in _page_of(recipient)
    recipient.post(TREAT, {"idFacture": ID, "nouveauStatut": "A_RECYCLER"})
    to = {"codeDestinataire": OTHER_RECIPIENT.identifier, "codeServiceExecutant": SERVICE.code}
    assert supplier.post(RECYCLE, {"identifiantFactureCPP": ID, "destinataire": to})["codeRetour"] == 0

    assert f"{told} {SERVICE.code}" in _page_of(Caller(OTHER_RECIPIENT))


def _page_of(reader: Caller) -> str:
    answer = reader.post(DOWNLOAD, {"listeFacture": [{"idFacture": ID}], "format": "PDF"})
    pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(answer["fichierResultat"]))).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_what_the_new_recipient_requires_is_said(supplier: Caller, keep: Keep) -> None:
    keep(status=Status.A_RECYCLER)

    answer = supplier.post(
        RECYCLE, {"identifiantFactureCPP": ID, "destinataire": {"codeDestinataire": OTHER_RECIPIENT.identifier}}
    )

    assert (answer["codeRetour"], "exige un code service" in answer["libelle"]) == (20010, True)


def test_an_invoice_that_was_not_returned_stays(supplier: Caller, keep: Keep) -> None:
    keep()

    answer = supplier.post(RECYCLE, {"identifiantFactureCPP": ID})

    assert (answer["codeRetour"], answer["libelle"].split(" ")[0]) == (20002, "GDP_MSG_11.001")


# Rejections


def test_a_handled_rejection_is_found_and_seen_as_such(supplier: Caller, keep: Keep) -> None:
    keep(status=Status.REJETEE)

    asked = {"listeDemandePaiement": [{"idDemandePaiement": ID}, {"idDemandePaiement": ID}]}
    assert supplier.post(HANDLE_REJECTION, asked) == {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}

    [row] = supplier.post(ISSUED, {})["listeFactures"]
    assert row["rejetTraite"] is True
    assert supplier.post(READ_ISSUED, {"identifiantFactureCPP": ID})["facture"]["rejetTraite"] is True
    history = supplier.post(HISTORY, {"idFacture": ID})
    [action] = history["historiquesDesActionsUtilisateurs"]["histoAction"]
    assert action["histoActionCode"] == "TRAITEMENT_REJET"
    assert action["histoActionDateHeure"] == "2026-11-23 10:30"
    assert history["derniereAction"]["derniereActionCode"] == "TRAITEMENT_REJET"


@pytest.mark.parametrize("body", [{}, {"listeDemandePaiement": []}, []])
def test_handling_no_rejection_is_a_wrong_request(supplier: Caller, body: Any) -> None:
    answer = supplier.post(HANDLE_REJECTION, body)

    assert (answer["codeRetour"], "listeDemandePaiement" in answer["libelle"]) == (20010, True)


def test_rejections_are_handled_500_at_a_time(supplier: Caller) -> None:
    answer = supplier.post(HANDLE_REJECTION, {"listeDemandePaiement": [{"idDemandePaiement": n} for n in range(501)]})

    assert (answer["codeRetour"], "500 factures au plus" in answer["libelle"]) == (20010, True)


# Validators


def test_the_contractor_agrees_and_the_recipient_gets_the_invoice(
    validator: Caller, recipient: Caller, supplier: Caller, keep: Keep
) -> None:
    keep(**A9)
    assert recipient.post(READ_RECEIVED, {"identifiantFactureCPP": ID})["codeRetour"] == 20000

    answer = validator.post(
        DECIDE, {"idFacture": ID, "action": "VALIDATION", "typeValideur": "VALIDEUR_1", "idValideur": 5}
    )

    assert answer == {
        "codeRetour": 0, "libelle": "TRA_MSG_00.000", "idFacture": ID, "numeroFacture": "F-1",
        "dateTraitement": "2026-11-23", "statutFacture": "VALIDEE_1",
    }  # fmt: skip
    read = recipient.post(READ_RECEIVED, {"identifiantFactureCPP": ID})["facture"]
    assert read["statutFacture"] == "MISE_A_DISPOSITION"
    assert read["cadreDeFacturation"] == {
        "codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT",
        "idValideur1": OTHER_SUPPLIER.id,
        "typeIdentifiantValideur1": "SIRET",
        "codeValideur1": OTHER_SUPPLIER.identifier,
        "raisonSocialeValideur1": OTHER_SUPPLIER.name,
        "dateValidation1": "2026-11-23",
    }
    assert _statuses(validator)[:3] == ["MISE_A_DISPOSITION", "EN_COURS_ACHEMINEMENT", "VALIDEE_1"]


def test_a_refusal_shows_its_motive_to_the_sub_contractor(validator: Caller, supplier: Caller, keep: Keep) -> None:
    keep(**A9)

    answer = validator.post(
        DECIDE, {"idFacture": ID, "action": "REFUS", "motifRefus": "AUTRE", "complementInfo": "Non constaté"}
    )

    assert answer["statutFacture"] == "REFUSEE_1"
    [row] = supplier.post(ISSUED, {"statutCourant": ["REFUSEE_1"]})["listeFactures"]
    assert row["commentaireEtatCourant"] == "Autre motif : Non constaté"


def test_the_wrong_validator_is_corrected(validator: Caller, supplier: Caller, keep: Keep) -> None:
    keep(**A9)
    refused = validator.post(DECIDE, {"idFacture": ID, "action": "REFUS", "motifRefus": "MAUVAIS_VALIDEUR"})
    assert refused["statutFacture"] == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"

    asked = {"idFacture": ID, "identifiantStructure": OTHER_RECIPIENT.identifier, "typeIdentifiantStructure": "SIRET"}
    assert supplier.post(NAME_VALIDATOR, asked) == {"codeRetour": 0, "libelle": "TRA_MSG_00.000", "idFacture": ID}

    assert validator.post(DECIDE, {"idFacture": ID, "action": "VALIDATION"})["codeRetour"] == 20000
    agreed = Caller(OTHER_RECIPIENT).post(DECIDE, {"idFacture": ID, "action": "VALIDATION"})
    assert agreed["statutFacture"] == "VALIDEE_1"


@pytest.mark.parametrize("action", ["", "SUSPENSION", "MISE_EN_PAIEMENT", 5])
def test_a_validator_validates_or_refuses_and_nothing_else(validator: Caller, keep: Keep, action: Any) -> None:
    keep(**A9)

    answer = validator.post(DECIDE, {"idFacture": ID, "action": action})

    assert (answer["codeRetour"], "action" in answer["libelle"]) == (20010, True)


# The lists


def test_a_validator_treats_what_was_put_to_it(validator: Caller) -> None:
    answer = validator.post(VISIBLE_STATUSES, {"idUtilisateurCourant": 0})

    assert answer["listeStatutFacture"] == [{"codeStatutFacture": "A_VALIDER_1"}]


@pytest.mark.parametrize(
    ("frame", "codes"),
    [
        ("A9_FACTURE_SOUSTRAITANT", ["MAUVAIS_VALIDEUR", "AUTRE"]),
        ("A12", ["MAUVAIS_VALIDEUR", "AUTRE"]),
        ("", ["MAUVAIS_VALIDEUR", "AUTRE"]),
        ("A1_FACTURE_FOURNISSEUR", []),
    ],
)
def test_the_motives_of_a_refusal(validator: Caller, frame: str, codes: list[str]) -> None:
    answer = validator.post(REFUSAL_MOTIVES, {"codeCadreFacturationAValider": frame})

    motives = answer["listeMotifRefusFactureAValider"]
    assert [motive["codeMotif"] for motive in motives] == codes
    assert all(motive["idMotif"] and motive["libelleMotif"] for motive in motives)


@pytest.mark.parametrize(
    ("current", "possible"),
    [
        (
            "MISE_A_DISPOSITION",
            [
                "SUSPENDUE", "REJETEE", "A_RECYCLER", "SERVICE_FAIT", "MANDATEE",
                "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT",
            ],
        ),
        ("COMPTABILISEE", ["MISE_EN_PAIEMENT"]),
        ("mise_en_paiement", []),
        ("SUSPENDUE", []),
        ("BROUILLON", []),
    ],
)  # fmt: skip
def test_what_a_recipient_may_do_next(recipient: Caller, current: str, possible: list[str]) -> None:
    answer = recipient.post(NEXT_STATUSES, {"statutCourant": current})

    found = answer["listeStatutsPossiblesPourTraitement"]
    assert [row["statutPossiblePourTraitement"] for row in found] == possible


def test_a_status_that_does_not_exist_is_named(recipient: Caller) -> None:
    answer = recipient.post(NEXT_STATUSES, {"statutCourant": "PAYEE"})

    assert (answer["codeRetour"], "PAYEE" in answer["libelle"]) == (20010, True)


@pytest.mark.parametrize("written", ["FACTURE", "  ", "\t", ""])
def test_the_statuses_of_an_ordinary_invoice(recipient: Caller, written: str) -> None:
    answer = recipient.post(STATUSES_BY_TYPE, {"typeDemandePaiement": written})

    codes = [row["etatDemandePaiement"] for row in answer["listeEtatDemandePaiement"]]
    assert set(codes) >= {"DEPOSEE", "MISE_A_DISPOSITION", "A_VALIDER_1", "MISE_EN_PAIEMENT"}
    assert len(codes) == len(set(codes))


def test_a_type_of_payment_request_that_does_not_exist_is_named(recipient: Caller) -> None:
    answer = recipient.post(STATUSES_BY_TYPE, {"typeDemandePaiement": "CADEAU"})

    assert (answer["codeRetour"], "CADEAU" in answer["libelle"]) == (20010, True)
