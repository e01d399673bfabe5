"""What a reader of the documentation needs before the operations, in French, printed from the tables of the code.

How to get in, what every answer has in common, the codes that travel, what a webhook brings.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chorale.apidoc.manual import REPLAY_REFUSED, TOO_FAST, TOO_LARGE, UNANSWERED, UNFINISHED
from chorale.domain import errors
from chorale.domain.dates import instant
from chorale.domain.events import Event, EventType
from chorale.domain.exchange.webhooks import EVENT_HEADER, RESTS_AFTER, SIGNATURE_HEADER, TYPES, signature
from chorale.domain.invoices.transitions import TRANSITIONS
from chorale.domain.paging import RESULTS_CAP
from chorale.domain.statuses import FLUX_STATE_CODES, STATUS_LABELS, FluxState, Status
from chorale.domain.syntaxes import SYNTAX_ROWS, DocumentForm
from chorale.formats.writing.webhook_call import message
from chorale.http.edge.answers import NoToken
from chorale.http.edge.api import IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_MAX
from chorale.wire.base.errors import NO_RESULT, REFUSALS, AnswerTooLarge, envelope, technical_envelope
from chorale.wire.base.models import ACCEPTED, DONE
from chorale.wire.travaux.paper_lists import NO_RESULT_CODE, NO_RESULT_LABEL


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first column holds what is written on the wire."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A text to copy as it stands; one that ``names_server`` is shown with the address of the server that is read."""

    text: str
    names_server: bool = False


Block = str | Table | Code
"""A paragraph, a table or a text to copy."""


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of the guide."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def sections() -> tuple[Section, ...]:
    """The guide, in the order in which a newcomer needs it."""
    return (
        Section("premiers-pas", "Premiers pas", tuple(_first_steps())),
        Section("en-tetes", "En-têtes", (HEADERS,)),
        Section("statuts-http", "Statuts HTTP et leurs corps", tuple(_http_statuses())),
        Section("codes-retour", "codeRetour et libelle", tuple(_return_codes())),
        Section("recherches", "Recherches : pages, dates, critères", SEARCHES),
        Section("syntaxes", "Syntaxes d'un dépôt", tuple(_syntaxes())),
        Section("etats-flux", "États d'un flux", tuple(_flux_states())),
        Section("rapport", "Le rapport d'un dépôt", REPORT),
        Section("statuts-facture", "Statuts d'une facture", tuple(_statuses())),
        Section("idempotence", IDEMPOTENCY_KEY, tuple(_idempotency())),
        Section("corps-webhook", "Ce qu'un webhook reçoit", tuple(_webhook())),
    )


BY_HAND = """CHORALE=http://127.0.0.1:8000      # l'adresse de ce serveur
JETON=$(curl -s "$CHORALE/api/oauth/token" \\
  -d grant_type=client_credentials -d client_id=demo-client -d client_secret=demo-secret -d scope=openid \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
COMPTE=$(printf '%s' 'TECH_1_99000007700018@cpro.fr:demo-password' | base64 | tr -d '\\n')
curl -s "$CHORALE/cpro/transverses/v1/recuperer/tauxtva" \\
  -H "Authorization: Bearer $JETON" -H "cpro-account: $COMPTE" -H 'Content-Type: application/json' -d '{}'"""


def _first_steps() -> Iterator[Block]:
    yield (
        "Deux identités à chaque appel : l'application, par un jeton OAuth2 d'une heure, et le compte technique, par "
        "l'en-tête cpro-account. Le compte dit pour quelles structures on agit et ce que l'on peut y faire. Les "
        "valeurs ci-dessous sont celles de la démonstration locale ; les commandes curl de chaque opération se servent "
        "des trois variables."
    )
    yield Code(BY_HAND, names_server=True)
    yield (
        "Ensuite : déposer (deposerFluxFacture), suivre le dépôt jusqu'à un état final (consulterCRDetaille), "
        "retrouver ses factures (rechercherFactureParFournisseur avec numeroFluxDepot), lire leur vie "
        "(consulterHistoriqueFacture)."
    )


