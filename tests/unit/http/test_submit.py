"""soumettre: an invoice keyed in, or a PDF with its main data."""

import base64
import copy
import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind, TaxRegime
from chorale.domain.invoices.submission import (
    KeyedLine,
    KeyedRate,
    KeyedTotals,
    Named,
    Submission,
    SubmissionMode,
    invoice_of,
    tax_lines,
)
from chorale.domain.invoices.submission_rules import RULES, submission_findings
from chorale.domain.texts import unseen_character
from chorale.formats.judging.validate import validate
from chorale.formats.writing.facturx_pdf import facturx_of
from chorale.stores import objects
from chorale.stores.invoices import recorded as invoices
from chorale_local import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, OTHER_RECIPIENT, OTHER_SUPPLIER, RECIPIENT, SERVICE, SUPPLIER
from tests.samples import hostile
from tests.unit.http.calling import (
    HISTORY,
    KEYED,
    READ_ISSUED,
    READ_RECEIVED,
    RECEIVED,
    STORE_FILE,
    SUBMIT,
    TREAT,
    VALIDATOR_WORK,
    Caller,
)

SIGNED = hostile.facturx_with(b"/AcroForm << /SigFlags 3 /Fields [] >>")
CREDIT_NOTE = {"references.typeFacture": "AVOIR", "references.numeroFactureOrigine": "F-0"}
REDUCED = {"montantTotal.montantRemiseGlobaleTTC": 100, "montantTotal.motifRemiseGlobaleTTC": "Fidélité",
           "montantTotal.montantTtcTotal": 1100, "montantTotal.montantAPayer": 1000}  # fmt: skip


def keyed(**changes: Any) -> dict[str, Any]:
    """The ordinary submission with some of its fields (dots lead inside) changed; None takes one away."""
    body = copy.deepcopy(KEYED)
    for path, value in changes.items():
        *steps, last = path.split(".")
        place: Any = body
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return body


def stored(by: Caller, content: bytes, name: str = "facture.pdf") -> int:
    """Store a file and give its number."""
    file = {
        "pieceJointeFichier": base64.b64encode(content).decode(),
        "pieceJointeNom": name,
        "pieceJointeExtension": name.rpartition(".")[2],
        "pieceJointeTypeMime": "application/octet-stream",
    }
    number: int = by.post(STORE_FILE, file)["pieceJointeId"]
    return number


def with_pdf(by: Caller, mode: str = "DEPOT_PDF_API", content: bytes = b"", **changes: Any) -> dict[str, Any]:
    """A submission of a PDF as real clients send it: the main document in a list of one."""
    pdf = content or examples.facturx_pdf(examples.fresh(examples.FACTURX, "FX-42", examples.today()))
    own = {
        "modeDepot": mode,
        "numeroFactureSaisi": "F-2026/001",
        "dateFacture": "2026-11-23",
        "lignePoste": [],
        "ligneTva": [],
        "pieceJointePrincipale": [
            {"pieceJointePrincipaleDesignation": "Facture", "pieceJointePrincipaleId": stored(by, pdf)}
        ],
    }
    return keyed(**(own | changes))


def codes(answer: dict[str, Any]) -> list[str]:
    """Codes of the refusal."""
    assert answer["codeRetour"] == 20003, answer
    return [error["codeErreur"] for error in answer["listeErreurs"]]


# What is taken


def test_a_keyed_invoice_gets_a_number_and_goes_to_its_recipient(supplier: Caller, recipient: Caller) -> None:
    answer = supplier.post(SUBMIT, keyed())

    assert answer["codeRetour"] == 0
    assert answer["libelle"] == "GCU_MSG_01_000"
    assert len(answer["numeroFacture"]) == 20
    assert answer["numeroFacture"].startswith("2026")
    assert (answer["statutFacture"], answer["dateDepot"]) == ("DEPOSEE", "2026-11-23")
    assert answer["identifiantStructure"] == SUPPLIER.identifier
    [row] = recipient.post(RECEIVED, {})["listeFactures"]
    assert (row["idFacture"], row["numeroFacture"]) == (answer["identifiantFactureCPP"], answer["numeroFacture"])
    assert row["statut"] == "MISE_A_DISPOSITION"
    treated = recipient.post(TREAT, {"idFacture": row["idFacture"], "nouveauStatut": "SERVICE_FAIT"})
    assert treated["codeRetour"] == 0


