"""A client of the hub's public API, for the command line, the demo and the benchmarks."""

import base64
import hashlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

INLINE_AT_MOST = 4_000_000
"""Bytes of a file above which the deposit goes by presigned upload: base64 must fit a 6 MB request."""
VERDICTS = frozenset({"IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE", "IN_INCIDENTE"})
SYNTAX_OF_FORM = {
    "UBL_INVOICE": "IN_DP_E1_UBL_INVOICE",
    "UBL_CREDIT_NOTE": "IN_DP_E1_UBL_INVOICE",
    "CII": "IN_DP_E1_CII_16B",
    "PDF": "IN_DP_E2_CII_FACTURX",
}


class HubError(Exception):
    """The hub refused a request, or could not be reached; the message says what to change."""


@dataclass
class HubClient:
    """A connected application and technical account. Times are in seconds."""

    base_url: str
    client_id: str
    client_secret: str
    login: str
    password: str
    timeout: float = 30.0
    _http: httpx.Client = field(init=False, repr=False)
    _token: str = field(init=False, default="", repr=False)
    _token_until: float = field(init=False, default=0.0, repr=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.base_url.rstrip("/"), timeout=self.timeout)

    def call(self, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> dict[str, Any]:
        """Call an operation (``/cpro/...`` or ``/chorale/...``); raises HubError when it is not done."""
        account = base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Bearer {self._bearer()}", "cpro-account": account}
        answer = self._send(method, path, json=body if method == "POST" else None, headers=headers)
        content = self._json(answer)
        if answer.status_code != httpx.codes.OK or content.get("codeRetour", 0) != 0:
            raise HubError(f"{path}: {content.get('libelle') or content.get('message') or answer.status_code}")
        return content

    def deposit(self, file: Path, syntax: str, content: bytes | None = None, *, upload: bool = False) -> str:
        """Deposit a file inside the request, or by presigned upload when it is large or ``upload`` says so.

        Returns the flux number.
        """
        content = file.read_bytes() if content is None else content
        if upload or len(content) > INLINE_AT_MOST:
            return self._upload(file.name, content, syntax)
        body = {"fichierFlux": base64.b64encode(content).decode(), "nomFichier": file.name, "syntaxeFlux": syntax}
        number: str = self.call("/cpro/factures/v1/deposer/flux", body | {"avecSignature": False})["numeroFluxDepot"]
        return number

    def report(self, flux_number: str) -> dict[str, Any]:
        """State of a deposit and, once there is a verdict, its complete report."""
        return self.call(f"/chorale/v1/depots/{flux_number}", method="GET")

    def wait(self, flux_number: str, patience: float = 60.0, pause: float = 0.1) -> dict[str, Any]:
        """The report of a deposit once there is a verdict; raises HubError when none comes in ``patience``."""
        until = time.monotonic() + patience
        while True:
            report = self.report(flux_number)
            if report["etat"] in VERDICTS:
                return report
            if time.monotonic() > until:
                raise HubError(f"no verdict on {flux_number} after {patience:.0f} s: it is at {report['etat']}")
            time.sleep(pause)

    def _upload(self, name: str, content: bytes, syntax: str) -> str:
        announced = {
            "nomFichier": name,
            "taille": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "syntaxeFlux": syntax,
        }
        opened = self.call("/chorale/v1/depots", announced)
        sent = httpx.post(opened["url"], data=opened["champs"], files={"file": (name, content)}, timeout=self.timeout)
        if sent.is_error:
            raise HubError(f"the upload of {name} was refused ({sent.status_code}): {sent.text[:300]}")
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
            if answer.status_code != httpx.codes.OK:
                raise HubError(f"token: {content.get('error_description') or answer.status_code}")
            self._token = content["access_token"]
            self._token_until = time.monotonic() + content["expires_in"] - 60
        return self._token

    def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **given)
        except httpx.TransportError as error:
            raise HubError(f"the hub at {self.base_url} does not answer ({error}): is it running?") from error

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        try:
            content: dict[str, Any] = answer.json()
        except ValueError as error:
            raise HubError(f"the answer is not JSON ({answer.status_code}): {answer.text[:200]}") from error
        return content
