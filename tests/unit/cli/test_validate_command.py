"""`chorale validate`: what a person and a machine get, and the exit codes."""

import io
import json
import os
import pty
import subprocess
import sys

import pytest

from tests.samples import builders, hostile
from tests.unit.cli.conftest import Run

GOOD = builders.ubl_invoice()
BAD = builders.cii(number="F 12")
SCRIPT = "import sys; from chorale_cli.app import main; sys.exit(main())"


@pytest.fixture
def folder(tmp_path):
    """A folder with a good invoice, a bad one, an archive and a note."""
    (tmp_path / "bonne.xml").write_bytes(GOOD)
    (tmp_path / "mauvaise.xml").write_bytes(BAD)
    (tmp_path / "lisezmoi.txt").write_text("Rien à valider ici")
    (tmp_path / "lot.tar.gz").write_bytes(builders.tar_gz({"a.xml": GOOD, "b.xml": builders.cii()}))
    return tmp_path


@pytest.mark.parametrize(("name", "code"), [("bonne.xml", 0), ("mauvaise.xml", 1), ("lot.tar.gz", 0), (".", 1)])
def test_the_exit_code_is_that_of_the_worst_document(run: Run, folder, name, code):
    assert run("validate", folder / name).exit_code == code


def test_no_verdict_is_exit_code_2(run: Run, folder, monkeypatch):
    from chorale.formats.judging import validate as engine

    def fail(_examined):
        raise RuntimeError("a defect")

    monkeypatch.setattr(engine, "STEPS", (fail,))
    result = run("validate", folder / "bonne.xml", folder / "mauvaise.xml")
    assert result.exit_code == 2
    assert "indéterminé" in result.output
    assert result.output.endswith("2 fichiers : 2 indéterminés\n")


def test_json_gives_one_object_per_document_with_all_that_was_found(run: Run, folder):
    lines = [json.loads(line) for line in run("validate", "--json", folder).output.splitlines()]
    assert [line["verdict"] for line in lines] == ["conformant", "conformant", "conformant", "non_conformant"]
    assert [line["file"].removeprefix(f"{folder}/") for line in lines] == [
        "bonne.xml", "lot.tar.gz!a.xml", "lot.tar.gz!b.xml", "mauvaise.xml",
    ]  # fmt: skip
    bad = lines[-1]
    assert (bad["syntax"], bad["profile"], bad["frame"], bad["rule_sets"]) == (
        "IN_DP_E1_CII_16B", "urn:cen.eu:en16931:2017", "A1", ["EN16931-CII"],
    )  # fmt: skip
    finding = bad["findings"][0]
    assert (finding["code"], finding["severity"], finding["source"], finding["value"]) == (
        "CHO-NUMERO-FORME", "error", "CHORALE", "F 12",
    )  # fmt: skip
    assert finding["xpath"] == "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"
    assert finding["line"] and finding["message"]


def test_bad_ones_come_first_and_a_summary_last(run: Run, folder):
    lines = run("validate", folder).output.splitlines()
    assert lines[0] == f"non conforme  {folder}/mauvaise.xml"
    assert lines[-4:] == [
        f"conforme  {folder}/bonne.xml",
        f"conforme  {folder}/lot.tar.gz!a.xml",
        f"conforme  {folder}/lot.tar.gz!b.xml",
        "3 fichiers, 4 factures : 3 conformes, 1 non conforme",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD, "facture UBL"),
        (builders.ubl_credit_note(), "avoir UBL"),
        (builders.cii(), "facture CII"),
        (builders.cii_credit_note(), "avoir CII"),
        (builders.facturx(), "facture PDF (Factur-X)"),
        (builders.cpp(), "facture CPP"),
        (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "facture UBL"),
    ],
)
def test_every_document_is_called_an_invoice_or_a_credit_note(run: Run, tmp_path, content, said):
    (tmp_path / "document").write_bytes(content)
    assert run("validate", tmp_path / "document").output.splitlines()[1].startswith(said)


