"""What a recipient does by the command line: list, read, download, treat."""

import io
import re
import sys
import zipfile
from decimal import Decimal

import pytest
from chorale.domain.frames import Frame
from chorale.domain.invoices.invoice import DocumentKind, Line, TaxLine
from chorale.domain.invoices.transitions import Act
from chorale.domain.statuses import Status
from chorale.stores import objects
from chorale.stores.invoices import recorded as invoices
from chorale.usecases.invoices.advance import advance
from chorale_cli.statuses import status_of

from tests.cast import OTHER_SUPPLIER, RECIPIENT, actor, document, later, reference, ubl
from tests.unit.cli.conftest import Run

ACCOUNT = ("--account", RECIPIENT.identifier)
NOTHING = "Aucune facture reçue ne répond à ces critères."


def plain(text: str) -> list[str]:
    """Lines with ordinary spaces."""
    return text.replace("\u00a0", " ").splitlines()


@pytest.fixture
def deposited(run: Run, api, tmp_path):
    """The id of an invoice that came by a deposit."""
    (tmp_path / "facture.xml").write_bytes(ubl("F-1"))
    report = run("deposit", "--json", tmp_path / "facture.xml").json
    return report["rapport"]["ranks"][0]["invoice_id"]


@pytest.fixture
def received(api, keep):
    """Three received invoices, of two suppliers, at two statuses."""
    keep(1_000_000, "F-1", gross=Decimal("1080.00"))
    keep(1_000_001, "F-2", deposited_at=later(days=1), supplier=reference(OTHER_SUPPLIER))
    keep(1_000_002, "A-3", deposited_at=later(days=2), kind=DocumentKind.CREDIT_NOTE)


def test_the_inbox_shows_the_last_one_first_with_amounts_as_the_french_write_them(run: Run, received):
    result = run("inbox", *ACCOUNT)
    assert result.exit_code == 0
    assert plain(result.output) == [
        f"Reçues par TECH_1_{RECIPIENT.identifier}@cpro.fr",
        "id       facture      fournisseur       déposée            TTC  statut",
        "1000002  A-3 (avoir)  Demo Fournisseur  25/11/2026    120,00 €  Mise à disposition du destinataire",
        "1000001  F-2          Demo Titulaire    24/11/2026    120,00 €  Mise à disposition du destinataire",
        "1000000  F-1          Demo Fournisseur  23/11/2026  1 080,00 €  Mise à disposition du destinataire",
        "",
        "3 factures",
    ]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["--since", "24/11/2026"], ["A-3", "F-2"]),
        (["--since", "2026-11-24", "--until", "24/11/2026"], ["F-2"]),
        (["--supplier", OTHER_SUPPLIER.identifier], ["F-2"]),
        (["--supplier", "fournisseur"], ["A-3", "F-1"]),
        (["--number", "F-"], ["F-2", "F-1"]),
        (["--status", "mise_a_disposition", "--status", "MANDATEE"], ["A-3", "F-2", "F-1"]),
        (["--status", "MANDATEE"], []),
        (["--status", "Mise à disposition du destinataire"], ["A-3", "F-2", "F-1"]),
        (["--status", "mise-a-disposition"], ["A-3", "F-2", "F-1"]),
        (["--works"], []),
        (["--per-page", "2", "--page", "2"], ["F-1"]),
    ],
)
def test_the_inbox_has_filters_and_pages(run: Run, received, words, numbers):
    result = run("inbox", *ACCOUNT, *words, "--json")
    assert result.exit_code == 0
    assert [row["numeroFacture"] for row in result.json["factures"]] == numbers


def test_a_page_of_the_inbox_says_how_to_see_the_next(run: Run, received):
    first = run("inbox", *ACCOUNT, "--per-page", 2).output
    assert first.endswith("\n3 factures, page 1 sur 2 (la suite : --page 2)\n")
    assert run("inbox", *ACCOUNT, "--per-page", 2, "--page", 2).output.endswith("\n3 factures, page 2 sur 2\n")
    assert "Il n'y a pas de page 3 : 3 factures en 2 pages." in run(
        "inbox", *ACCOUNT, "--per-page", 2, "--page", 3
    ).output  # fmt: skip


