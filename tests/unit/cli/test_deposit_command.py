"""`chorale deposit` and `chorale report`: from a file to its verdict, for a person and for a machine."""

import gzip
import io
import json
import sys
import tarfile

import httpx
import pytest
from chorale.domain.syntaxes import Syntax
from chorale_cli.exits import Failure
from chorale_cli.french import size
from chorale_cli.packing import shipment_of

from tests.cast import ubl
from tests.samples import builders
from tests.unit.cli.conftest import Run, tokens_then

GOOD = ubl("F-1")
REFUSED = ubl("F-2", service="INCONNU")


@pytest.fixture
def folder(tmp_path):
    """Two invoices, of which one is refused, a signature and a note."""
    (tmp_path / "novembre").mkdir()
    for name, content in {
        "a.xml": GOOD, "a.xml.p7s": b"-----BEGIN PKCS7-----", "sous/b.xml": REFUSED, "lisezmoi.txt": b"rien",
    }.items():  # fmt: skip
        file = tmp_path / "novembre" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "novembre"


def write(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    return file


def test_a_deposit_waits_for_its_verdict(run: Run, api, tmp_path):
    result = run("deposit", write(tmp_path, "facture.xml", GOOD))
    assert result.exit_code == 0
    first, about, *rest = result.output.splitlines()
    assert first == "CPP0011100000000000000001  Intégré (IN_INTEGRE)"
    assert about == f"facture.xml, UBL 2.1, {size(len(GOOD))}, déposé le 23/11/2026 10:30"
    assert rest == ["", "facture intégrée  identifiant  fichier", "F-1               1000000      facture.xml"]
    assert not result.errors


def test_what_an_invoice_that_is_taken_should_correct_is_told(run: Run, api, tmp_path):
    doubtful = GOOD.replace(b"en16931:2017<", b"en16931:2018<")
    result = run("deposit", write(tmp_path, "facture.xml", doubtful))
    assert result.exit_code == 0
    *_, heading, told, place, expected = [line for line in result.output.splitlines() if line]
    assert heading == "à corriger  F-1"
    assert told.startswith(" avertissement  CHO-PROFIL-INCONNU")
    assert "urn:cen.eu:en16931:2017" in place + expected


def test_deposits_are_told_in_the_order_given_with_what_to_change(run: Run, api, tmp_path):
    result = run("deposit", write(tmp_path, "bonne.xml", GOOD), write(tmp_path, "refusee.xml", REFUSED))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].endswith("Intégré (IN_INTEGRE)")
    refused = lines.index("refusée  F-2  refusee.xml")
    assert lines[refused - 3].endswith("Rejeté (IN_REJETE)")
    assert lines[refused + 1].startswith(" erreur  CHO-SERVICE-INCONNU  Le service INCONNU n'existe pas")
    assert lines[-1] == "2 dépôts, 2 factures : 1 intégrée, 1 refusée"


@pytest.mark.parametrize("pack", [builders.zip_of, builders.tar_gz])
def test_an_archive_needs_no_syntax(run: Run, api, tmp_path, pack):
    result = run("deposit", write(tmp_path, "lot", pack({"a.xml": GOOD, "b.xml": REFUSED})))
    assert result.exit_code == 1
    assert "Intégré partiellement (IN_INTEGRE_PARTIEL)" in result.output
    assert result.output.endswith("\n2 factures : 1 intégrée, 1 refusée\n")


def test_a_folder_is_one_deposit_and_what_stays_behind_is_said(run: Run, api, folder):
    result = run("deposit", folder)
    assert result.exit_code == 1
    assert "novembre.tar.gz, UBL 2.1" in result.output
    assert "refusée  F-2  sous/b.xml" in result.output
    assert result.errors == (f"{folder} : 1 fichier hors du dépôt, sans facture IN_DP_E1_UBL_INVOICE : lisezmoi.txt\n")


def test_a_folder_is_packed_the_same_way_each_time_with_its_signatures(folder):
    packed = shipment_of(str(folder), None)
    assert packed == shipment_of(str(folder), None)
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed.content))) as archive:
        assert archive.getnames() == ["a.xml", "a.xml.p7s", "sous/b.xml"]