def test_what_a_folder_has_beside_its_invoices_is_named(run: Run, folder):
    (folder / "bonne.xml.p7s").write_bytes(b"-----BEGIN PKCS7-----")
    result = run("validate", folder)
    assert result.errors == f"{folder} : 1 fichier sans facture, hors de la vérification : lisezmoi.txt\n"
    for number in range(6):
        (folder / f"n{number}.txt").write_text("rien")
    assert run("validate", folder).errors.endswith(" : lisezmoi.txt, n0.txt, n1.txt, n2.txt, n3.txt et 2 autres\n")


def test_files_alone_are_not_counted_twice(run: Run, folder):
    output = run("validate", folder / "bonne.xml", folder / "mauvaise.xml").output
    assert output.endswith("\n2 fichiers : 1 conforme, 1 non conforme\n")


def test_one_document_needs_no_summary(run: Run, folder):
    output = run("validate", folder / "bonne.xml").output
    assert output.startswith(f"conforme  {folder}/bonne.xml\nfacture UBL, cadre A1, profil urn:cen.eu:en16931:2017, ")
    assert "fichier" not in output


def test_a_person_sees_the_reason_and_the_line_that_it_is_about(run: Run, folder):
    shown = run("validate", folder / "mauvaise.xml").output
    assert "non conforme" in shown
    assert "CHO-NUMERO-FORME" in shown
    assert "> <ram:ID>F 12</ram:ID>" in shown


