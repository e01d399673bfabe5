"""Where the hub is, who calls, and what is said when it does not answer or says no."""

import time

import httpx
import pytest

from tests.unit.cli.conftest import Run, tokens_then

REMOTE = ("--to", "https://hub.example.fr")


def refused(status: int, libelle: str = "Non.", **headers: str):
    """A hub that gives tokens, and one answer to everything else."""
    body = {"codeRetour": status, "libelle": libelle}
    return tokens_then(lambda _asked: httpx.Response(status, json=body, headers=headers))


def fail(error: type[httpx.TransportError]):
    def answer(asked: httpx.Request) -> httpx.Response:
        raise error("no", request=asked)

    return answer


def test_no_hub_is_said_with_what_to_do(run: Run, answering):
    answering(fail(httpx.ConnectError))
    local, remote = run("inbox"), run("inbox", *REMOTE, "--account", "a", "--password", "b", "--client-id", "c",
                                      "--client-secret", "d")  # fmt: skip
    assert local.exit_code == remote.exit_code == 2
    assert local.errors == (
        "chorale inbox : Aucun hub ne répond à http://127.0.0.1:8000 : démarrez-le (make run) ou indiquez son adresse "
        "(--to).\n"
    )
    assert "vérifiez le réseau et son adresse (--to)" in remote.errors


def test_a_hub_that_takes_too_long_is_said(run: Run, answering):
    answering(fail(httpx.ReadTimeout))
    assert "Le hub http://127.0.0.1:8000 ne répond pas en 30 s : réessayez." in run("inbox").errors


def test_a_connection_that_is_cut_is_not_a_hub_that_is_not_there(run: Run, answering):
    answering(fail(httpx.RemoteProtocolError))
    assert run("inbox").errors == (
        "chorale inbox : Le hub http://127.0.0.1:8000 a coupé la connexion : ce qui était demandé est peut-être fait, "
        "réessayez.\n"
    )


def test_the_credentials_of_the_demo_are_for_the_local_hub_only(run: Run, answering):
    answering(fail(httpx.ConnectError))
    result = run("inbox", *REMOTE, "--account", "compte")
    assert result.exit_code == 2
    assert result.errors == (
        "chorale inbox : Pour https://hub.example.fr, indiquez --password (ou CHORALE_PASSWORD), --client-id (ou "
        "CHORALE_CLIENT_ID), --client-secret (ou CHORALE_CLIENT_SECRET).\n"
    )


@pytest.mark.parametrize("url", ["hub.example.fr", "ftp://hub.example.fr", "https://"])
def test_what_is_no_address_is_refused(run: Run, url):
    result = run("inbox", "--to", url)
    assert result.exit_code == 2
    assert f"« {url} » n'est pas l'adresse d'un hub" in result.errors


def test_digits_that_are_no_siret_are_no_account(run: Run, answering):
    answering(lambda _asked: httpx.Response(500))
    result = run("inbox", "--account", "123")
    assert result.exit_code == 2
    assert "--account 123 : un SIRET a 14 chiffres" in result.errors