HEADERS = Table(
    ("en-tête", "valeur", "quand"),
    (
        ("Authorization", "Bearer et le jeton reçu de POST /api/oauth/token", "à chaque appel, sauf « sans jeton »"),
        ("cpro-account", "login:motdepasse du compte technique, en base64 (UTF-8), sans « Basic »", "à chaque appel"),
        ("Content-Type", "application/json ; application/x-www-form-urlencoded pour le jeton", "avec un corps"),
        (IDEMPOTENCY_KEY, f"une clé de votre choix, {IDEMPOTENCY_KEY_MAX} caractères au plus", "dépôts et actes"),
        ("x-correlationid", "numéro de l'appel, à donner à l'exploitant", "dans chaque réponse"),
        ("WWW-Authenticate", "la raison d'un refus d'identité", "dans les réponses 400 et 401"),
        ("Retry-After", "secondes à attendre", "dans les réponses 429"),
    ),
)


def _http_statuses() -> Iterator[Block]:
    no_token, quota = NoToken().message, errors.TooManyRequests("Quota de la minute épuisé : réessayez.", 20)
    refused = {**envelope(errors.NotAuthenticated("Compte technique refusé : …")), "error": "invalid_account"}
    listed = {"errors": [{"error": "BadRequest", "message": "siren est obligatoire."}]}
    bodies: Sequence[tuple[str, str, Mapping[str, Any] | None]] = (
        ("200", "Fait, ou refus métier : codeRetour le dit.", {"codeRetour": 0, "libelle": DONE}),
        ("204", "Fait, sans corps (organisations/v1).", None),
        ("400", "Pas de jeton.", technical_envelope(400, no_token, error="invalid_request")),
        ("400", "Demande refusée, dans organisations/v1 seulement.", listed),
        ("401", "Jeton ou compte technique refusé.", refused),
        ("403", "Adresse inconnue ou méthode non admise.", technical_envelope(403, "Adresse inconnue …")),
        ("409", REPLAY_REFUSED["409"], envelope(errors.ReplayInProgress("Cette demande est en cours …"))),
        ("413", "Requête trop volumineuse.", technical_envelope(413, TOO_LARGE)),
        ("422", REPLAY_REFUSED["422"], envelope(errors.ReplayOfAnother("Cette clé a servi …"))),
        ("429", "Trop de requêtes : Retry-After dit combien attendre.", envelope(quota)),
        ("429", "La même chose, dite par la passerelle.", technical_envelope(429, TOO_FAST)),
        ("500", "Erreur interne : donner x-correlationid à l'exploitant.", technical_envelope(500, "Erreur interne …")),
        ("502, 503, 504", UNFINISHED, technical_envelope(500, UNANSWERED)),
    )
    yield (
        "Un refus métier est un HTTP 200 : les clients en usage s'arrêtent sur tout autre statut. Chaque erreur a un "
        "Content-Type et un corps JSON."
    )
    yield Table(
        ("HTTP", "sens", "corps"),
        tuple((status, why, json.dumps(body, ensure_ascii=False) if body else "") for status, why, body in bodies),
    )


MEANINGS: Mapping[type[errors.ChoraleError], str] = {
    errors.InvoiceNotFound: "La facture n'existe pas, ou n'est pas de vos structures.",
    errors.Forbidden: "L'habilitation manque au compte technique.",
    errors.FileTooLarge: "Fichier trop volumineux.",
    errors.AttachmentTooLarge: "Pièce jointe de plus de 10 Mo.",
    errors.AttachmentNotFound: "La pièce jointe n'existe pas ou n'est plus disponible.",
    errors.ActImpossible: "Le statut courant ne permet pas cet acte.",
    errors.NotSuspended: "Seule une facture suspendue se complète.",
    errors.FluxNotFound: "Le flux n'existe pas, ou a été déposé par un autre compte.",
    errors.PaperNotFound: "La pièce de travaux, le dossier ou le marché n'existe pas.",
    errors.StructureNotFound: "La structure ou le service n'est pas à l'annuaire.",
    errors.InvalidRequest: "Un champ manque, est faux ou n'est pas connu : le libellé les nomme tous.",
    errors.InfectedFile: "Le fichier contient un virus.",
    errors.ActiveFile: "Le fichier contient un script ou une action.",
    errors.SubmissionRefused: "Facture saisie à corriger : listeErreurs dit tout ce qui doit changer.",
    AnswerTooLarge: "La réponse dépasse 6 Mo : demander moins, ou suivre lienTelechargement.",
    errors.NotAuthenticated: "Jeton ou compte technique refusé (HTTP 401).",
    errors.TooManyRequests: "Quota épuisé (HTTP 429).",
    errors.TooManyFailures: "Trop de secrets faux venus de cette adresse : attendre Retry-After (HTTP 429).",
    errors.ReplayRefused: f"{IDEMPOTENCY_KEY} inutilisable (HTTP 409).",
    errors.ReplayInProgress: f"La première requête de cette {IDEMPOTENCY_KEY} est en cours (HTTP 409).",
    errors.ReplayOfAnother: f"Cette {IDEMPOTENCY_KEY} a servi avec un autre corps (HTTP 422).",
}
"""What each refusal of the table of codes means to who reads it."""


