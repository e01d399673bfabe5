"""Numbers that route the invoice at the recipient: service, commitment, market, and the corrected invoice."""

from collections.abc import Callable, Iterator

from chorale.domain.invoices.invoice import DocumentKind
from chorale.formats.judging.platform_rules.identity import NUMBER_MAX_LENGTH
from chorale.formats.judging.platform_rules.model import ERROR, INFORMATION, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.invoice import kind_of
from chorale.formats.reading.parties import service_of

SERVICE_MAX_LENGTH = 100
COMMITMENT_MAX_LENGTH = 50
SWAGGER = "AIFE Swagger Factures"
CORRECTIVE = "384"


def _too_long(term: str, limit: int) -> Callable[[Case], Iterator[Seen]]:
    def check(case: Case) -> Iterator[Seen]:
        value = case.reading.one(term)
        if len(value.text) > limit:
            yield at(value, expected=f"{limit} caractères au plus", details=(("length", str(len(value.text))),))

    return check


def _service_too_long(case: Case) -> Iterator[Seen]:
    service = service_of(case.reading)
    if len(service.text) > SERVICE_MAX_LENGTH:
        yield at(
            service,
            expected=f"{SERVICE_MAX_LENGTH} caractères au plus",
            details=(("length", str(len(service.text))),),
        )


def _origin_too_long(case: Case) -> Iterator[Seen]:
    for origin in case.reading.each("BT-25"):
        if len(origin.text) > NUMBER_MAX_LENGTH:
            yield at(
                origin,
                expected=f"{NUMBER_MAX_LENGTH} caractères au plus",
                details=(("length", str(len(origin.text))),),
            )


def _credit_note_without_origin(case: Case) -> Iterator[Seen]:
    if kind_of(case.reading) is DocumentKind.CREDIT_NOTE and not case.reading.one("BT-25"):
        yield absent(case.reading, "BT-25")


def _corrective_without_origin(case: Case) -> Iterator[Seen]:
    if case.reading.one("BT-3").text == CORRECTIVE and not case.reading.one("BT-25"):
        yield absent(case.reading, "BT-25")


def _origin_is_itself(case: Case) -> Iterator[Seen]:
    number = case.reading.one("BT-1").text
    for origin in case.reading.each("BT-25"):
        if origin and origin.text == number and case.reading.one("BT-3").text == CORRECTIVE:
            yield at(origin)


RULES = (
    Rule(
        "CHO-SERVICE-LONG", ERROR, "BT-10", SWAGGER,
        "Le code service a {length} caractères : reprenez le code de l'annuaire, 100 caractères au plus.",
        "The service code has {length} characters: 100 at most.",
        "", _service_too_long,
    ),
    Rule(
        "CHO-EJ-LONG", ERROR, "BT-13", SWAGGER,
        "Le numéro d'engagement juridique a {length} caractères : 50 au plus, reprenez-le de votre bon de commande.",
        "The commitment number has {length} characters: 50 at most.",
        "", _too_long("BT-13", COMMITMENT_MAX_LENGTH),
    ),
    Rule(
        "CHO-MARCHE-LONG", ERROR, "BT-12", SWAGGER,
        "Le numéro de marché a {length} caractères : 50 au plus.",
        "The market number has {length} characters: 50 at most.",
        "", _too_long("BT-12", COMMITMENT_MAX_LENGTH),
    ),
    Rule(
        "CHO-ORIGINE-LONG", ERROR, "BT-25", "XSD CPPFacturePivot V2.02, IdFactureOrigine",
        "Le numéro de la facture d'origine a {length} caractères : 20 au plus, reprenez-le tel que la plateforme l'a "
        "accepté.",
        "The number of the earlier invoice has {length} characters: 20 at most.",
        "", _origin_too_long,
    ),
    Rule(
        "CHO-AVOIR-ORIGINE", INFORMATION, "BT-25", SWAGGER,
        "L'avoir ne cite pas la facture qu'il corrige : indiquez son numéro en BT-25 pour que le destinataire la "
        "retrouve.",
        "The credit note names no invoice: give the number of the one it corrects in BT-25.",
        "numéro de la facture d'origine", _credit_note_without_origin,
    ),
    Rule(
        "CHO-RECTIFICATIVE-ORIGINE", WARNING, "BT-25", "CGI art. 289, I-5",
        "La facture rectificative (384) ne cite pas la facture qu'elle remplace : indiquez son numéro en BT-25.",
        "The corrective invoice (384) names no invoice: give the number of the one it replaces in BT-25.",
        "numéro de la facture d'origine", _corrective_without_origin,
    ),
    Rule(
        "CHO-RECTIFICATIVE-NUMERO", ERROR, "BT-25", "CGI art. 289, I-5",
        "La facture rectificative cite son propre numéro ({value}) comme facture d'origine : indiquez celui de la "
        "facture remplacée.",
        "The corrective invoice names itself ({value}) as the invoice it replaces.",
        "numéro d'une autre facture", _origin_is_itself,
    ),
)  # fmt: skip