def test_what_was_keyed_is_what_is_read(supplier: Caller, recipient: Caller) -> None:
    number = supplier.post(SUBMIT, keyed(**REDUCED))["identifiantFactureCPP"]

    issued = supplier.post(READ_ISSUED, {"identifiantFactureCPP": number})["facture"]
    received = recipient.post(READ_RECEIVED, {"identifiantFactureCPP": number})["facture"]

    assert issued["modeDepot"] == received["modeDepot"] == "SAISIE_API"
    assert issued["references"]["modePaiement"] == "VIREMENT"
    assert issued["references"]["typeTva"] == "TVA_SUR_DEBIT"
    assert issued["references"]["numeroBonCommande"] == "EJ42"
    assert issued["commentaire"] == "Bon de livraison BL-7."
    assert issued["montantTotal"] == {
        "montantHtTotal": 1000,
        "montantTVA": 200,
        "montantTtcAvantRemiseGlobalTTC": 1200,
        "montantRemiseGlobaleTTC": 100,
        "motifRemiseGlobaleTTC": "Fidélité",
        "montantTtcTotal": 1100,
        "montantAPayer": 1000,
    }
    [line] = issued["lignesDePoste"]["lignePoste"]
    assert (line["lignePosteDenomination"], line["lignePosteUniteLibelle"]) == ("Étude de sol", "jour")


def test_its_document_is_a_facturx_that_passes_our_own_validation(supplier: Caller) -> None:
    number = supplier.post(SUBMIT, keyed())["identifiantFactureCPP"]

    filed = invoices.get_whole(number)
    assert filed is not None
    content = objects.get_document(filed.original_key)
    verdict = validate(content, filed.file_name, None, NOW.date())

    assert verdict.verdict == "conformant"
    assert verdict.rule_sets == ("EN16931-CII",)
    assert verdict.invoice is not None
    assert verdict.invoice.number == filed.summary.number
    assert verdict.invoice.totals.payable == filed.summary.payable == 1200
    assert filed.summary.size == len(content)


TAKEN: dict[str, dict[str, Any]] = {
    "a credit note": CREDIT_NOTE,
    "a credit note without origin": {"references.typeFacture": "AVOIR"},
    "an invoice already paid": {
        "cadreDeFacturation.codeCadreFacturation": "A2",
        "montantTotal.montantAPayer": 0,
        "references.modePaiement": "AUTRE",
    },
    "an invoice already paid, nothing said of what is left": {
        "cadreDeFacturation.codeCadreFacturation": "A2_FACTURE_FOURNISSEUR_DEJA_PAYEE",
        "montantTotal.montantAPayer": None,
    },
    "a sub-contractor's": {
        "cadreDeFacturation.codeCadreFacturation": "A9_FACTURE_SOUSTRAITANT",
        "cadreDeFacturation.codeStructureValideur": OTHER_SUPPLIER.identifier,
    },
    "a co-contractor's": {
        "cadreDeFacturation.codeCadreFacturation": "A12_FACTURE_COTRAITANT",
        "cadreDeFacturation.codeStructureValideur": OTHER_SUPPLIER.identifier,
    },
    "VAT on payment": {"references.typeTva": "TVA_SUR_ENCAISSEMENT"},
    "exempt": {
        "references.typeTva": "EXONERATION",
        "references.motifExonerationTva": "VATEX-FR-CGI261-4",
        "ligneTva": [],
        "lignePoste.0.lignePosteTauxTva": None,
        "lignePoste.0.lignePosteTauxTvaManuel": 0,
        "montantTotal.montantTVA": 0,
        "montantTotal.montantTtcTotal": 1000,
        "montantTotal.montantAPayer": 1000,
    },
    "without VAT": {
        "references.typeTva": "SANS_TVA",
        "ligneTva": [],
        "lignePoste.0.lignePosteTauxTva": None,
        "montantTotal.montantTVA": 0,
        "montantTotal.montantTtcTotal": 1000,
        "montantTotal.montantAPayer": 1000,
    },
    "a global discount": REDUCED,
    "a service of the recipient": {
        "destinataire.codeDestinataire": OTHER_RECIPIENT.identifier,
        "destinataire.codeServiceExecutant": SERVICE.code,
    },
    "the rate in percent": {
        "lignePoste.0.lignePosteTauxTva": None,
        "lignePoste.0.lignePosteTauxTvaManuel": "20",
        "ligneTva.0.ligneTvaTaux": None,
        "ligneTva.0.ligneTvaTauxManuel": "20,0",
    },
    "no VAT summary": {"ligneTva": []},
    "a number that does not count": {"numeroFactureSaisi": "né?"},
    "its own date": {"dateFacture": "2026-11-20"},
    "another currency": {"references.deviseFacture": "usd"},
    **{f"paid by {mode}": {"references.modePaiement": mode} for mode in ("CHEQUE", "PRELEVEMENT", "ESPECE", "REPORT")},
}  # fmt: skip