RETURN_CODES: tuple[tuple[str, str, str], ...] = (
    ("0", DONE, "Lecture faite ; ce qui suit « : » est une remarque."),
    ("0", ACCEPTED, "Dépôt, saisie ou acte accepté."),
    (str(NO_RESULT.return_code), NO_RESULT.label_code, "rechercher/recipiendaire : aucun résultat."),
    (str(NO_RESULT_CODE), NO_RESULT_LABEL, "facturesTravaux/rechercher : aucun résultat."),
    *((str(row.return_code), row.label_code, MEANINGS[kind]) for kind, row in REFUSALS.items()),
)
"""``codeRetour``, the code with which ``libelle`` begins, and what the pair means."""


def _return_codes() -> Iterator[Block]:
    yield (
        "codeRetour vaut 0 quand c'est fait. Sinon libelle commence par un code stable, puis dit en français ce qu'il "
        "faut changer. Le même nombre a plusieurs sens : c'est la paire qui se lit."
    )
    yield Table(("codeRetour", "libelle", "sens"), RETURN_CODES)


SEARCHES: tuple[Block, ...] = (
    "Une page se demande par pageResultatDemandee, nbResultatsParPage, triColonne et triSens (Ascendant ou "
    "Descendant), dans un objet dont le nom change d'une recherche à l'autre ; nbResultatsMaximum borne l'ensemble. La "
    "réponse dit pageCourante, pages, nbResultatsParPage et total. Sans page, ou à zéro, c'est la première ; une page "
    f"négative, une page après la dernière et plus de {RESULTS_CAP} résultats par page sont dits dans libelle.",
    "Les bornes d'une période ou d'un montant sont comprises ; des bornes échangées sont refusées. Zéro vaut « non "
    "donné » pour un identifiant et pour un montant que l'autre borne contredit. Un texte vide ou null vaut « non "
    "donné » partout.",
    "Une recherche refuse un critère qu'elle ne connaît pas et propose le plus proche ; un critère connu mais sans "
    "effet ici est nommé dans libelle, sauf ce que des clients joignent à toute demande (idUtilisateurCourant, "
    "codeLangue) et ce qui est dit « Accepté et sans effet ».",
    Table(
        ("ce qui est daté", "forme"),
        (
            ("jours, dans les deux sens", "AAAA-MM-JJ, jours de Paris ; JJ/MM/AAAA est aussi compris"),
            ("instants des réponses", f"RFC 3339 en UTC avec millisecondes, par exemple "
             f"{instant(datetime(2026, 11, 29, 19, 32, 58, tzinfo=UTC))}"),
            ("historiques, services", "AAAA-MM-JJ HH:MM, heure de Paris"),
            ("montants", "nombres JSON exacts ; un texte, avec point ou virgule, est compris en entrée"),
        ),
    ),
)  # fmt: skip

FORMS: Mapping[DocumentForm, str] = {
    DocumentForm.UBL_INVOICE: "UBL Invoice",
    DocumentForm.UBL_CREDIT_NOTE: "UBL CreditNote",
    DocumentForm.CII: "CrossIndustryInvoice",
    DocumentForm.PDF: "PDF avec ses données",
    DocumentForm.CPP: "CPPFacturePivot",
}


def _syntaxes() -> Iterator[Block]:
    yield (
        "syntaxeFlux dit ce que contient le fichier. Une archive zip ou tar.gz groupe des fichiers d'une même syntaxe."
    )
    yield Table(
        ("syntaxeFlux", "format", "fichiers", "interface"),
        tuple(
            (syntax.value, row.label, ", ".join(sorted(FORMS[form] for form in row.forms)), row.interface_code)
            for syntax, row in SYNTAX_ROWS.items()
        ),
    )