def test_options_win_over_the_environment_and_a_siret_is_an_account(run: Run, answering, monkeypatch):
    seen = {}

    def answer(asked: httpx.Request) -> httpx.Response:
        seen[asked.url.path] = (asked.url.host, asked.read().decode(), asked.headers.get("cpro-account"))
        return httpx.Response(200, json={"codeRetour": 0, "access_token": "t", "expires_in": 60})

    answering(answer)
    for name, value in {
        "URL": "https://hub.example.fr", "ACCOUNT": "99000007700018", "PASSWORD": "p", "CLIENT_ID": "id",
        "CLIENT_SECRET": "s",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CHORALE_{name}", value)
    assert run("treat", "1", "SERVICE_FAIT", "--client-id", "autre", "--json").exit_code == 0
    host, form, _ = seen["/api/oauth/token"]
    assert (host, "client_id=autre" in form, "client_secret=s" in form) == ("hub.example.fr", True, True)
    assert seen["/cpro/factures/v1/traiter/recue"][2] == "VEVDSF8xXzk5MDAwMDA3NzAwMDE4QGNwcm8uZnI6cA=="


def test_a_wrong_password_is_said(run: Run, api):
    result = run("inbox", "--password", "autre")
    assert result.exit_code == 2
    assert result.errors == (
        "chorale inbox : CHO-AUTH : Compte technique inconnu ou mot de passe erroné (HTTP 401). Vérifiez le compte "
        "technique TECH_1_12345678200028@cpro.fr et son mot de passe (--account, --password).\n"
    )


def test_a_wrong_secret_is_said(run: Run, api):
    result = run("inbox", "--client-secret", "autre")
    assert result.exit_code == 2
    assert "Application refusée (invalid_client)" in result.errors
    assert "Vérifiez --client-id et --client-secret." in result.errors


@pytest.mark.parametrize(
    ("status", "advice"),
    [(403, "Vérifiez l'adresse du hub (--to) et les droits du compte."), (404, "Vérifiez l'adresse du hub (--to).")],
)
def test_what_is_forbidden_or_not_there_is_said(run: Run, answering, status, advice):
    answering(refused(status))
    result = run("inbox")
    assert (result.exit_code, result.errors) == (2, f"chorale inbox : Non (HTTP {status}). {advice}\n")


@pytest.mark.parametrize(
    ("libelle", "said"),
    [
        ("Sans réponse : réessayez.",
         "Sans réponse : réessayez (HTTP 500). Si cela dure, donnez ce numéro à l'exploitant : abc-1."),
        ("Réessayez, ou donnez ce numéro à l'exploitant : abc-1.",
         "Réessayez, ou donnez ce numéro à l'exploitant : abc-1 (HTTP 500)."),
    ],
)  # fmt: skip
def test_a_fault_of_the_hub_is_said_with_the_number_that_its_operator_wants(run: Run, answering, libelle, said):
    answering(refused(500, libelle, **{"x-correlationid": "abc-1"}))
    result = run("inbox")
    assert (result.exit_code, result.errors) == (2, f"chorale inbox : {said}\n")


def test_what_is_no_hub_is_said(run: Run, answering):
    answering(lambda _asked: httpx.Response(200, html="<html>"))
    assert run("inbox").errors == (
        "chorale inbox : http://127.0.0.1:8000 ne répond pas comme un hub (HTTP 200, text/html; charset=utf-8) : "
        "vérifiez son adresse (--to).\n"
    )


def test_a_machine_gets_the_numbers_of_a_refusal(run: Run, answering):
    answering(refused(403))
    assert run("inbox", "--json").json == {
        "error": "Non (HTTP 403). Vérifiez l'adresse du hub (--to) et les droits du compte.",
        "status": 403,
        "codeRetour": 403,
    }


def test_a_quota_is_waited_for_as_the_hub_says(run: Run, answering, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    said = iter([httpx.Response(429, json={}, headers={"Retry-After": "12"}), httpx.Response(429, json={})])
    answering(tokens_then(lambda _asked: next(said, httpx.Response(200, json={"codeRetour": 0}))))
    result = run("inbox", "--json")
    assert (result.exit_code, pauses) == (0, [12.0, 1.0])
    assert result.errors.startswith("Quota d'appels atteint : nouvel essai dans 12 s.\n")


def test_a_quota_is_not_waited_for_without_end(run: Run, answering, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    answering(refused(429, "Trop d'appels.", **{"Retry-After": "3600"}))
    result = run("inbox")
    assert (result.exit_code, pauses) == (2, [60.0] * 4)
    assert "Trop d'appels (HTTP 429). Attendez, ou demandez un quota plus large à l'exploitant." in result.errors


def test_an_interruption_has_the_exit_code_of_shells(run: Run, monkeypatch):
    def stop(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("chorale_cli.rules.run", stop)
    result = run("rules")
    assert (result.exit_code, result.errors) == (130, "Interrompu.\n")
