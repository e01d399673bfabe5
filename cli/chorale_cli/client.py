"""A client of the hub's public API, for the command line, the demo and the benchmarks."""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from chorale.domain.statuses import VERDICT_OF_CODE

from chorale_cli.exits import REFUSED, Failure
from chorale_cli.visible import without_password

INLINE_AT_MOST = 4_000_000
"""Bytes of a file above which the deposit goes by presigned upload: base64 must fit a 6 MB request."""
VERDICTS = frozenset({"IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE", "IN_INCIDENTE"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TRIES_AT_MOST = 5
"""How often a call that exceeds a quota is sent."""
LONGEST_PAUSE = 60.0
"""Seconds that a call waits at most before it is sent again, whatever ``Retry-After`` says."""
PAUSE_BEFORE_RETRY = 0.5
"""Seconds before a deposit whose answer was lost is sent again."""
MAYBE_DEPOSITED = (
    "connexion coupée, le dépôt est peut-être fait : déposez de nouveau le même fichier. Une facture que le premier "
    "dépôt a intégrée est alors refusée (CHO-NUMERO-DOUBLON), jamais intégrée deux fois."
)
ADVICE = {
    401: " Vérifiez le compte technique {login} et son mot de passe (--account, --password).",
    403: " Vérifiez l'adresse du hub (--to) et les droits du compte.",
    404: " Vérifiez l'adresse du hub (--to).",
    429: " Attendez, ou demandez un quota plus large à l'exploitant.",
}
"""HTTP status -> what a person does about it."""
NO_RESULT = "TRA_MSG_00.015"
"""Label code with which the platform answers a search that finds nothing: an error on the wire, not for a person."""

Pause = Callable[[float], None]


class HubError(Failure):
    """A request that was not done; the message (French) says what to change.

    ``status`` is that of HTTP, None when nothing answered; ``code`` is ``codeRetour``; ``link`` is where an answer that
    was too large can be fetched.
    """

    def __init__(self, message: str, status: int | None = None, code: int | None = None, link: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.link = link

    def to_json(self) -> dict[str, Any]:
        """What a machine reads of it: the two numbers too."""
        return {"error": str(self), "status": self.status, "codeRetour": self.code}


class HubRefusal(HubError):
    """The hub read the request and said no."""

    exit_code = REFUSED


class ConnectionCut(HubError):
    """The connection ended before the answer: what was asked is done, or not."""


class _Answer(dict[str, Any]):
    """An object of an answer of the hub: a field that is not there, and must be, is said."""

    def __missing__(self, key: str) -> Any:
        raise HubError(f"La réponse du hub n'a pas de {key} : vérifiez son adresse (--to) et sa version.")


def is_local(url: str) -> bool:
    """Whether ``url`` is on this machine, where the demo's credentials are no secret."""
    return urlsplit(url).hostname in LOOPBACK


@dataclass
class HubClient:
    """A connected application and technical account. Times are in seconds."""

    base_url: str
    client_id: str
    client_secret: str
    login: str
    password: str
    timeout: float = 30.0
    pause: Pause = time.sleep
    """Waits for some seconds: between two looks at a deposit, and before a call that exceeded a quota is repeated."""
    _http: httpx.Client = field(init=False, repr=False)
    _token: str = field(init=False, default="", repr=False)
    _token_until: float = field(init=False, default=0.0, repr=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.base_url.rstrip("/"), timeout=self.timeout)

    @property
    def _shown(self) -> str:
        return without_password(self.base_url)

    def call(
        self, path: str, body: dict[str, Any] | None = None, method: str = "POST", key: str = ""
    ) -> dict[str, Any]:
        """Call an operation (``/cpro/...`` or ``/chorale/...``); numbers with a point are decimals.

        A call that is sent again with the same ``key`` (Idempotency-Key) gets the first answer and is not done twice.
        Raises HubRefusal when the hub says no, HubError when the request is not done for another reason.
        """
        account = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Bearer {self._bearer()}", "cpro-account": account}
        if key:
            headers["Idempotency-Key"] = key
        answer = self._send(method, path, json=body if method == "POST" else None, headers=headers)
        content = self._json(answer)
        if answer.status_code != httpx.codes.OK:
            raise self._not_done(answer, content)
        if content.get("codeRetour", 0) != 0:
            raise HubRefusal(_said(content), answer.status_code, content["codeRetour"], _link(content))
        return content

    def search(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call a search; one that finds nothing gives an empty answer. Raises HubError."""
        try:
            return self.call(path, body)
        except HubRefusal as refusal:
            if NO_RESULT not in str(refusal):
                raise
            return {}

    def deposit(self, file: Path, syntax: str, content: bytes | None = None, *, upload: bool = False) -> str:
        """Deposit a file inside the request, or by presigned upload when it is large or ``upload`` says so.

        Returns the flux number. Raises HubError.
        """
        content = file.read_bytes() if content is None else content
        if upload or len(content) > INLINE_AT_MOST:
            return self._upload(file.name, content, syntax)
        body = {"fichierFlux": base64.b64encode(content).decode(), "nomFichier": file.name, "syntaxeFlux": syntax}
        number: str = self._once("/cpro/factures/v1/deposer/flux", body | {"avecSignature": False})["numeroFluxDepot"]
        return number

    def report(self, flux_number: str) -> dict[str, Any]:
        """State of a deposit and, once there is a verdict, its complete report. Raises HubError."""
        try:
            return self.call(f"/chorale/v1/depots/{flux_number}", method="GET")
        except HubError as error:
            if not error.link:
                raise
            return _as_deposit(json.loads(self.fetch(error.link)))

    def report_pdf(self, flux_number: str) -> bytes:
        """The report of a deposit as a PDF; empty before the verdict. Raises HubError."""
        answer = self.call("/cpro/transverses/v1/consulterCR", {"numeroFluxDepot": flux_number})
        return base64.b64decode(answer.get("fichierCR") or "")

    def file(self, path: str, body: dict[str, Any], key: str) -> bytes:
        """The file that an operation answers in base64 under ``key``, or behind a link. Raises HubError."""
        try:
            return base64.b64decode(self.call(path, body)[key])
        except HubError as error:
            if not error.link:
                raise
            return self.fetch(error.link)

    def fetch(self, link: str) -> bytes:
        """What is behind a presigned link. Raises HubError."""
        try:
            answer = httpx.get(link, timeout=self.timeout)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise HubError(f"Le téléchargement n'a pas abouti ({error}) : réessayez.") from error
        if answer.is_error:
            raise HubError(f"Le téléchargement a été refusé ({answer.status_code}) : réessayez.", answer.status_code)
        return answer.content

    def wait(self, flux_number: str, patience: float = 60.0, pause: float = 0.1) -> dict[str, Any]:
        """The report of a deposit once there is a verdict; raises HubError when none comes in ``patience``."""
        until = time.monotonic() + patience
        while True:
            report = self.report(flux_number)
            if report["etat"] in VERDICTS:
                return report
            if time.monotonic() > until:
                raise HubError(
                    f"Pas encore de verdict sur {flux_number} après {patience:.0f} s ({report['etatLibelle']}) : "
                    f"demandez-le plus tard par « chorale report {flux_number} »."
                )
            self.pause(pause)

    def _once(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Call a deposit, and again when nobody knows whether it was done: by its key it is done once.

        Raises ConnectionCut when it is not known then either.
        """
        key = str(uuid4())
        self._bearer()  # without a token nothing is deposited, which needs no doubt
        try:
            return self.call(path, body, key=key)
        except HubError as error:
            if not _in_doubt(error):
                raise
        self.pause(PAUSE_BEFORE_RETRY)
        try:
            return self.call(path, body, key=key)
        except HubError as error:
            # 409: the first one is still being done.
            if error.status not in (None, httpx.codes.CONFLICT) and not _in_doubt(error):
                raise
            raise ConnectionCut(MAYBE_DEPOSITED, error.status, error.code) from error

    def _upload(self, name: str, content: bytes, syntax: str) -> str:
        announced = {
            "nomFichier": name,
            "taille": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "syntaxeFlux": syntax,
        }
        opened = self._once("/chorale/v1/depots", announced)
        try:
            sent = httpx.post(
                opened["url"], data=opened["champs"], files={"file": (name, content)}, timeout=self.timeout
            )
        except httpx.ConnectError as error:
            raise HubError(f"L'envoi de {name} n'a pas abouti ({error}) : déposez-le de nouveau.") from error
        except httpx.TransportError as error:
            raise ConnectionCut(
                f"connexion coupée, le dépôt est peut-être fait : demandez-le par « chorale report "
                f"{opened['numeroFluxDepot']} », et s'il n'a pas été reçu, déposez {name} de nouveau."
            ) from error
        if sent.is_error:
            raise HubError(f"L'envoi de {name} a été refusé ({sent.status_code}) : {sent.text[:300]}", sent.status_code)
        number: str = opened["numeroFluxDepot"]
        return number

    def _bearer(self) -> str:
        if time.monotonic() >= self._token_until:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "scope": "openid",
            }
            answer = self._send("POST", "/api/oauth/token", data=form)
            content = self._json(answer)
            if answer.status_code == httpx.codes.BAD_REQUEST and content.get("error"):
                raise HubError(
                    f"Application refusée ({content['error']}) : {content.get('error_description', '')} "
                    "Vérifiez --client-id et --client-secret.",
                    answer.status_code,
                )
            if answer.status_code != httpx.codes.OK:
                raise self._not_done(answer, content)
            self._token = content["access_token"]
            self._token_until = time.monotonic() + content["expires_in"] - 60
        return self._token

    def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        """The answer; a call beyond a quota is sent again when the hub says that it may be."""
        for _ in range(TRIES_AT_MOST - 1):
            answer = self._send_once(method, path, **given)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer
            self.pause(_retry_after(answer))
        return self._send_once(method, path, **given)

    def _send_once(self, method: str, path: str, **given: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **given)
        except httpx.TimeoutException as error:
            # A request that left may be done; one that found no connection is not.
            kind = HubError if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout) else ConnectionCut
            raise kind(f"Le hub {self._shown} ne répond pas en {self.timeout:.0f} s : réessayez.") from error
        except (httpx.ReadError, httpx.WriteError, httpx.CloseError, httpx.RemoteProtocolError) as error:
            raise ConnectionCut(
                f"Le hub {self._shown} a coupé la connexion : ce qui était demandé est peut-être fait, réessayez."
            ) from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            start = "démarrez-le (make run) ou indiquez" if is_local(self.base_url) else "vérifiez le réseau et"
            raise HubError(f"Aucun hub ne répond à {self._shown} : {start} son adresse (--to).") from error

    def _not_done(self, answer: httpx.Response, content: dict[str, Any]) -> HubError:
        status, said = answer.status_code, _said(content).rstrip(".") or "Réponse sans explication"
        correlation = answer.headers.get("x-correlationid", "")
        advice = ADVICE.get(status, "").format(login=self.login)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR and correlation and correlation not in said:
            advice = f" Si cela dure, donnez ce numéro à l'exploitant : {correlation}."
        return HubError(f"{said} (HTTP {status}).{advice}", status, content.get("codeRetour"))

    def _json(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            content = json.loads(answer.content, parse_float=Decimal, object_hook=_Answer)
            if not isinstance(content, dict):
                raise ValueError
        except (ValueError, RecursionError) as error:
            raise HubError(
                f"{self._shown} ne répond pas comme un hub (HTTP {answer.status_code}, "
                f"{answer.headers.get('content-type', 'sans type')}) : vérifiez son adresse (--to).",
                answer.status_code,
            ) from error
        return content


def _said(content: dict[str, Any]) -> str:
    return str(content.get("libelle") or content.get("message") or content.get("error_description") or "")


def _in_doubt(error: HubError) -> bool:
    return isinstance(error, ConnectionCut) or error.status == httpx.codes.SERVICE_UNAVAILABLE


def _link(content: dict[str, Any]) -> str:
    return str(content.get("lienTelechargement") or "")


def _retry_after(answer: httpx.Response) -> float:
    """Seconds to wait, as ``Retry-After`` says."""
    said = answer.headers.get("retry-after", "")
    return min(float(said), LONGEST_PAUSE) if said.isdecimal() and said.isascii() else 1.0


def _as_deposit(report: dict[str, Any]) -> dict[str, Any]:
    """A report that was fetched apart, in the form of the answer that was too large for it."""
    state = VERDICT_OF_CODE[report["state"]]
    return {
        "numeroFluxDepot": report["flux_number"],
        "etat": state.public_code,
        "etatLibelle": state.label,
        "dateDepotFlux": report["deposited_at"],
        "nomFichier": report["file_name"],
        "syntaxeFlux": report["syntax"],
        "integrees": report["counts"].get("integrated", 0),
        "refusees": report["counts"].get("refused", 0),
        "rapport": report,
    }