def test_an_inbox_without_a_result_is_no_error(run: Run, api):
    result = run("inbox", *ACCOUNT)
    assert (result.exit_code, plain(result.output)[1:]) == (0, [NOTHING])
    assert run("inbox", *ACCOUNT, "--json").json == {"factures": [], "page": 1, "pages": 0, "total": 0}


def test_amounts_are_texts_for_machines(run: Run, received):
    found = run("inbox", *ACCOUNT, "--number", "F-1", "--json").json
    assert (found["page"], found["pages"], found["total"]) == (1, 1, 1)
    [row] = found["factures"]
    assert (row["idFacture"], row["montantTTC"], row["montantHT"]) == (1_000_000, "1080.00", "100.00")


def test_an_unknown_supplier_and_an_empty_period_are_said(run: Run, api):
    unknown = run("inbox", *ACCOUNT, "--supplier", "Personne")
    assert unknown.exit_code == 2
    assert "aucun fournisseur « Personne » dans l'annuaire" in unknown.errors
    period = run("inbox", "--since", "02/11/2026", "--until", "01/11/2026")
    assert (period.exit_code, period.errors) == (
        2, "chorale inbox : la période est vide : du 02/11/2026 au 01/11/2026\n",
    )  # fmt: skip


def test_an_invoice_is_shown_whole(run: Run, deposited):
    result = run("show", *ACCOUNT, deposited)
    assert result.exit_code == 0
    lines = plain(result.output)
    assert lines[0] == "Facture F-1  Mise à disposition du destinataire (MISE_A_DISPOSITION)"
    for said in (
        f" identifiant   {deposited}",
        " fournisseur   Demo Fournisseur (99000007700018)",
        " destinataire  Destinataire sans contrainte (12345678200051)",
        " émise le      02/11/2026",
        " déposée le    23/11/2026",
        "4 lignes",
        "  1  Papier A4 recyclé 80 g, carton de cinq ramettes      40 boîtes    12,50     -50,00   20 %"
        "          450,00",
        " total des lignes HT             948,00 €",
        " remises et frais du document    -16,50 €",
        " total HT                        931,50 €",
        " total TTC                     1 071,69 €",
        " à payer                       1 071,69 €",
        " 23/11/2026 10:30  Mise à disposition du destinataire",
    ):
        assert said in lines


def test_a_total_that_cannot_be_added_up_again_says_where_its_detail_is(run: Run, api, keep):
    lines = (
        Line("1", "Vis", Decimal(200), "C62", Decimal("3.50"), Decimal("7.00"), price_quantity=Decimal(100)),
        Line("2", "Port", Decimal(1), "C62", Decimal("93.00"), Decimal("93.00")),
    )
    taxes = (TaxLine("E", Decimal(0), Decimal("100.00"), Decimal(0), "Article 261 du CGI"),)
    keep(document=document(lines=lines, tax_lines=taxes), payable=Decimal("20.31"))

    lines_shown = plain(run("show", *ACCOUNT, 1_000_000).output)

    assert " cadre               A1 - Facture du fournisseur" in lines_shown
    assert " exonération de TVA  Article 261 du CGI" in lines_shown
    assert " déjà payé, arrondi  -99,69 €" in lines_shown
    told = lines_shown.index("Déjà payé et arrondi : le hub n'en donne que la somme.")
    assert lines_shown[told - 1].startswith("Ligne 1 : le total n'est pas quantité × prix - remise")
    assert lines_shown[told + 1] == "Le détail est dans les pages : chorale download 1000000"


def test_a_works_invoice_has_no_line_and_nothing_is_said_of_lines(run: Run, api, keep):
    keep(frame=Frame.A19)

    shown = run("show", *ACCOUNT, 1_000_000)

    assert shown.exit_code == 0
    assert " cadre         A19 - État d'acompte validé par la MOA" in plain(shown.output)
    assert " total TTC  120,00 €" in plain(shown.output)
    for absent in ("ligne", "remises et frais", "Le détail"):
        assert absent not in shown.output


