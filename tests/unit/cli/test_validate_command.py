"""`chorale validate`: what a person and a machine get, and the exit codes."""

import json

import pytest
from chorale_cli.app import app
from typer.testing import CliRunner

from tests.samples import builders, hostile

GOOD = builders.ubl_invoice()
BAD = builders.cii(number="F 12")


def run(*arguments):
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """A folder with a good invoice, a bad one, an archive and a note."""
    (tmp_path / "bonne.xml").write_bytes(GOOD)
    (tmp_path / "mauvaise.xml").write_bytes(BAD)
    (tmp_path / "lisezmoi.txt").write_text("Rien à valider ici")
    (tmp_path / "lot.tar.gz").write_bytes(builders.tar_gz({"a.xml": GOOD, "b.xml": builders.cii()}))
    return tmp_path


@pytest.mark.parametrize(("name", "code"), [("bonne.xml", 0), ("mauvaise.xml", 1), ("lot.tar.gz", 0), (".", 1)])
def test_the_exit_code_is_that_of_the_worst_document(folder, name, code):
    assert run(folder / name).exit_code == code


def test_no_verdict_is_exit_code_2(folder, monkeypatch):
    from chorale.formats import validate as engine

    def fail(_examined):
        raise RuntimeError("a defect")

    monkeypatch.setattr(engine, "STEPS", (fail,))
    result = run(folder / "bonne.xml", folder / "mauvaise.xml")
    assert result.exit_code == 2
    assert "indéterminé" in result.output


def test_json_gives_one_object_per_document_with_all_that_was_found(folder):
    lines = [json.loads(line) for line in run("--json", folder).output.splitlines()]
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


def test_a_person_sees_the_reason_and_the_line_that_it_is_about(folder):
    shown = run(folder / "mauvaise.xml").output
    assert "non conforme" in shown
    assert "CHO-NUMERO-FORME" in shown
    assert "> <ram:ID>F 12</ram:ID>" in shown


def test_the_line_inside_a_pdf_is_shown_too(tmp_path):
    (tmp_path / "facture.pdf").write_bytes(builders.facturx(number="F 12"))
    assert "> <ram:ID>F 12</ram:ID>" in run(tmp_path / "facture.pdf").output


def test_warnings_can_be_left_out(tmp_path):
    (tmp_path / "erp.xml").write_bytes(builders.erp_cii())
    assert "avertissement" in run(tmp_path / "erp.xml").output
    assert "avertissement" not in run("--no-warnings", tmp_path / "erp.xml").output


def test_a_rule_set_can_be_forced(tmp_path):
    (tmp_path / "erp.xml").write_bytes(builders.erp_cii())
    assert run(tmp_path / "erp.xml").exit_code == 0
    assert run("--profile", "EN16931-CII", tmp_path / "erp.xml").exit_code == 1
    unknown = run("--profile", "EN16931-XML", tmp_path / "erp.xml")
    assert unknown.exit_code == 2
    assert "EN16931-CII" in unknown.output


def test_the_announced_syntax_can_be_given(folder):
    assert run("--syntax", "IN_DP_E1_CII_16B", folder / "bonne.xml").exit_code == 1


@pytest.mark.parametrize("content", [hostile.truncated_pdf(), builders.tar_gz({}), b"", b"<a"])
def test_a_broken_file_is_not_conformant_and_says_why(tmp_path, content):
    (tmp_path / "facture").write_bytes(content)
    result = run("--json", tmp_path / "facture")
    assert result.exit_code == 1
    assert json.loads(result.output)["findings"][0]["message"]


def test_a_file_that_does_not_exist_is_said_before_anything_is_done(tmp_path):
    assert run(tmp_path / "absente.xml").exit_code == 2
