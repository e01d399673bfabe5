"""The actors of works contracts, each calling the API with its own account, at a clock that a test moves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chorale.domain.directory.structures import Structure
from chorale.stores.access import accounts
from chorale.stores.directory import structures as directory
from chorale.usecases.works.run_dossiers import follow_invoice, settle_file

from tests.cast import EVERYBODY, RECIPIENT, actor
from tests.unit.http.calling import CONTRACTS, FILES, PAPERS, PASSWORD, TASKS, TREAT, WORKS, Caller, Clock
from tests.unit.http.works_scenario import MAIN
from tests.works import COTRAITANT, FINANCE, MOA, MOE, SITE, SOUS_TRAITANT, STRANGER, TITULAIRE

OTHER_MOA = Structure(10011, "99000008500012", "Demo Autre MOA", public=True, is_moa=True)
ACTORS = (*SITE, OTHER_MOA)
NAMES = {
    "titulaire": TITULAIRE, "cotraitant": COTRAITANT, "sous-traitant": SOUS_TRAITANT, "MOE": MOE, "MOA": MOA,
    "payeur": FINANCE, "étranger": STRANGER, "autre MOA": OTHER_MOA, "public": RECIPIENT,
}  # fmt: skip
SIRET = {name: structure.identifier for name, structure in NAMES.items()}
NUMBER = "M-2026-1"


def write_actors() -> None:
    """The actors in the directory, each with an account."""
    directory.write([one for one in ACTORS if one not in EVERYBODY], [], [])
    for structure in ACTORS:
        somebody = actor(structure)
        account = accounts.TechnicalAccount(somebody.login, accounts.hashed(PASSWORD), dict(somebody.rights))
        accounts.write_technical_account(account)


class Actors:
    """Who acts on one contract."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)

    # Contracts

    @staticmethod
    def contract_body(*, group: bool = False, moe: bool = True, works_for: str = "titulaire", **more: Any) -> Any:
        """The body of a registration: the ordinary contract, or a group's."""
        parties: list[dict[str, Any]] = [
            {"identifiant": SIRET["titulaire"], "role": "MANDATAIRE" if group else "TITULAIRE"},
            {"identifiant": SIRET["MOA"], "role": "MOA"},
            {
                "identifiant": SIRET["sous-traitant"], "role": "SOUS_TRAITANT", "travaillePour": SIRET[works_for],
                "paiementDirect": True, "montantSousTraite": 40000,
            },
        ]  # fmt: skip
        parties += [{"identifiant": SIRET["cotraitant"], "role": "COTRAITANT"}] if group else []
        parties += [{"identifiant": SIRET["MOE"], "role": "MOE"}] if moe else []
        return {"numeroMarche": NUMBER, "listeIntervenants": parties, "serviceFinancier": SIRET["payeur"]} | more

    def register(self, who: str = "MOA", **given: Any) -> int:
        """Register a contract; its id."""
        answer = self.call(who, CONTRACTS, self.contract_body(**given))
        number: int = answer["marche"]["idMarche"]
        return number

    def receive_works(self, contract: int, day: datetime | None = None) -> None:
        """The reception was notified on ``day``, today unless told."""
        on = f"{day or self._clock.now:%Y-%m-%d}"
        self.call("MOA", f"{CONTRACTS}/{contract}/reception", {"dateNotificationReception": on})

    # Calls

    def answer(self, who: str, path: str, body: Any = None) -> dict[str, Any]:
        """What a call is answered; GET without a body."""
        caller = Caller(NAMES[who])
        return caller.get(path) if body is None else caller.post(path, body)

    def call(self, who: str, path: str, body: Any = None) -> dict[str, Any]:
        """A call that must succeed."""
        answer = self.answer(who, path, body)
        assert answer["codeRetour"] == 0, answer
        return answer

    def refusal(self, who: str, path: str, body: Any = None) -> str:
        """What a call that must be refused is answered."""
        answer = self.answer(who, path, body)
        assert answer["codeRetour"] != 0, answer
        said: str = answer["libelle"]
        return said

    def submission(self, frame: str, after: int | None = None, gross: float = 12000.0, **more: Any) -> dict[str, Any]:
        """The body of a deposit; amounts in euros, with tax."""
        named = {name: more.pop(name) for name in list(more) if name.startswith("identifiant")}
        body = {
            "modeDepot": "DEPOT_PDF_API",
            "numeroFactureTravaux": f"{frame}-{next(self._numbers)}",
            "cadreDeFacturation": {"codeCadreFacturation": frame, **named},
            "montantTotal": {"montantHtTotal": round(gross / 1.2, 2), "montantTtcTotal": gross},
            "pieceJointePrincipale": MAIN,
        }
        follows = after or "idPieceRemplacee" in more
        link = {"idPiecePrecedente": after} if after else {} if follows else {"references": {"numeroMarche": NUMBER}}
        return body | link | more

    def deposit(self, who: str, frame: str, after: int | None = None, **more: Any) -> int:
        """Deposit a paper; its id."""
        paper: int = self.call(who, f"{WORKS}/soumettre", self.submission(frame, after, **more))["idFactureTravaux"]
        return paper

    def deposit_refused(self, who: str, frame: str, after: int | None = None, **more: Any) -> str:
        """What a deposit that must be refused is answered."""
        return self.refusal(who, f"{WORKS}/soumettre", self.submission(frame, after, **more))

    def do(self, who: str, operation: str, paper: int, **more: Any) -> dict[str, Any]:
        """An operation of facturesTravaux on a paper."""
        return self.call(who, f"{WORKS}/{operation}", {"idFactureTravaux": paper, **more})

    def do_refused(self, who: str, operation: str, paper: int, **more: Any) -> str:
        """The same, refused."""
        return self.refusal(who, f"{WORKS}/{operation}", {"idFactureTravaux": paper, **more})

    def act(self, who: str, act: str, paper: int, **more: Any) -> dict[str, Any]:
        """An act for which the public platform has no operation."""
        return self.call(who, f"{PAPERS}/{paper}/actes", {"acte": act, **more})

    def act_refused(self, who: str, act: str, paper: int, **more: Any) -> str:
        """The same, refused."""
        return self.refusal(who, f"{PAPERS}/{paper}/actes", {"acte": act, **more})

    def pay(self, paper: int, *statuses: str, reason: str = "") -> None:
        """The payer gives its paper these statuses, and the file follows."""
        for status in statuses:
            self.call("payeur", TREAT, {"idFacture": paper, "nouveauStatut": status, "motif": reason})
            follow_invoice(paper, self._clock.now)

    # The clock

    def wait(self, days: float, *papers: int) -> None:
        """Days go by, with the watch on the files of ``papers``."""
        self._clock.set(self._clock.now + timedelta(days=days))
        for paper in papers:
            settle_file(self.file_number(paper), self._clock.now)

    # What is seen

    def paper(self, paper: int, who: str = "MOA") -> dict[str, Any]:
        """A paper as ``who`` reads it."""
        found: dict[str, Any] = self.do(who, "consulter", paper)["factureTravaux"]
        return found

    def file_number(self, paper: int) -> int:
        """The number of a paper's billing file."""
        number: int = self.paper(paper)["references"]["idDossierFacturation"]
        return number

    def file(self, paper: int, who: str = "MOA") -> dict[str, Any]:
        """The whole file of a paper."""
        return self.call(who, f"{FILES}/{self.file_number(paper)}")

    def delay(self, paper: int, who: str = "MOA") -> dict[str, Any]:
        """The payment delay that a paper started."""
        found: dict[str, Any] = next(
            one for one in self.file(paper, who)["delaisDePaiement"] if one["idFactureTravaux"] == paper
        )
        return found

    def owed(self) -> dict[str, list[str]]:
        """Everybody's tasks, of those who have any."""
        lists = {}
        for name in NAMES:
            if name == "public":
                continue
            rows = self.call(name, TASKS, {"pagination": {"nbResultatsParPage": 100}})["listeTaches"]
            if rows:
                lists[name] = sorted(row["tache"] for row in rows)
        return lists


Register = Callable[..., int]