def test_who_is_none_of_the_named_parties_is_the_other_party(run: Run, api, keep):
    row = keep()
    advance(row, Act.SUSPEND, actor(OTHER_SUPPLIER).login, later(days=1), "Une pièce manque")

    assert "l'autre partie" in run("show", *ACCOUNT, 1_000_000).output


def test_the_supplier_may_read_it_too_and_a_stranger_may_not(run: Run, deposited):
    as_supplier = run("show", "--account", "99000007700018", deposited)
    # Each sees its own accounts by their login, and those of the other party by its name.
    own = as_supplier.output.replace("TECH_1_99000007700018@cpro.fr", "Demo Fournisseur")
    assert (as_supplier.exit_code, own) == (0, run("show", *ACCOUNT, deposited).output)
    stranger = run("show", "--account", OTHER_SUPPLIER.identifier, deposited)
    assert (stranger.exit_code, stranger.output) == (1, "")
    assert stranger.errors == f"chorale show : GDP_MSG_11.008 : La demande de paiement {deposited} n'existe pas.\n"


def test_an_invoice_is_complete_as_json(run: Run, deposited):
    found = run("show", *ACCOUNT, deposited, "--json").json
    assert found["facture"]["montantTotal"]["montantTtcTotal"] == "1071.69"
    assert [step["histoStatutCode"] for step in found["historique"]] == [
        "MISE_A_DISPOSITION", "EN_COURS_ACHEMINEMENT", "DEPOSEE",
    ]  # fmt: skip


def test_all_lines_of_a_long_invoice_are_read(run: Run, deposited, monkeypatch):
    monkeypatch.setattr("chorale_cli.show.ROWS_AT_ONCE", 1)
    assert "  2  Agrafeuse de bureau" in run("show", *ACCOUNT, deposited).output
    assert len(run("show", *ACCOUNT, deposited, "--json").json["facture"]["lignesDePoste"]["lignePoste"]) == 4


@pytest.mark.parametrize(
    ("form", "name", "start"),
    [
        ("pdf", "facture-{}.pdf", b"%PDF-"),
        ("pivot", "pivot-{}.xml", b"<?xml"),
        ("original", "facture-{}.xml", b"<?xml"),
    ],
)
def test_an_invoice_is_downloaded_in_three_forms(run: Run, deposited, tmp_path, monkeypatch, form, name, start):
    monkeypatch.chdir(tmp_path)
    result = run("download", *ACCOUNT, deposited, "--as", form)
    file = tmp_path / name.format(deposited)
    assert result.exit_code == 0
    assert result.output.startswith(f"{file.name} : ")
    assert file.read_bytes().startswith(start)


def test_the_original_is_what_was_deposited_and_can_be_piped(run: Run, deposited):
    result = run("download", *ACCOUNT, deposited, "--as", "original", "--output", "-")
    assert (result.exit_code, result.output.encode()) == (0, ubl("F-1"))
    assert result.errors.startswith("sortie standard : ")


def test_several_invoices_are_an_archive(run: Run, received, tmp_path):
    for number in (1_000_000, 1_000_001):
        filed = invoices.get_whole(number)
        assert filed is not None
        objects._put("chorale-documents", filed.original_key, b"%PDF-1.7 facture")
    output = tmp_path / "deux.zip"
    result = run("download", *ACCOUNT, 1_000_000, 1_000_001, "-o", output, "--json")
    assert result.json == {"file": str(output), "bytes": output.stat().st_size}
    with zipfile.ZipFile(output) as archive:
        assert archive.namelist() == ["1000000/facture.pdf", "1000001/facture.pdf"]