@pytest.mark.parametrize("changes", TAKEN.values(), ids=TAKEN)
def test_every_kind_of_keyed_invoice_is_taken(supplier: Caller, changes: dict[str, Any]) -> None:
    assert supplier.post(SUBMIT, keyed(**changes))["codeRetour"] == 0


def test_a_sub_contractors_invoice_goes_to_its_validator_first(supplier: Caller, recipient: Caller) -> None:
    answer = supplier.post(SUBMIT, keyed(**TAKEN["a sub-contractor's"]))

    [row] = Caller(OTHER_SUPPLIER).post(VALIDATOR_WORK, {})["listeFactures"]
    assert row["numeroFacture"] == answer["numeroFacture"]
    assert recipient.post(RECEIVED, {})["codeRetour"] == 20000


def test_two_submissions_are_two_invoices(supplier: Caller) -> None:
    numbers = {supplier.post(SUBMIT, keyed())["numeroFacture"] for _ in range(3)}
    assert len(numbers) == 3


def test_a_pdf_is_taken_with_its_main_data(supplier: Caller, recipient: Caller) -> None:
    answer = supplier.post(SUBMIT, with_pdf(supplier))

    assert (answer["codeRetour"], answer["numeroFacture"]) == (0, "F-2026/001")
    received = recipient.post(READ_RECEIVED, {"identifiantFactureCPP": answer["identifiantFactureCPP"]})["facture"]
    assert received["modeDepot"] == "DEPOT_PDF_API"
    assert received["montantTotal"]["montantTtcTotal"] == 1200
    history = supplier.post(HISTORY, {"idFacture": answer["identifiantFactureCPP"]})
    given = [row["histoStatutCode"] for row in history["historiquesDesStatuts"]["histoStatut"]]
    assert set(given) == {"DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"}


def test_a_signed_pdf_is_taken_as_one(supplier: Caller) -> None:
    answer = supplier.post(SUBMIT, with_pdf(supplier, "DEPOT_PDF_SIGNE_API", SIGNED))
    assert answer["codeRetour"] == 0


def test_files_stored_before_come_with_it(supplier: Caller, recipient: Caller) -> None:
    plan = stored(supplier, b"plan", "plan.png")
    beside = [{"pieceJointeComplementaireId": plan, "pieceJointeComplementaireDesignation": "Plan"}]

    number = supplier.post(SUBMIT, keyed(pieceJointeComplementaire=beside))["identifiantFactureCPP"]

    filed = invoices.get_whole(number)
    assert filed is not None
    assert [(file.id, file.designation) for file in filed.attachments] == [(plan, "Plan")]
    assert objects.get_attachment(plan) == b"plan"


def test_the_digest_is_that_of_a_certificate_that_anybody_can_write_again(supplier: Caller) -> None:
    answer = supplier.post(SUBMIT, keyed())

    filed = invoices.get_whole(answer["identifiantFactureCPP"])
    assert filed is not None
    document = hashlib.sha256(objects.get_document(filed.original_key)).hexdigest()
    certificate = (
        f"identifiantFactureCPP={answer['identifiantFactureCPP']}\n"
        f"numeroFacture={answer['numeroFacture']}\n"
        f"fournisseur={SUPPLIER.identifier}\n"
        f"destinataire={RECIPIENT.identifier}\n"
        "dateFacture=2026-11-23\nmontantTtcTotal=1200.00\ncodeDeviseFacture=EUR\n"
        f"sha256={document}\n"
    )
    expected = base64.b64encode(hashlib.sha256(certificate.encode()).digest()).decode()
    assert answer["empreinteCertificatDepot"] == expected