@pytest.mark.parametrize(
    ("content", "syntax"),
    [
        (builders.ubl_invoice(), Syntax.UBL_INVOICE),
        (builders.ubl_credit_note(), Syntax.UBL_INVOICE),
        (builders.cii(), Syntax.CII_16B),
        (builders.facturx(), Syntax.FACTURX),
        (builders.cpp(), Syntax.CPP_FACTURE_MIN),
        (builders.zip_of({"a.pdf": builders.facturx(), "lisezmoi.txt": b"rien"}), Syntax.FACTURX),
        (builders.tar_gz({"a.xml": builders.ubl_invoice(), "b.xml": builders.ubl_credit_note()}), Syntax.UBL_INVOICE),
    ],
    ids=["ubl", "avoir", "cii", "facturx", "cpp", "zip", "tar.gz"],
)
def test_the_content_says_the_syntax(tmp_path, content, syntax):
    assert shipment_of(str(write(tmp_path, "fichier", content)), None).syntax is syntax


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"bonjour", "aucune facture n'y est reconnue"),
        (builders.zip_of({"lisezmoi.txt": b"rien"}), "aucune facture n'y est reconnue"),
        (builders.tar_gz({}), "L'archive ne contient aucun fichier"),
        (
            builders.zip_of({"a.xml": builders.ubl_invoice(), "b.xml": builders.cii(), "c.xml": builders.cii()}),
            "plusieurs syntaxes y sont mêlées (1 UBL, 2 CII), et un dépôt n'en a qu'une. Faites une archive par",
        ),
    ],
    ids=["text", "archive without invoice", "empty archive", "mixed archive"],
)
def test_a_content_that_says_no_syntax_is_refused_with_what_to_do(tmp_path, content, said):
    with pytest.raises(Failure) as failure:
        shipment_of(str(write(tmp_path, "fichier", content)), None)
    assert str(failure.value).startswith(said)


def test_a_mixed_folder_asks_which_syntax_and_deposits_the_one_that_is_chosen(folder):
    write(folder, "c.xml", builders.cii())
    with pytest.raises(Failure) as failure:
        shipment_of(str(folder), None)
    assert str(failure.value) == (
        "plusieurs syntaxes y sont mêlées (2 UBL, 1 CII), et un dépôt n'en a qu'une. Choisissez les factures à déposer "
        ": --syntax IN_DP_E1_UBL_INVOICE ou --syntax IN_DP_E1_CII_16B."
    )
    chosen = shipment_of(str(folder), Syntax.CII_16B)
    assert (chosen.syntax, chosen.left_aside) == (
        Syntax.CII_16B, ("a.xml", "a.xml.p7s", "lisezmoi.txt", "sous/b.xml"),
    )  # fmt: skip
    with pytest.raises(Failure, match="aucune facture de la syntaxe IN_DP_E2_CII_FACTURX"):
        shipment_of(str(folder), Syntax.FACTURX)


def test_a_folder_without_an_invoice_or_with_an_archive_is_an_error(run: Run, api, tmp_path, folder):
    (tmp_path / "vide").mkdir()
    write(folder, "lot.zip", builders.zip_of({"a.xml": GOOD}))
    result = run("deposit", tmp_path / "vide", folder)
    assert result.exit_code == 2
    why = "refusé avant l'envoi : ce dossier ne contient aucune facture (UBL 2.1, CII, CPP ou Factur-X)"
    assert f"{tmp_path}/vide : {why}\n" in result.errors
    assert (
        f"{folder} : refusé avant l'envoi : ce dossier contient 1 archive (lot.zip) : déposez à part" in result.errors
    )
    assert result.output == "0 dépôt ; 2 refusés avant l'envoi\n"


def test_what_was_not_sent_is_no_deposit(run: Run, api, tmp_path):
    words = [write(tmp_path, "note.xml", b"bonjour"), write(tmp_path, "facture.xml", GOOD)]
    result = run("deposit", *words)
    assert result.exit_code == 2
    assert result.output.endswith("\n1 dépôt, 1 facture : 1 intégrée ; 1 refusé avant l'envoi\n")
    assert run("deposit", "--no-wait", *words).output.endswith("\n1 dépôt : 1 reçu ; 1 refusé avant l'envoi\n")