def test_into_a_pipe_goes_whole_text_without_colour(run: Run, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    [finding] = [line for line in run("validate", folder / "mauvaise.xml").output.splitlines() if "CHO-NUMERO" in line]
    assert len(finding) > 80
    assert "\x1b" not in finding
    assert finding == finding.rstrip()


def test_the_line_inside_a_pdf_is_shown_too(run: Run, tmp_path):
    (tmp_path / "facture.pdf").write_bytes(builders.facturx(number="F 12"))
    assert "> <ram:ID>F 12</ram:ID>" in run("validate", tmp_path / "facture.pdf").output


def test_warnings_can_be_left_out(run: Run, tmp_path):
    (tmp_path / "erp.xml").write_bytes(builders.erp_cii())
    assert "avertissement" in run("validate", tmp_path / "erp.xml").output
    assert "avertissement" not in run("validate", "--no-warnings", tmp_path / "erp.xml").output


def test_a_rule_set_can_be_forced(run: Run, tmp_path):
    (tmp_path / "erp.xml").write_bytes(builders.erp_cii())
    assert run("validate", tmp_path / "erp.xml").exit_code == 0
    assert run("validate", "--profile", "EN16931-CII", tmp_path / "erp.xml").exit_code == 1
    unknown = run("validate", "--profile", "EN16931-XML", tmp_path / "erp.xml")
    assert unknown.exit_code == 2
    assert "jeu de règles inconnu : EN16931-XML (au choix : EN16931-UBL, EN16931-CII, " in unknown.errors


def test_the_announced_syntax_can_be_given(run: Run, folder):
    assert run("validate", "--syntax", "IN_DP_E1_CII_16B", folder / "bonne.xml").exit_code == 1


@pytest.mark.parametrize("content", [hostile.truncated_pdf(), builders.tar_gz({}), b"", b"<a"])
def test_a_broken_file_is_not_conformant_and_says_why(run: Run, tmp_path, content):
    (tmp_path / "facture").write_bytes(content)
    result = run("validate", "--json", tmp_path / "facture")
    assert result.exit_code == 1
    assert result.json["findings"][0]["message"]


def test_all_that_does_not_exist_is_said_before_anything_is_done(run: Run, folder):
    result = run("validate", folder / "absente.xml", folder / "bonne.xml", folder / "partie.xml")
    assert result.exit_code == 2
    assert result.errors == f"chorale validate : introuvable : {folder}/absente.xml, {folder}/partie.xml\n"
    assert not result.output


def test_a_file_that_cannot_be_read_does_not_hide_the_others(run: Run, folder, monkeypatch):
    read = type(folder).read_bytes

    def locked(file):
        if file.name == "bonne.xml":
            raise PermissionError(13, "no")
        return read(file)

    monkeypatch.setattr(type(folder), "read_bytes", locked)
    reason = f"{folder}/bonne.xml ne se lit pas : vous n'avez pas le droit de le lire"
    shown = run("validate", folder / "bonne.xml", folder / "mauvaise.xml")
    assert shown.exit_code == 2
    assert f"indéterminé  {folder}/bonne.xml\n{reason}\n" in shown.output
    assert shown.output.endswith("2 fichiers : 1 non conforme, 1 indéterminé\n")
    first, second = (
        json.loads(line)
        for line in run("validate", "--json", folder / "bonne.xml", folder / "mauvaise.xml").output.splitlines()
    )
    assert first == {"file": f"{folder}/bonne.xml", "verdict": "undetermined", "error": reason}
    assert second["verdict"] == "non_conformant"


def test_an_empty_file_named_as_an_invoice_is_not_passed_over(run: Run, folder):
    (folder / "mauvaise.xml").unlink()
    (folder / "vide.xml").touch()
    result = run("validate", folder)
    assert result.exit_code == 1
    assert "CHO-VIDE" in result.output
    assert "vide.xml" in result.output


@pytest.mark.parametrize("holds", [[], ["lisezmoi.txt"]])
def test_a_folder_without_an_invoice_is_an_error(run: Run, tmp_path, holds):
    for name in holds:
        (tmp_path / name).write_text("rien")
    result = run("validate", tmp_path)
    assert result.exit_code == 2
    assert f"le dossier {tmp_path} ne contient aucune facture (XML, PDF, tar.gz ou zip)" in result.errors


@pytest.mark.parametrize(("content", "code"), [(GOOD, 0), (BAD, 1), (builders.zip_of({"a.xml": GOOD}), 0)])
def test_a_hyphen_is_the_standard_input(run: Run, monkeypatch, content, code):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    result = run("validate", "-")
    assert result.exit_code == code
    assert "conforme  entrée standard" in result.output


def test_names_inside_an_old_zip_are_readable(run: Run, tmp_path):
    packed = builders.zip_of({"r_gl_e.xml": GOOD}).replace(b"r_gl_e", "réglée".encode("cp850"))
    (tmp_path / "lot.zip").write_bytes(packed)
    assert run("validate", tmp_path / "lot.zip").output.startswith(f"conforme  {tmp_path}/lot.zip!réglée.xml\n")


def test_what_a_document_says_cannot_colour_the_screen(run: Run, tmp_path):
    (tmp_path / "facture.xml").write_bytes(builders.cii(number="[red]F 12"))
    assert "> <ram:ID>[red]F 12</ram:ID>" in run("validate", tmp_path).output


def test_progress_is_shown_on_a_terminal_only_and_erased_before_the_results(folder):
    watching, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "validate", folder], stdout=subprocess.PIPE, stderr=terminal, check=False,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"},
    )  # fmt: skip
    os.close(terminal)
    shown = os.read(watching, 100_000).decode()
    os.close(watching)
    assert done.returncode == 1
    assert b"\x1b" not in done.stdout
    assert str(folder) in shown
    assert shown.rstrip().endswith("\x1b[2K")


def test_a_terminal_without_accents_shows_a_question_mark_for_them(folder):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "validate", folder / "mauvaise.xml"], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.startswith(b"non conforme")
    assert b"Le num?ro" in done.stdout


def test_who_reads_the_output_may_stop_reading(folder):
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
        assert started.wait() == 0


def test_it_loads_no_network_and_no_progress_to_judge_a_file(folder):
    script = (
        "import sys; from chorale_cli.app import main; main(['validate', sys.argv[1]]);"
        "print([name for name in ('httpx', 'boto3', 'pydantic', 'rich.status') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, folder / "bonne.xml"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
