"""BR-FR-CPRO: what invoices of the reform of 2026 owe when they go to the public sector.

The rules are those of AFNOR XP Z12-012 (annex A, sheet of the rules CPRO). No Schematron of them is published: these
are ours, with the codes of the norm. They judge a document that says it is one of the reform: by its frame (B1, S1,
M1 ...) or by a note (ADN, B2G). BR-FR-CPRO-00 says so and has no finding of its own; -11, -12, -13, -22 and -23 ask the
directory (domain/invoices/requirements.py, domain/invoices/agreement.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator

from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType
from chorale.domain.findings import Severity
from chorale.domain.reform.addresses import SIRET_SCHEME
from chorale.domain.reform.frames import OF_A_SUBCONTRACTOR
from chorale.domain.reform.notes import is_public
from chorale.formats.judging.platform_rules.model import ERROR, INFORMATION, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.document import Terms, Value
from chorale.formats.reading.frame import frame_of
from chorale.formats.reading.invoice import earlier_invoices
from chorale.formats.reading.notes import notes_of, written_notes
from chorale.formats.reading.parties import (
    AGENT,
    BUYER,
    PAYEE,
    SELLER,
    SIREN_LENGTH,
    SIRET_LENGTH,
    PartyTerms,
    identifier_of,
)

SOURCE = "XP Z12-012, annexe A, règles BR-FR-CPRO"
SIREN_SCHEME = "0002"
OTHER_SCHEMES = ("0223", "0226", "0227", "0228", "0229")
SELLER_SCHEMES = (SIRET_SCHEME, *OTHER_SCHEMES)
CONTRACT_TYPES = ("CONTRAT", "MARCHE", "CT", "GC")
"""EXT-FR-FE-01: both generations of the codes."""
LINES_AT_MOST = 999_999
NUMBER_AT_MOST = 20
NOTE_AT_MOST = 1024
IBAN_AT_MOST, FRENCH_IBAN_AT_MOST = 34, 27
Check = Callable[[Case], Iterable[Seen]]


def follows_reform(case: Case) -> bool:
    """Whether the document says that it is one of the reform for the public sector."""
    return frame_of(case.reading).reform is not None or is_public(notes_of(case.reading))


def _rule(
    number: int,
    term: str,
    french: str,
    english: str,
    expected: str,
    check: Check,
    severity: Severity = ERROR,
    says: tuple[str, ...] = (),
) -> Rule:
    code = f"BR-FR-CPRO-{number:02d}"
    return Rule(code, severity, term, SOURCE, french.replace("(CPRO)", f"({code})"), english, expected, check, says)


# Identifiers


def _weight(case: Case, party: PartyTerms) -> Severity | None:
    """A SIRET that is written elsewhere names the party as surely: the rule then advises, unless a note claims it."""
    value = identifier_of(case.reading, party)
    known = IDENTIFIER_SCHEMES.get(value.scheme) is IdentifierType.SIRET and len(value.text) == SIRET_LENGTH
    return WARNING if known and not is_public(notes_of(case.reading)) else None


def _values(case: Case, term: str, *schemes: str) -> list[Value]:
    return [value for value in case.reading.each(term) if value and value.scheme in schemes]


def _seller_unnamed(case: Case) -> Iterator[Seen]:
    if not _values(case, "BT-29", *SELLER_SCHEMES):
        yield absent(case.reading, "BT-29", severity=_weight(case, SELLER))
    for siret in _values(case, "BT-29", SIRET_SCHEME):
        if not re.fullmatch(rf"\d{{{SIRET_LENGTH}}}", siret.text):
            yield at(siret)


def _form(scheme: str, pattern: str) -> Check:
    form = re.compile(pattern, re.DOTALL)

    def check(case: Case) -> Iterator[Seen]:
        for value in _values(case, "BT-29", scheme):
            if not form.fullmatch(value.text):
                yield at(value)

    return check


def _seller_siret(case: Case) -> Iterator[Seen]:
    if _values(case, "BT-30", SIREN_SCHEME) and not _values(case, "BT-29", SIRET_SCHEME):
        yield absent(case.reading, "BT-29", severity=_weight(case, SELLER))


def _buyer_siret(case: Case) -> Iterator[Seen]:
    if not _values(case, "BT-46", SIRET_SCHEME):
        yield absent(case.reading, "BT-46", severity=_weight(case, BUYER))


def _named_party(case: Case, party: PartyTerms) -> Iterator[Seen]:
    """A SIREN asks for a SIRET of it; without one, another identifier will do."""
    sirens = _values(case, party.registration, SIREN_SCHEME)
    sirets = _values(case, party.identifier, SIRET_SCHEME)
    if sirens and not any(siret.text.startswith(sirens[0].text[:SIREN_LENGTH]) for siret in sirets):
        yield Seen(sirets[0].text if sirets else "", (sirets or sirens)[0].element)
    elif not sirens and not _values(case, party.identifier, *SELLER_SCHEMES):
        yield absent(case.reading, party.identifier)


def _payee(case: Case) -> Iterator[Seen]:
    if any(case.reading.one(term).element is not None for term in ("BT-59", "BT-60", "BT-61")):
        yield from _named_party(case, PAYEE)


def _agent(case: Case) -> Iterator[Seen]:
    if case.reading.one("agent").element is not None:
        yield from _named_party(case, AGENT)


def _no_agent(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.reform is None or not written.reform.has_agent:
        return
    if not _values(case, "agent registration", SIREN_SCHEME) or not _values(case, "agent identifier", SIRET_SCHEME):
        details = (("frame", written.reform.code), ("label", written.reform.label))
        yield absent(case.reading, "agent identifier", details=details)


def _subcontractor(case: Case) -> Iterator[Seen]:
    written = frame_of(case.reading)
    if written.value.text == OF_A_SUBCONTRACTOR:
        yield at(written.value)


# Counts, lists, lengths


def _contract_type(case: Case) -> Iterator[Seen]:
    for kind in case.reading.each("contract type"):
        if kind and kind.text not in CONTRACT_TYPES:
            yield at(kind)


def _numbers(case: Case) -> Iterator[Seen]:
    of_lines = [value for line in case.reading.group("BG-25") for value in earlier_invoices(line, case.reading)]
    places = [("BT-1", [case.reading.one("BT-1")]), ("BT-25", case.reading.each("BT-25")), ("EXT-FR-FE-136", of_lines)]
    for term, values in places:
        for value in values:
            if len(value.text) > NUMBER_AT_MOST:
                yield at(value, details=(("length", str(len(value.text))), ("place", term)))


def _too_many_lines(case: Case) -> Iterator[Seen]:
    lines = len(case.reading.group("BG-25"))
    if lines > LINES_AT_MOST:
        yield Seen(str(lines), case.reading.element)


def _only_one(term: str) -> Check:
    def check(case: Case) -> Iterator[Seen]:
        met = case.reading.each(term)
        if len(met) > 1:
            yield Seen(str(len(met)), met[1].element)

    return check


def _ignored(case: Case) -> Iterator[Seen]:
    for term, block in (("buyer agent", "EXT-FR-FE-BG-01"), ("invoicee", "EXT-FR-FE-BG-04")):
        for met in case.reading.each(term):
            yield Seen("", met.element, details=(("block", block),))


def _iban(case: Case) -> Iterator[Seen]:
    for account in case.reading.each("BT-84"):
        bare = "".join(account.text.split())
        limit = FRENCH_IBAN_AT_MOST if bare.startswith("FR") else IBAN_AT_MOST
        if len(bare) > limit:
            yield at(account, expected=f"{limit} caractères au plus", details=(("length", str(len(bare))),))


def _longer(term: str, limit: int, group: str = "", attribute: str = "") -> Check:
    """Values of ``term`` (or of one of its attributes) beyond ``limit`` characters, in the header or in a group."""

    def check(case: Case) -> Iterator[Seen]:
        holders: list[Terms] = list(case.reading.group(group)) if group else [case.reading]
        for value in (value for holder in holders for value in _written(holder, term)):
            text = value.attribute(attribute) if attribute else value.text
            if len(text) > limit:
                details = (("length", str(len(text))),)
                yield Seen(text, value.element, expected=f"{limit} caractères au plus", details=details)

    return check


def _written(holder: Terms, term: str) -> list[Value]:
    """The values of a term; of a name the first, as another place that stands in for it is a term of its own."""
    return [holder.one(term)] if term in ("BT-27", "BT-44") else holder.each(term)


def _long_note(case: Case) -> Iterator[Seen]:
    for element, note in written_notes(case.reading):
        if len(note.text) > NOTE_AT_MOST:
            yield Seen(note.text, element, details=(("length", str(len(note.text))),))


def _limit(
    number: int, term: str, what: str, check: Check, limit: int, says: tuple[str, ...] = (), *, feminine: bool = False
) -> Rule:
    shorten = "raccourcissez-la" if feminine else "raccourcissez-le"
    return _rule(
        number, term,
        f"{what} ({term}) a {{length}} caractères (CPRO) : {shorten} à {limit} caractères au plus.",
        f"{term} has {{length}} characters: {limit} at most.",
        f"{limit} caractères au plus", check, ERROR, says,
    )  # fmt: skip


RULES = (
    _rule(
        1, "BT-12",
        "Le type de contrat « {value} » n'existe pas (CPRO) : indiquez MARCHE ou CONTRAT, ou leurs successeurs GC et "
        "CT (EXT-FR-FE-01).",
        "Contract type \"{value}\" does not exist: give MARCHE, CONTRAT, GC or CT.",
        ", ".join(CONTRACT_TYPES), _contract_type,
    ),
    _rule(
        2, "BT-1",
        "Le numéro de facture « {value} » ({place}) a {length} caractères (CPRO) : une facture au secteur public a un "
        "numéro de 20 caractères au plus.",
        "Invoice number \"{value}\" ({place}) has {length} characters: 20 at most.",
        "20 caractères au plus", _numbers, says=("CHO-NUMERO-LONG", "CHO-ORIGINE-LONG"),
    ),
    _rule(
        3, "BT-29",
        "L'identifiant du vendeur (BT-29) est absent ou n'est pas un SIRET de 14 chiffres (CPRO) : ajoutez son SIRET "
        "avec le schéma 0009, ou un identifiant de schéma 0223, 0226, 0227, 0228 ou 0229.",
        "The seller's identifier (BT-29) is missing: give its SIRET with scheme 0009.",
        "SIRET avec le schéma 0009", _seller_unnamed, says=("CHO-FOURN-ABSENT",),
    ),
    _rule(
        4, "BT-29",
        "Le numéro de TVA du vendeur « {value} » (BT-29, schéma 0223) a plus de 18 caractères (CPRO) : corrigez-le.",
        "The seller's VAT number \"{value}\" (BT-29, scheme 0223) has more than 18 characters.",
        "18 caractères au plus", _form("0223", r".{1,18}"), says=("CHO-FOURN-FORME",),
    ),
    _rule(
        5, "BT-29",
        "L'identifiant du particulier « {value} » (BT-29, schéma 0226) n'a pas sa forme (CPRO) : écrivez le sexe (1 ou "
        "2), l'année et le mois de naissance (2 chiffres chacun), le lieu (5 caractères), puis 35 caractères de nom et "
        "35 de prénom, 80 au plus.",
        "The private person's identifier \"{value}\" (BT-29, scheme 0226) is not of its form.",
        "sexe, année, mois, lieu, nom et prénom, 80 caractères au plus",
        _form("0226", r"[12]\d{2}\d{2}[0-9A-Z]{5}.{1,70}"), says=("CHO-FOURN-FORME",),
    ),
    _rule(
        6, "BT-29",
        "L'identifiant du vendeur hors Union européenne « {value} » (BT-29, schéma 0227) n'a pas sa forme (CPRO) : "
        "écrivez le code du pays puis les 16 premiers caractères de la raison sociale, 18 au plus.",
        "The identifier of a seller outside the Union \"{value}\" (BT-29, scheme 0227) is not of its form.",
        "code de pays et 16 caractères au plus", _form("0227", r"[A-Z]{2}.{1,16}"), says=("CHO-FOURN-FORME",),
    ),
    _rule(
        7, "BT-29",
        "Le RIDET du vendeur « {value} » (BT-29, schéma 0228) n'a pas 9 ou 10 caractères (CPRO) : corrigez-le.",
        "The seller's RIDET \"{value}\" (BT-29, scheme 0228) is not of 9 or 10 characters.",
        "9 ou 10 caractères", _form("0228", r".{9,10}"), says=("CHO-FOURN-FORME",),
    ),
    _rule(
        8, "BT-29",
        "Le numéro TAHITI du vendeur « {value} » (BT-29, schéma 0229) n'a pas 9 ou 10 caractères (CPRO) : corrigez-le.",
        "The seller's TAHITI number \"{value}\" (BT-29, scheme 0229) is not of 9 or 10 characters.",
        "9 ou 10 caractères", _form("0229", r".{9,10}"), says=("CHO-FOURN-FORME",),
    ),
    _rule(
        9, "BT-29",
        "Le vendeur est désigné par son SIREN (BT-30) et son SIRET est absent (CPRO) : ajoutez BT-29 avec le schéma "
        "0009, par exemple 99000007700018.",
        "The seller has a SIREN (BT-30) and no SIRET: give BT-29 with scheme 0009.",
        "SIRET avec le schéma 0009", _seller_siret, says=("CHO-FOURN-SIREN",),
    ),
    _rule(
        10, "BT-46",
        "Le SIRET de l'acheteur est absent (CPRO) : ajoutez BT-46 avec le schéma 0009, par exemple 12345678200051.",
        "The buyer's SIRET is missing: give BT-46 with scheme 0009.",
        "SIRET avec le schéma 0009", _buyer_siret, says=("CHO-DEST-ABSENT", "CHO-DEST-SIREN"),
    ),
    _limit(14, "BT-12", "Le numéro de marché", _longer("BT-12", 50), 50, ("CHO-MARCHE-LONG",)),
    _limit(15, "BT-13", "Le numéro d'engagement", _longer("BT-13", 50), 50, ("CHO-EJ-LONG",)),
    _rule(
        16, "BG-7",
        "Le bloc {block} de la facture est ignoré (CPRO) : la plateforme ne lit ni l'agent de l'acheteur ni un autre "
        "destinataire de facturation.",
        "Block {block} of the invoice is ignored.",
        "", _ignored, INFORMATION,
    ),
    _rule(
        17, "BT-60",
        "Le bénéficiaire du paiement n'a pas de SIRET de son SIREN (CPRO) : indiquez BT-60 avec le schéma 0009, ou un "
        "identifiant de schéma 0223, 0226, 0227, 0228 ou 0229 s'il n'a pas de SIREN.",
        "The payee has no SIRET of its SIREN: give BT-60 with scheme 0009.",
        "SIRET du bénéficiaire avec le schéma 0009", _payee,
    ),
    _rule(
        18, "EXT-FR-FE-BG-03",
        "L'agent du vendeur n'a pas de SIRET de son SIREN (CPRO) : indiquez son SIRET avec le schéma 0009, ou un "
        "identifiant de schéma 0223, 0226, 0227, 0228 ou 0229 s'il n'a pas de SIREN.",
        "The seller's agent has no SIRET of its SIREN: give it with scheme 0009.",
        "SIRET de l'agent avec le schéma 0009", _agent,
    ),
    _rule(
        19, "BG-25",
        "La facture a {value} lignes (CPRO) : 999 999 au plus, répartissez-les sur plusieurs factures.",
        "The invoice has {value} lines: 999,999 at most.",
        "999 999 lignes au plus", _too_many_lines,
    ),
    _rule(
        20, "BG-3",
        "La facture cite {value} factures antérieures (CPRO) : n'en gardez qu'une (BG-3).",
        "The invoice names {value} earlier invoices: keep one.",
        "une seule facture antérieure", _only_one("BG-3"),
    ),
    _rule(
        21, "EXT-FR-FE-BG-03",
        "Une facture du cadre {frame} ({label}) est validée par le titulaire ou le mandataire (CPRO) : nommez-le comme "
        "agent du vendeur (EXT-FR-FE-BG-03), avec son SIREN (schéma 0002) et son SIRET (schéma 0009).",
        "An invoice of frame {frame} is validated by the contractor: name it as the seller's agent, with SIREN and "
        "SIRET.",
        "SIREN et SIRET de l'agent du vendeur", _no_agent, says=("BR-FR-CPRO-18",),
    ),
    _rule(
        24, "BT-23",
        "Une facture de sous-traitant à son donneur d'ordre (cadre {value}) n'est pas une facture au secteur public "
        "(CPRO) : pour un paiement direct, choisissez le cadre S3.",
        "A sub-contractor's invoice to its contractor (frame {value}) does not go to the public sector: use S3.",
        "S3 pour un paiement direct", _subcontractor,
    ),
    _rule(
        25, "BT-20",
        "Les conditions de paiement (BT-20) sont écrites {value} fois (CPRO) : n'en gardez qu'une.",
        "Payment terms (BT-20) are written {value} times: keep one.",
        "une seule fois", _only_one("BT-20"),
    ),
    _rule(
        26, "BG-6",
        "Le vendeur a {value} contacts (CPRO) : n'en gardez qu'un (BG-6).",
        "The seller has {value} contacts: keep one.",
        "un seul contact", _only_one("BG-6"),
    ),
    _rule(
        27, "BG-9",
        "L'acheteur a {value} contacts (CPRO) : n'en gardez qu'un (BG-9).",
        "The buyer has {value} contacts: keep one.",
        "un seul contact", _only_one("BG-9"),
    ),
    _rule(
        28, "EXT-FR-FE-BG-03",
        "L'agent du vendeur a {value} contacts (CPRO) : n'en gardez qu'un.",
        "The seller's agent has {value} contacts: keep one.",
        "un seul contact", _only_one("agent contact"),
    ),
    _limit(29, "BT-120", "Le motif d'exonération", _longer("BT-120", 1024, "BG-23"), 1024),
    _limit(30, "BT-122", "La référence d'une pièce jointe", _longer("BT-122", 50, "BG-24"), 50, feminine=True),
    _limit(31, "BT-154", "La description d'un article", _longer("BT-154", 1024, "BG-25"), 1024, feminine=True),
    _limit(32, "BT-35", "L'adresse du vendeur", _longer("BT-35", 400), 400, feminine=True),
    _limit(33, "BT-37", "La ville du vendeur", _longer("BT-37", 400), 400, feminine=True),
    _limit(34, "BT-45", "L'appellation commerciale de l'acheteur", _longer("BT-45", 99), 99, feminine=True),
    _limit(35, "BT-20", "Le texte des conditions de paiement", _longer("BT-20", 1024), 1024),
    _limit(36, "BT-28", "L'appellation commerciale du vendeur", _longer("BT-28", 99), 99, feminine=True),
    _limit(37, "BT-59", "Le nom du bénéficiaire", _longer("BT-59", 99), 99),
    _limit(38, "BT-71", "L'identifiant du lieu de livraison", _longer("BT-71", 20), 20),
    _rule(
        39, "BT-84",
        "Le compte à créditer « {value} » a {length} caractères (CPRO) : un IBAN français en a 27, un autre 34 au "
        "plus.",
        "Account \"{value}\" has {length} characters: a French IBAN has 27, another at most 34.",
        "27 caractères pour un IBAN français, 34 sinon", _iban, WARNING,
    ),
    _limit(
        40, "EXT-FR-FE-146", "L'identifiant du lieu de livraison d'une ligne", _longer("delivered to", 20, "BG-25"), 20
    ),
    _limit(
        41, "BT-125-2", "Le nom du fichier joint", _longer("BT-125", 50, "BG-24", "filename"), 50,
        ("CHO-PJ-NOM-LONG",),
    ),
    _limit(42, "BT-22", "Le texte d'une note", _long_note, NOTE_AT_MOST),
    _limit(43, "BT-27", "Le nom du vendeur", _longer("BT-27", 99), 99),
    _limit(44, "BT-44", "Le nom de l'acheteur", _longer("BT-44", 99), 99),
)  # fmt: skip
"""The pack of the reform: for documents that follow it (follows_reform)."""