def test_the_standard_input_can_be_deposited(run: Run, api, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    result = run("deposit", "-")
    assert result.exit_code == 0
    assert "entrée standard.xml, UBL 2.1" in result.output
    assert result.output.splitlines()[-1].endswith("  entrée standard.xml")


def test_without_waiting_the_flux_number_is_said(run: Run, api, tmp_path):
    file = write(tmp_path, "facture.xml", GOOD)
    result = run("deposit", "--no-wait", file)
    assert (result.exit_code, result.output) == (0, f"CPP0011100000000000000001  reçu  {file}\n")


def test_a_machine_gets_one_object_per_deposit_in_the_order_given(run: Run, api, tmp_path, folder):
    (tmp_path / "vide").mkdir()
    result = run("deposit", "--json", tmp_path / "vide", folder)
    assert result.exit_code == 2
    failed, done = (json.loads(line) for line in result.output.splitlines())
    assert failed == {
        "file": str(tmp_path / "vide"), "leftAside": [], "numeroFluxDepot": None,
        "error": "ce dossier ne contient aucune facture (UBL 2.1, CII, CPP ou Factur-X)",
    }  # fmt: skip
    assert (done["file"], done["leftAside"], done["etat"], done["integrees"], done["refusees"]) == (
        str(folder), ["lisezmoi.txt"], "IN_INTEGRE_PARTIEL", 1, 1,
    )  # fmt: skip
    assert [rank["outcome"] for rank in done["rapport"]["ranks"]] == ["INTEGREE", "REFUSEE"]


def test_no_verdict_within_the_patience_is_exit_code_2(run: Run, answering, tmp_path):
    waiting = {"numeroFluxDepot": "CPP1", "etat": "IN_EN_COURS_TRAITEMENT_CPP", "etatLibelle": "En cours de traitement"}
    answering(tokens_then(lambda _asked: httpx.Response(200, json={"codeRetour": 0, **waiting})))
    result = run("deposit", "--patience", 1, write(tmp_path, "facture.xml", GOOD))
    assert result.exit_code == 2
    assert "Pas encore de verdict sur CPP1 après 1 s (En cours de traitement)" in result.errors
    assert "chorale report CPP1" in result.errors


def test_a_report_is_read_again_and_written_as_a_pdf(run: Run, api, tmp_path):
    deposited = run("deposit", write(tmp_path, "facture.xml", REFUSED))
    number, pdf = deposited.output.split()[0], tmp_path / "cr.pdf"

    result = run("report", number, "--pdf", pdf)

    assert (result.exit_code, result.output) == (1, deposited.output)
    assert result.errors.startswith(f"{pdf} : ")
    assert pdf.read_bytes().startswith(b"%PDF-")
    again = run("report", number, "--pdf", pdf)
    assert again.exit_code == 2
    assert "existe déjà : choisissez un autre nom, ou --force pour le remplacer" in again.errors
    assert run("report", number, "--pdf", pdf, "--force").exit_code == 1


def test_a_number_in_small_letters_or_with_blanks_is_read(run: Run, api, tmp_path):
    deposited = run("deposit", write(tmp_path, "facture.xml", GOOD))
    number = deposited.output.split()[0]
    assert run("report", f" {number.lower()}\n").output == deposited.output


def test_a_report_is_complete_as_json(run: Run, api, tmp_path):
    number = run("deposit", write(tmp_path, "facture.xml", GOOD)).output.split()[0]
    found = run("report", number, "--json").json
    assert (found["numeroFluxDepot"], found["etat"], found["rapport"]["counts"]["integrated"]) == (
        number, "IN_INTEGRE", 1,
    )  # fmt: skip


def test_a_report_that_is_too_large_is_fetched_behind_its_link(run: Run, api, tmp_path, monkeypatch):
    from chorale.http.transverses import reports

    number = run("deposit", write(tmp_path, "facture.xml", REFUSED)).output.split()[0]
    whole = run("report", number).output
    kept = api.objects("chorale-documents")
    [report] = [content for key, content in kept.items() if number in key and key.startswith("reports/")]
    monkeypatch.setattr(reports, "fits", lambda _body: False)
    monkeypatch.setattr("chorale_cli.client.HubClient.fetch", lambda _self, link: report if number in link else b"{}")

    result = run("report", number)

    assert result.exit_code == 1
    assert result.output.splitlines()[3:] == whole.splitlines()[3:]


def test_an_unknown_deposit_has_no_verdict(run: Run, api):
    result = run("report", "CPP0011100000000000000099")
    assert result.exit_code == 2
    assert result.errors.startswith(
        "chorale report : CHO-FLUX-INCONNU : Le flux CPP0011100000000000000099 n'existe pas"
    )


class Doubtful:
    """A hub whose answers to deposits are those of a list, the last one again and again."""

    def __init__(self, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self.answers = list(answers)
        self.keys: list[str] = []

    def __call__(self, asked: httpx.Request) -> httpx.Response:
        self.keys.append(asked.headers["Idempotency-Key"])
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("cut", request=asked)


RECEIVED = httpx.Response(200, json={"codeRetour": 0, "numeroFluxDepot": "CPP1"})
BUSY = httpx.Response(503, json={"codeRetour": 503, "libelle": "Occupé."})
STILL_DOING = httpx.Response(409, json={"codeRetour": 409, "libelle": "En cours."})
CUTS = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.ReadTimeout)


@pytest.mark.parametrize("first", [*CUTS, BUSY])
def test_a_deposit_whose_answer_is_lost_is_sent_again_with_the_same_key(run: Run, answering, tmp_path, first):
    hub = Doubtful(first, RECEIVED)
    answering(tokens_then(hub))
    result = run("deposit", "--no-wait", write(tmp_path, "facture.xml", GOOD))
    assert (result.exit_code, result.output.split()[0]) == (0, "CPP1")
    assert len(hub.keys) == 2
    assert len(set(hub.keys)) == 1
    assert len(hub.keys[0]) == 36


def test_each_deposit_has_a_key_of_its_own(run: Run, answering, tmp_path):
    hub = Doubtful(RECEIVED)
    answering(tokens_then(hub))
    run("deposit", "--no-wait", write(tmp_path, "a.xml", GOOD), write(tmp_path, "b.xml", GOOD))
    assert len(set(hub.keys)) == 2


@pytest.mark.parametrize("second", [*CUTS, BUSY, STILL_DOING, httpx.ConnectError])
def test_a_deposit_that_is_in_doubt_is_not_said_to_be_lost(run: Run, answering, tmp_path, second):
    answering(tokens_then(Doubtful(httpx.RemoteProtocolError, second)))
    file = write(tmp_path, "facture.xml", GOOD)
    result = run("deposit", file)
    assert result.exit_code == 2
    assert result.errors == (
        f"{file} : connexion coupée, le dépôt est peut-être fait : déposez de nouveau le même fichier. Une facture que "
        "le premier dépôt a intégrée est alors refusée (CHO-NUMERO-DOUBLON), jamais intégrée deux fois.\n"
    )


def test_a_hub_that_is_not_there_is_not_in_doubt(run: Run, answering, tmp_path):
    hub = Doubtful(httpx.ConnectError)
    answering(tokens_then(hub))
    result = run("deposit", write(tmp_path, "facture.xml", GOOD))
    assert (result.exit_code, len(hub.keys)) == (2, 1)
    assert "Aucun hub ne répond à http://127.0.0.1:8000" in result.errors


def test_an_upload_that_is_cut_says_under_which_number_to_ask(run: Run, answering, tmp_path):
    def answer(asked: httpx.Request) -> httpx.Response:
        if asked.url.path == "/chorale/v1/depots":
            opened = {"numeroFluxDepot": "CPP1", "url": "http://objets.example.fr/", "champs": {}}
            return httpx.Response(200, json={"codeRetour": 0, **opened})
        raise httpx.WriteError("cut", request=asked)

    answering(tokens_then(answer))
    result = run("deposit", "--upload", write(tmp_path, "facture.xml", GOOD))
    assert result.exit_code == 2
    assert "connexion coupée, le dépôt est peut-être fait : demandez-le par « chorale report CPP1 »" in result.errors