# What is refused


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a recipient that is unknown": ({"destinataire.codeDestinataire": "00000000000000"}, "CHO-DEST-INCONNU"),
    "a recipient that is a company": (
        {"destinataire.codeDestinataire": OTHER_SUPPLIER.identifier}, "CHO-DEST-INCONNU",
    ),
    "the service that the recipient wants": (
        {"destinataire.codeDestinataire": OTHER_RECIPIENT.identifier}, "CHO-SERVICE-ABSENT",
    ),
    "a service of nobody": ({"destinataire.codeServiceExecutant": "X"}, "CHO-SERVICE-INCONNU"),
    "a service that is not the supplier's": (
        {"fournisseur.idServiceFournisseur": SERVICE.id}, "CHO-SAISIE-SERVICE",
    ),
    "a bank account that nobody registered": (
        {"fournisseur.codeCoordonneesBancairesFournisseur": 7}, "CHO-SAISIE-COMPTE",
    ),
    "a works frame": ({"cadreDeFacturation.codeCadreFacturation": "A4"}, "CHO-SAISIE-CADRE"),
    "no validator": ({"cadreDeFacturation.codeCadreFacturation": "A9"}, "CHO-VALIDEUR-ABSENT"),
    "an unknown validator": (
        {"cadreDeFacturation.codeCadreFacturation": "A9", "cadreDeFacturation.codeStructureValideur": "1"},
        "CHO-VALIDEUR-INCONNU",
    ),
    "the supplier as validator": (
        {"cadreDeFacturation.codeCadreFacturation": "A9",
         "cadreDeFacturation.codeStructureValideur": SUPPLIER.identifier},
        "CHO-VALIDEUR-FOURNISSEUR",
    ),
    "a date to come": ({"dateFacture": "2026-11-24"}, "CHO-DATE-FUTURE"),
    "a currency that does not exist": ({"references.deviseFacture": "ECU"}, "CHO-DEVISE"),
    "a payment mode that does not exist": ({"references.modePaiement": "TROC"}, "CHO-PAIEMENT-MODE"),
    "an exemption without reason": (
        {"references.typeTva": "EXONERATION", "montantTotal.montantTVA": 0, "montantTotal.montantTtcTotal": 1000},
        "CHO-SAISIE-EXONERATION",
    ),
    "no line": ({"lignePoste": []}, "CHO-SAISIE-LIGNES"),
    "too many lines": ({"lignePoste": [KEYED["lignePoste"][0]] * 1001}, "CHO-SAISIE-LIGNES"),
    "a line without price": ({"lignePoste.0.lignePosteMontantUnitaireHT": None}, "CHO-SAISIE-LIGNE"),
    "a price below zero": ({"lignePoste.0.lignePosteMontantUnitaireHT": -500}, "CHO-SAISIE-LIGNE"),
    "a line without rate": ({"lignePoste.0.lignePosteTauxTva": None}, "CHO-SAISIE-TAUX"),
    "an unknown rate": ({"lignePoste.0.lignePosteTauxTva": "TVA99"}, "CHO-SAISIE-TAUX"),
    "two rates": ({"lignePoste.0.lignePosteTauxTvaManuel": 20}, "CHO-SAISIE-TAUX"),
    "a rate beyond all": ({"ligneTva.0.ligneTvaTaux": None, "ligneTva.0.ligneTvaTauxManuel": 120}, "CHO-SAISIE-TAUX"),
    "no total": ({"montantTotal.montantHtTotal": None}, "CHO-TOTAL-ABSENT"),
    "a total with many digits": ({"montantTotal.montantHtTotal": "1000.001"}, "CHO-MONTANT-FORME"),
    "a total without end": ({"montantTotal.montantHtTotal": 10**15}, "CHO-MONTANT-FORME"),
    "a total below zero": (
        {"montantTotal.montantHtTotal": -1000, "montantTotal.montantTVA": -200, "montantTotal.montantTtcTotal": -1200},
        "CHO-SAISIE-SIGNE",
    ),
    "a sum that is wrong": ({"montantTotal.montantTtcTotal": 1200.01}, "CHO-TOTAL-TTC"),
    "a net total that the lines do not make": ({"lignePoste.0.lignePosteQuantite": 3}, "CHO-SAISIE-TOTAL-HT"),
    "a VAT total that the lines do not make": (
        {"ligneTva.0.ligneTvaMontantTvaParTaux": 199}, "CHO-TOTAL-TVA",
    ),
    "VAT that is not base x rate": (
        {"ligneTva.0.ligneTvaMontantTvaParTaux": 300, "montantTotal.montantTVA": 300,
         "montantTotal.montantTtcTotal": 1300}, "CHO-TOTAL-TVA",
    ),
    "more to pay than the total": ({"montantTotal.montantAPayer": 1300}, "CHO-TOTAL-A-PAYER"),
    "paid already and to be paid": (
        {"cadreDeFacturation.codeCadreFacturation": "A2", "montantTotal.montantAPayer": 5}, "CHO-SAISIE-DEJA-PAYEE",
    ),
    "VAT where there is none": ({"references.typeTva": "SANS_TVA"}, "CHO-SAISIE-REGIME"),
    "a comment without end": ({"commentaire": "a" * 2001}, "CHO-SAISIE-LONGUEUR"),
    "a PDF beside what is keyed": ({"pieceJointePrincipale": {"pieceJointePrincipaleId": 5}}, "CHO-SAISIE-PDF"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_named_with_its_field(supplier: Caller, changes: dict[str, Any], code: str) -> None:
    answer = supplier.post(SUBMIT, keyed(**changes))

    assert code in codes(answer)
    assert code in answer["libelle"]
    assert all(error["champ"] and error["libelleErreur"] for error in answer["listeErreurs"])


@pytest.mark.parametrize(
    "field", ["commentaire", "lignePoste.0.lignePosteDenomination", "references.numeroBonCommande"]
)
@pytest.mark.parametrize("text", ["a\u0000b", '"\u0000-\u0000"', "a\u000bb", "\u202egpj"])
def test_a_text_with_a_character_that_nobody_sees_is_refused_and_the_field_is_named(
    supplier: Caller, field: str, text: str
) -> None:
    answer = supplier.post(SUBMIT, keyed(**{field: text}))

    assert answer["codeRetour"] == 20010
    assert field.rsplit(".", maxsplit=1)[-1] in answer["libelle"]


OF_A_PDF: dict[str, tuple[dict[str, Any], str]] = {
    "no number": ({"numeroFactureSaisi": None}, "CHO-NUMERO-ABSENT"),
    "a long number": ({"numeroFactureSaisi": "F" * 21}, "CHO-NUMERO-LONG"),
    "a number with spaces": ({"numeroFactureSaisi": "F 1"}, "CHO-NUMERO-FORME"),
    "no date": ({"dateFacture": None}, "CHO-DATE-ABSENTE"),
    "no PDF": ({"pieceJointePrincipale": None}, "CHO-SAISIE-PDF"),
}


@pytest.mark.parametrize(("changes", "code"), OF_A_PDF.values(), ids=OF_A_PDF)
def test_a_pdf_needs_its_number_its_date_and_its_file(supplier: Caller, changes: dict[str, Any], code: str) -> None:
    assert codes(supplier.post(SUBMIT, with_pdf(supplier, **changes))) == [code]


def test_every_rule_of_the_table_has_a_case_above() -> None:
    cases = [*REFUSED.values(), *OF_A_PDF.values()]
    assert {rule.code for rule in RULES} <= {code for _, code in cases}


def test_everything_that_is_wrong_is_said_at_once(supplier: Caller) -> None:
    wrong = {"references.deviseFacture": "ECU", "references.modePaiement": "TROC", "commentaire": "a" * 2001}
    assert set(codes(supplier.post(SUBMIT, keyed(**wrong)))) == {
        "CHO-DEVISE", "CHO-PAIEMENT-MODE", "CHO-SAISIE-LONGUEUR",
    }  # fmt: skip


NOT_A_PDF = {
    "a text": (b"bonjour", "CHO-SAISIE-PDF"),
    "a broken PDF": (b"%PDF-1.7 broken", "CHO-PDF-ILLISIBLE"),
}


@pytest.mark.parametrize(("content", "code"), NOT_A_PDF.values(), ids=NOT_A_PDF)
def test_the_main_document_is_a_pdf_that_opens(supplier: Caller, content: bytes, code: str) -> None:
    number = stored(supplier, content, "facture.pdf" if content.startswith(b"%PDF") else "facture.txt")
    main = [{"pieceJointePrincipaleDesignation": "Facture", "pieceJointePrincipaleId": number}]
    assert codes(supplier.post(SUBMIT, with_pdf(supplier, pieceJointePrincipale=main))) == [code]


def test_a_pdf_said_to_be_signed_is(supplier: Caller) -> None:
    assert codes(supplier.post(SUBMIT, with_pdf(supplier, "DEPOT_PDF_SIGNE_API"))) == ["CHO-SAISIE-NON-SIGNE"]


def test_a_file_of_another_or_of_nobody_is_unknown(supplier: Caller) -> None:
    others = stored(Caller(OTHER_SUPPLIER), b"%PDF-1.7")
    for number in (others, 1):
        body = with_pdf(supplier, pieceJointePrincipale={"pieceJointePrincipaleId": number})
        answer = supplier.post(SUBMIT, body)
        assert answer["libelle"].startswith("CHO-PJ-INCONNUE")


def test_a_number_is_used_once_and_the_refusal_names_the_first(supplier: Caller) -> None:
    first = supplier.post(SUBMIT, with_pdf(supplier))["identifiantFactureCPP"]

    again = supplier.post(SUBMIT, with_pdf(supplier))

    assert codes(again) == ["CHO-NUMERO-DOUBLON"]
    assert str(first) in again["libelle"]
    assert "flux" not in again["libelle"]


def test_a_rejected_number_is_used_again(supplier: Caller, recipient: Caller) -> None:
    first = supplier.post(SUBMIT, with_pdf(supplier))["identifiantFactureCPP"]
    recipient.post(TREAT, {"idFacture": first, "nouveauStatut": "REJETEE", "motif": "Doublon"})

    assert supplier.post(SUBMIT, with_pdf(supplier))["codeRetour"] == 0


@pytest.mark.parametrize("supplier_id", [OTHER_SUPPLIER.id, RECIPIENT.id, 0, -1])
def test_nobody_submits_for_another(supplier: Caller, supplier_id: int) -> None:
    answer = supplier.post(SUBMIT, keyed(**{"fournisseur.idFournisseur": supplier_id}))
    assert (answer["codeRetour"], answer["libelle"][:14]) == (20001, "GDP_MSG_11.005")


@pytest.mark.parametrize("code", ["modeDepot", "references.typeFacture", "references.typeTva"])
def test_a_code_that_does_not_exist_names_those_that_do(supplier: Caller, code: str) -> None:
    answer = supplier.post(SUBMIT, keyed(**{code: "AUTREMENT"}))
    assert answer["codeRetour"] == 20010
    assert "AUTREMENT n'existe pas" in answer["libelle"]


AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)
LETTERS = st.characters(codec="utf-8").filter(lambda letter: not unseen_character(letter))
"""What the door lets pass."""
BLANK = (Decimal(1), Decimal(5), Decimal(0), "TVA_20", " ", "")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=-1000, max_value=1000, places=3),
            st.decimals(min_value=0, max_value=10**4, places=4),
            AMOUNTS,
            st.sampled_from(["TVA_20", "TVA_10", "TVA_5_5", "TVA_2_1", "TVA1"]),
            st.text(LETTERS, max_size=300),
            st.text(LETTERS, max_size=20),
        ),
        min_size=1,
        max_size=5,
    ),
    st.text(LETTERS, max_size=2100),
)
@example([BLANK], "")
def test_whatever_is_keyed_is_a_valid_facturx_or_a_refusal(rows: list[Any], comment: str) -> None:
    """The document that the platform makes never fails the rules for a reason that it did not say before."""
    lines = tuple(
        KeyedLine(name or "x", "", quantity, unit, price, allowance, KeyedRate(rate))
        for quantity, price, allowance, rate, name, unit in rows
    )
    draft = Submission(
        SubmissionMode.KEYED, SUPPLIER.id, RECIPIENT.identifier, Frame.A1, DocumentKind.INVOICE,
        TaxRegime.ON_INVOICE, "EUR", "CHEQUE", KeyedTotals(), lines=lines, comment=comment,
    )  # fmt: skip
    net, vat = (
        sum((line.net for line in lines), Decimal(0)),
        sum((row.amount for row in tax_lines(draft)), Decimal(0)),
    )
    submission = replace(draft, totals=KeyedTotals(net, vat, net + vat))
    if said := submission_findings(submission, NOW.date()):
        assert all(finding.message for finding in said)
        return
    invoice = invoice_of(submission, "20260000000000000001", NOW.date(), Named(SUPPLIER, RECIPIENT))
    verdict = validate(facturx_of(invoice), "x.pdf", None, NOW.date())
    assert verdict.verdict == "conformant", verdict.findings