FLUX_MEANINGS: Mapping[FluxState, str] = {
    FluxState.RECEIVED: "Reçu, ou annoncé et attendu : relire plus tard.",
    FluxState.ANALYSING: "L'antivirus examine le fichier : relire plus tard.",
    FluxState.INTEGRATING: "Les contrôles sont en cours : relire plus tard.",
    FluxState.TO_RETRY: "Un incident retarde les contrôles : rien à faire, ils reprendront.",
    FluxState.INTEGRATED: "Toutes les factures sont intégrées.",
    FluxState.PARTLY_INTEGRATED: "Une partie est intégrée ; le compte rendu dit quelles factures ne le sont pas.",
    FluxState.REJECTED: "Aucune facture n'est intégrée ; corriger, puis déposer de nouveau.",
    FluxState.FAILED: "Un incident de la plateforme ; déposer de nouveau.",
}


def _flux_states() -> Iterator[Block]:
    yield (
        "etatCourantFlux de consulterCR, etatCourantDepotFlux de consulterCRDetaille, etat de suivreDepot. Relire "
        "toutes les quelques secondes jusqu'à un état final, ou créer un webhook flux.verdict."
    )
    yield Table(
        ("état", "libellé", "final", "sens"),
        tuple(
            (FLUX_STATE_CODES[state][0], FLUX_STATE_CODES[state][1], "oui" if state.is_verdict else "non", meaning)
            for state, meaning in FLUX_MEANINGS.items()
        ),
    )


REPORT_FIELDS: Mapping[str, str] = {
    "flux_number": "numéro du flux ; vide dans la réponse de controlerFlux",
    "file_name": "nom du fichier déposé",
    "syntax": "syntaxe du dépôt",
    "state": "verdict, un état final d'un flux",
    "deposited_at": "instant du dépôt",
    "decided_at": "instant du verdict",
    "findings": "constats sur le fichier lui-même",
    "ranks": "une entrée par facture, dans l'ordre du fichier",
    "ranks[].rank": "rang dans le fichier, à partir de 1",
    "ranks[].file_name": "nom du membre de l'archive, ou du fichier",
    "ranks[].outcome": "INTEGREE ou REFUSEE",
    "ranks[].invoice_id": "identifiant de la facture intégrée (idFacture)",
    "ranks[].invoice_number": "numéro lu dans la facture",
    "ranks[].supplier_identifier": "identifiant du fournisseur lu dans la facture",
    "ranks[].recipient_identifier": "identifiant du destinataire lu dans la facture",
    "ranks[].findings": "constats sur cette facture",
    "findings[].code": "code stable : CHO-… de cette plateforme, sinon l'identifiant de la règle officielle",
    "findings[].severity": "error refuse la facture ; warning et information, non",
    "findings[].source": "de qui est la règle : CHORALE, XSD, EN16931-UBL, …",
    "findings[].message": "ce qui ne va pas et ce qu'il faut changer, en français",
    "findings[].term": "terme de la norme EN 16931 (BT-…, BG-…), s'il y en a un",
    "findings[].xpath": "élément dont il s'agit",
    "findings[].line": "ligne du fichier XML",
    "findings[].column": "colonne",
    "findings[].value": "ce que le document dit, raccourci s'il est long",
    "findings[].expected": "ce qui serait juste",
    "findings[].count": "nombre de fois où le même constat a été fait",
    "counts": "total, integrated et refused : nombres de factures",
}
"""Path in the report -> what stands there; findings are the same for the file and for an invoice."""
REPORT: tuple[Block, ...] = (
    "rapport de suivreDepot et de controlerFlux dit tout ce qui a été constaté ; consulterCRDetaille en donne la forme "
    "de Chorus Pro, consulterCR le fichier PDF. Un champ vide est absent. Le sens d'un code : chorale explain CODE.",
    Table(("champ", "sens"), tuple(REPORT_FIELDS.items())),
)


def _statuses() -> Iterator[Block]:
    followed = {row.source for row in TRANSITIONS}
    reached = {row.target for row in TRANSITIONS}
    yield (
        "Un statut est final quand rien ne peut le suivre. Les statuts des seules pièces de travaux (MOE, MOA, "
        "association) se suivent dans facturesTravaux/v1."
    )
    yield Table(
        ("statut", "libellé", "final"),
        tuple(
            (status.value, STATUS_LABELS[status], "non" if status in followed else "oui")
            for status in Status
            if status in reached
        ),
    )


