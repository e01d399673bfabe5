"""The search of /docs, as its script does it: run by Node where the machine has it."""

import json
import shutil
import subprocess

import pytest
from chorale.apidoc import page

SCRIPT = (page.ASSETS / "page.js").read_text(encoding="utf-8")
SEARCH = SCRIPT[SCRIPT.index("// The search:") : SCRIPT.index("// The end of the search.")]
NODE = shutil.which("node")


def _run(expression: str, *given: str) -> object:
    if NODE is None:
        pytest.skip("no Node on this machine")
    told = subprocess.run(
        [NODE, "-e", f"{SEARCH}\nconsole.log(JSON.stringify(({expression})(...{json.dumps(given)})))"],
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(told.stdout)


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("EUR", "Devise EUR", True),
        ("EUR", "une erreur, un serveur, la valeur", False),
        ("depot", "champ dateDepot", True),
        ("dateDepot", "champ dateDepot", True),
        ("rejeter", "facture rejetée", True),
        ("œuvre", "maitre d'oeuvre", True),
        ("oeuvre", "maître d'œuvre", True),
        ("deposer/flux", "/cpro/factures/v1/deposer/flux", True),
        ("CHO-TOTAL-TTC", "CHO-REQUETE, un total, un TTC", False),
        ("BT-10", "le terme BT-10", True),
    ],
)
def test_words_are_found_from_their_beginning(asked, text, found):
    assert _run("(asked, text) => wantedOf(asked).every((word) => has(parts(text), word))", asked, text) is found


def test_titles_that_have_the_words_come_first():
    ranked = (
        "(asked) => ['lire', 'deposer une facture', 'la facture'].map((title) => rank(parts(title), wantedOf(asked)))"
    )

    assert _run(ranked, "déposer facture") == [0, 2, 1]


def test_a_code_or_a_term_points_to_where_it_is_explained():
    explained = "« chorale explain CHO-TOTAL-TTC » l'explique ; docs/messages.md a tous les codes."

    assert _run("pointer", "cho-total-ttc") == explained
    assert str(_run("pointer", "BT-10")).startswith("BT-10 est un terme de la norme EN 16931")
    assert _run("pointer", "facture") == ""


def test_the_former_message_goes_while_a_token_is_asked():
    asking = SCRIPT[SCRIPT.index("async function getToken") : SCRIPT.index("/api/oauth/token")]

    assert 'say(connected, "Demande du jeton…", "")' in asking