def test_an_archive_of_several_is_named_by_their_number_and_the_day(run: Run, received, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in (1_000_000, 1_000_001):
        filed = invoices.get_whole(number)
        assert filed is not None
        objects._put("chorale-documents", filed.original_key, b"%PDF-1.7 facture")
    name = run("download", *ACCOUNT, 1_000_001, 1_000_000, "--json").json["file"]
    assert re.fullmatch(r"factures-2-\d{4}-\d\d-\d\d\.zip", name)


def test_a_file_is_not_overwritten_unless_told(run: Run, deposited, tmp_path):
    file = tmp_path / "facture.pdf"
    file.write_bytes(b"autre chose")
    refused = run("download", *ACCOUNT, deposited, "-o", file)
    assert (refused.exit_code, file.read_bytes()) == (2, b"autre chose")
    assert f"{file} existe déjà" in refused.errors
    assert run("download", *ACCOUNT, deposited, "-o", file, "--force").exit_code == 0
    assert file.read_bytes().startswith(b"%PDF-")
    nowhere = run("download", *ACCOUNT, deposited, "-o", tmp_path / "absent" / "facture.pdf")
    assert f"le dossier {tmp_path}/absent n'existe pas" in nowhere.errors
    assert "est un dossier : indiquez un fichier" in run("download", *ACCOUNT, deposited, "-o", tmp_path).errors


def test_a_status_is_given(run: Run, deposited):
    result = run("treat", *ACCOUNT, deposited, "service_fait")
    assert result.exit_code == 0
    assert result.output == f"Facture F-1 ({deposited}) : Service fait, le 23/11/2026\n"
    mandated = run("treat", *ACCOUNT, deposited, "MANDATEE", "--mandate", "M-118", "--json")
    assert mandated.json["nouveauStatut"] == "MANDATEE"
    assert " mandat        M-118" in run("show", *ACCOUNT, deposited).output


def test_a_status_may_be_given_by_its_label(run: Run, deposited):
    assert run("treat", *ACCOUNT, deposited, "Service fait", "--json").json["nouveauStatut"] == "SERVICE_FAIT"


def test_every_label_and_every_code_means_its_status():
    for status in Status:
        assert (status_of(status.label), status_of(status.value)) == (status, status)


def test_the_list_of_statuses_fits_a_terminal(run: Run):
    refused = run("inbox", "--status", "xyz").errors
    assert max(len(line) for line in refused.splitlines()) <= 80
    assert all(status.value in refused for status in Status)


def test_a_status_that_is_not_possible_is_refused_with_those_that_are(run: Run, deposited):
    run("treat", *ACCOUNT, deposited, "MANDATEE")
    result = run("treat", *ACCOUNT, deposited, "SERVICE_FAIT")
    assert result.exit_code == 1
    assert (
        "la facture est au statut MANDATEE (Mandatée). Actions possibles pour vous : "
        "MISE_A_DISPOSITION_COMPTABLE (Mise à disposition du comptable), COMPTABILISEE (Comptabilisée), "
        "MISE_EN_PAIEMENT (Mise en paiement)." in result.errors
    )


def test_what_only_the_supplier_can_do_is_not_offered_to_the_recipient(run: Run, deposited):
    run("treat", *ACCOUNT, deposited, "SUSPENDUE", "--motif", "Une pièce manque")
    result = run("treat", *ACCOUNT, deposited, "MANDATEE")
    assert result.exit_code == 1
    assert "au statut SUSPENDUE (Suspendue). Actions possibles pour vous : aucune." in result.errors


def test_a_status_that_no_recipient_gives_is_answered_with_the_list(run: Run):
    result = run("treat", 1, "PAYEE")
    assert result.exit_code == 2
    assert "un destinataire ne donne pas le statut PAYEE. Statuts possibles :" in result.errors
    assert "  REJETEE                       Rejetée (motif obligatoire)\n" in result.errors


@pytest.mark.parametrize("status", ["REJETEE", "SUSPENDUE"])
def test_a_refusal_asks_its_motive(run: Run, deposited, monkeypatch, status):
    without = run("treat", *ACCOUNT, deposited, status)
    assert (without.exit_code, without.errors) == (
        2, f'chorale treat : le statut {status} demande un motif : --motif "..."\n',
    )  # fmt: skip
    keyboard = io.StringIO("Bon de livraison manquant\n")
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", keyboard)
    asked = run("treat", *ACCOUNT, deposited, status)
    assert asked.exit_code == 0
    assert asked.errors.startswith("Motif (")
    assert "Bon de livraison manquant" in run("show", *ACCOUNT, deposited).output


def test_a_motive_may_be_given_with_the_status(run: Run, deposited):
    assert run("treat", *ACCOUNT, deposited, "REJETEE", "--motif", "Prestation non commandée").exit_code == 0
    assert "Prestation non commandée" in run("show", *ACCOUNT, deposited).output