def _idempotency() -> Iterator[Block]:
    yield (
        f"Après une coupure, comment savoir si le dépôt est fait ? Envoyez la même requête avec la même "
        f"{IDEMPOTENCY_KEY} (un UUID, nouveau pour chaque demande) : dans l'heure elle reçoit la première réponse et "
        "rien n'est fait deux fois. Un refus n'est pas gardé : la requête corrigée peut reprendre la même clé."
    )
    yield Code(
        'curl "$CHORALE/cpro/factures/v1/deposer/flux" \\\n'
        '  -H "Authorization: Bearer $JETON" -H "cpro-account: $COMPTE" \\\n'
        f"  -H 'Content-Type: application/json' -H '{IDEMPOTENCY_KEY}: 6c1f0c52-7d0e-4f0a-9a53-0d6f1f6f3f11' "
        "-d @depot.json"
    )


SHOWN_SECRET = "u3V0b3VyZGVzZWNyZXRtb250cmV1bmVmb2lz"  # noqa: S105 - the secret of nobody, for the example
SHOWN_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SHOWN_EVENTS: Mapping[EventType, Event] = {
    EventType.INVOICE_STATUS_CHANGED: Event(
        EventType.INVOICE_STATUS_CHANGED, "1000000", 4, Status.MISE_A_DISPOSITION, Status.MANDATEE, SHOWN_AT
    ),
    EventType.FLUX_DECIDED: Event(
        EventType.FLUX_DECIDED, "CPP0011100000000000000001", 3, FluxState.RECEIVED, FluxState.INTEGRATED, SHOWN_AT
    ),
    EventType.WORKS_FILE_CHANGED: Event(
        EventType.WORKS_FILE_CHANGED, "700000", 2, "OUVERT", "OUVERT", SHOWN_AT
    ),
    EventType.WORKS_CONTRACT_CHANGED: Event(
        EventType.WORKS_CONTRACT_CHANGED, "800000", 2, "INSCRIT", "INSCRIT", SHOWN_AT
    ),
}  # fmt: skip
CHECK_SIGNATURE = f"""t, v1 = (part.split("=")[1] for part in headers["{SIGNATURE_HEADER}"].split(","))
expected = hmac.new(secret.encode(), f"{{t}}.".encode() + body, hashlib.sha256).hexdigest()
assert hmac.compare_digest(v1, expected) and abs(time.time() - int(t)) < 300"""


def webhook_call(kind: EventType) -> tuple[bytes, str]:
    """The body of a call that the guide shows, and the signature that it has with ``SHOWN_SECRET`` at ``SHOWN_AT``."""
    body = json.dumps(message(SHOWN_EVENTS[kind], 10007), ensure_ascii=False).encode()
    return body, signature(SHOWN_SECRET, SHOWN_AT, body)


def _webhook() -> Iterator[Block]:
    yield (
        "Un POST par événement, à l'adresse donnée à creerWebhook. Le corps ne dit que des identifiants et des statuts "
        ": le reste se lit par l'API, avec les droits du compte. Répondez 2xx en moins de cinq secondes. Un événement "
        f"peut venir deux fois ({EVENT_HEADER} le dit) et hors d'ordre (version départage). Après {RESTS_AFTER} "
        "échecs à la suite, le webhook se repose, d'une minute à six heures ; un appel manqué est refait pendant trois "
        "jours, puis gardé : listerAppelsWebhook le montre, renvoyerAppelsWebhook le renvoie."
    )
    yield (
        "L'adresse est en https et de l'internet public. Un hub local (make run) appelle aussi http://127.0.0.1 et "
        "http://localhost, pour essayer un récepteur sur la même machine."
    )
    for kind, name in TYPES.items():
        body, signed = webhook_call(kind)
        shown = json.dumps(json.loads(body), ensure_ascii=False, indent=2)
        yield name
        yield Code(f"{EVENT_HEADER}: {SHOWN_EVENTS[kind].id}\n{SIGNATURE_HEADER}: {signed}\n\n{shown}")
    yield (
        f"Vérifier la signature, en Python ({SHOWN_SECRET} est le secret des exemples ci-dessus, dont les corps sont "
        "signés sur une seule ligne, tels qu'envoyés) :"
    )
    yield Code(CHECK_SIGNATURE)
