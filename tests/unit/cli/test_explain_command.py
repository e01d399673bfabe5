"""`chorale explain`: what a code means, from the tables that know codes."""

import pytest
from chorale.apidoc.guide import RETURN_CODES
from chorale.domain.refusals.catalogue import CATALOGUE
from chorale.formats.judging.messages.schema import ROWS
from chorale.formats.judging.platform_rules import RULES
from chorale_cli.explain import CATALOGUES, explanations

from tests.unit.cli.conftest import Run


def test_a_rule_of_the_platform_is_explained(run: Run):
    result = run("explain", "CHO-TOTAL-TTC")
    assert result.exit_code == 0
    assert result.output.splitlines()[:7] == [
        "CHO-TOTAL-TTC  refuse la facture",
        " quand      Le total TTC (…) n'est pas la somme du total hors taxes et de la TVA (…)",
        " à faire    Recalculez-le.",
        " exemple    900,00 + 180,00 et un total de 1 090,00.",
        " terme      BT-112",
        " source     EN 16931 BR-CO-15 ; sans profil, tolérance 0,02",
        " dit aussi  BR-CO-15, BR-FXEXT-CO-15, BR-FREXT-CO-15",
    ]


@pytest.mark.parametrize("code", ["BR-CO-15", "br-co-15", "[BR-CO-15]"])
def test_an_official_rule_is_explained_with_its_text_and_its_rule_sets(run: Run, code):
    [found] = run("explain", code, "--json").json
    assert (found["code"], found["severity"], found["term"]) == ("BR-CO-15", "error", "BT-112")
    assert found["effect"] == "refuse la facture qui annonce ce profil"
    assert found["source"].startswith("EN16931-UBL, EN16931-CII, ")
    assert found["official"].startswith("[BR-CO-15]-Invoice total amount with VAT (BT-112) = ")
    assert found["remedy"] == "Recalculez-le."


def test_a_rule_of_the_reform_says_when_it_refuses(run: Run):
    output = run("explain", "BR-FR-08_BT-23").output
    assert "BR-FR-08_BT-23  informe aux cadres A1 à A25, refuse la facture aux autres\n" in output


@pytest.mark.parametrize(("asked", "told"), [("BR-FR-12", "BR-FR-12_BT-49"), ("br-fr-13/bt-34", "BR-FR-13_BT-34")])
def test_a_rule_of_the_reform_is_found_by_its_published_number(run: Run, asked, told):
    result = run("explain", asked)
    assert result.exit_code == 0
    assert result.output.startswith(told)


def test_a_code_with_several_meanings_has_them_all():
    assert [(one.when, one.remedy) for one in explanations("CHO-XSD-ATTRIBUT")] == [
        ("L'attribut … de l'élément … est obligatoire", "Ajoutez-le."),
        ("L'attribut … de l'élément … n'est pas prévu", "Retirez-le."),
    ]


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES} | {code for _, code, _ in ROWS} | {*CATALOGUE}))
def test_every_code_of_the_tables_of_the_platform_is_explained(code):
    found = explanations(code)
    assert found
    assert all(one.when and one.source and one.effect and "{" not in one.when + one.remedy for one in found)


def test_every_official_rule_is_explained():
    *_, official = CATALOGUES
    codes = set(official.codes())
    assert len(codes) > 1000
    assert all(explanations(code) for code in sorted(codes)[::50])


def test_an_unknown_code_is_answered_with_those_that_are_like_it(run: Run):
    result = run("explain", "CHO-TOTAL-TTX")
    assert result.exit_code == 2
    assert result.errors.startswith("chorale explain : code inconnu : CHO-TOTAL-TTX. Codes proches : CHO-TOTAL-T")


def test_a_code_that_is_like_no_other_is_unknown(run: Run):
    assert run("explain", "zzzzz").errors == "chorale explain : code inconnu : ZZZZZ.\n"


@pytest.mark.parametrize(("number", "label", "meaning"), RETURN_CODES)
def test_every_code_that_the_api_answers_is_explained_by_its_label_and_by_its_number(number, label, meaning):
    assert explanations(label)
    assert f"{number} {label}" in [one.code for one in explanations(number)]
    assert all(one.when and one.effect and one.source for one in explanations(number))


def test_a_label_of_the_public_platform_is_explained(run: Run):
    result = run("explain", "gdp_msg_11.008")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "20000 GDP_MSG_11.008  dit que l'appel n'a pas abouti",
        " quand   La facture n'existe pas, ou n'est pas de vos structures.",
        " source  codeRetour et libelle d'une réponse de l'API",
        "",
    ]


def test_a_label_that_is_not_known_has_those_that_are_like_it(run: Run):
    assert "Codes proches : GDP_MSG_11.00" in run("explain", "GDP_MSG_11.009").errors
