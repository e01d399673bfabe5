"""Who sells and who buys: SIRET and other identifiers, VAT numbers, addresses."""

import re
from collections.abc import Callable, Iterator

from chorale.domain.directory.structures import IDENTIFIER_SCHEMES, IdentifierType
from chorale.formats.judging.keys import is_eu_vat, is_siret
from chorale.formats.judging.platform_rules.model import ERROR, WARNING, Case, Rule, Seen, absent, at
from chorale.formats.reading.document import Value
from chorale.formats.reading.parties import (
    BUYER,
    SELLER,
    SIREN_LENGTH,
    SIRET_LENGTH,
    PartyTerms,
    Said,
    buyer_addresses,
    identifier_of,
    recipients_said,
    services_said,
    vat_of,
)

SUPPLIER_MAX_LENGTH = 18
"""Characters of a supplier's identifier, whatever its register (AIFE Swagger)."""
PERSON_MAX_LENGTH = 80
"""Of a private person (register 0226): sex, birth and 35 characters of each name (BR-FR-CPRO-06)."""
FORMS: dict[IdentifierType, re.Pattern[str]] = {
    IdentifierType.SIRET: re.compile(r"\d{14}"),
    IdentifierType.UE_HORS_FRANCE: re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,13}"),
    IdentifierType.HORS_UE: re.compile(r"[A-Z]{2}.{1,16}"),
    IdentifierType.RIDET: re.compile(r"\d{9,10}"),
    IdentifierType.TAHITI: re.compile(r"[A-Z0-9]{6,9}"),
}
"""Forms of identifiers; those of a person or of a company being registered are free."""
EU_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905
)
"""Prefixes of the VAT numbers of the Union, France aside; EL is Greece, XI Northern Ireland."""
COMPANY_SCHEMES = frozenset({"1", "0002", "0009"})
"""Registers of SIREN and SIRET: an identifier without one may be the number of a customer."""
SIRET_SOURCE = "Code de commerce art. R123-221 (SIREN, SIRET)"
VAT_SOURCE = "CGI art. 286 ter (numéro de TVA intracommunautaire)"


def _missing(party: PartyTerms) -> Callable[[Case], Iterator[Seen]]:
    def check(case: Case) -> Iterator[Seen]:
        if not identifier_of(case.reading, party):
            yield absent(case.reading, party.registration)

    return check


def _siret_of(case: Case, party: PartyTerms) -> Value | None:
    value = identifier_of(case.reading, party)
    return value if value and IDENTIFIER_SCHEMES.get(value.scheme) is IdentifierType.SIRET else None


def _siren_in_place_of_siret(party: PartyTerms) -> Callable[[Case], Iterator[Seen]]:
    def check(case: Case) -> Iterator[Seen]:
        value = _siret_of(case, party)
        if value and value.text.isdecimal() and len(value.text) == SIREN_LENGTH:
            yield at(value)

    return check


def _buyer_not_siret(case: Case) -> Iterator[Seen]:
    value = identifier_of(case.reading, BUYER)
    if not value or (value.text.isdecimal() and len(value.text) == SIREN_LENGTH):
        return
    if IDENTIFIER_SCHEMES.get(value.scheme) is not IdentifierType.SIRET or not FORMS[IdentifierType.SIRET].fullmatch(
        value.text
    ):
        yield at(value)


def _contradictory(case: Case) -> Iterator[Seen]:
    reading = case.reading
    recipients = recipients_said(reading)
    yield from _different(recipients, "le destinataire")
    if recipients:
        siren = recipients[0].value.text[:SIREN_LENGTH]
        named = [Said("BT-47", value) for value in reading.each("BT-47") if _is_siren(value)]
        named += [Said("BT-49", Value(address.siren, value.element)) for value, address in buyer_addresses(reading)]
        # An address whose SIRET is another one is told already.
        told = {said.value.element for said in recipients if said.value.text != recipients[0].value.text}
        wrong = [said for said in named if said.value.text != siren and said.value.element not in told]
        yield from _different([recipients[0], *wrong[:1]], "le destinataire")
    yield from _different(services_said(reading), "le service")


def _seller_contradictory(case: Case) -> Iterator[Seen]:
    """The identifier by which the seller is known, against every SIRET and SIREN that the document gives it."""
    known = identifier_of(case.reading, SELLER)
    if IDENTIFIER_SCHEMES.get(known.scheme) is not IdentifierType.SIRET or len(known.text) != SIRET_LENGTH:
        return
    for term in (SELLER.identifier, SELLER.registration):
        for value in case.reading.each(term):
            if value.scheme not in COMPANY_SCHEMES or not value.text.isdecimal():
                continue
            whole = len(value.text) == SIRET_LENGTH and value.text != known.text
            if whole or (len(value.text) == SIREN_LENGTH and value.text != known.text[:SIREN_LENGTH]):
                yield at(value, expected=known.text, details=(("at", term),))
                return


def _is_siren(value: Value) -> bool:
    """Whether a registration is the SIREN of the party itself: not that of a VAT group (0231), nor a RIDET."""
    return value.scheme in ("", "1", "0002") and value.text.isdecimal() and len(value.text) == SIREN_LENGTH


def _different(said: list[Said], what: str) -> Iterator[Seen]:
    for other in said[1:]:
        if other.value.text != said[0].value.text:
            details = (
                ("what", what), ("first", said[0].value.text), ("at", said[0].term), ("other", other.value.text),
                ("there", other.term),
            )  # fmt: skip
            yield at(other.value, expected=said[0].value.text, details=details)
            return


def _supplier_form(case: Case) -> Iterator[Seen]:
    value = identifier_of(case.reading, SELLER)
    if (
        not value
        or value.scheme not in IDENTIFIER_SCHEMES
        or (value.text.isdecimal() and len(value.text) == SIREN_LENGTH)
    ):
        return
    kind = IDENTIFIER_SCHEMES[value.scheme]
    form = FORMS.get(kind)
    limit = PERSON_MAX_LENGTH if kind is IdentifierType.PARTICULIER else SUPPLIER_MAX_LENGTH
    if len(value.text) > limit or (form and not form.fullmatch(value.text)):
        yield at(value, details=(("scheme", value.scheme or "sans registre"),))


def _supplier_scheme(case: Case) -> Iterator[Seen]:
    value = identifier_of(case.reading, SELLER)
    if value and value.scheme not in IDENTIFIER_SCHEMES:
        yield Seen(value.scheme, value.element)


def _wrong_key(party: PartyTerms) -> Callable[[Case], Iterator[Seen]]:
    def check(case: Case) -> Iterator[Seen]:
        value = _siret_of(case, party)
        if value and FORMS[IdentifierType.SIRET].fullmatch(value.text) and not is_siret(value.text):
            yield at(value)

    return check


def _wrong_vat(party: PartyTerms) -> Callable[[Case], Iterator[Seen]]:
    def check(case: Case) -> Iterator[Seen]:
        value = vat_of(case.reading, party)
        if value and value.text.upper().startswith("FR") and not is_eu_vat(value.text):
            yield at(value)

    return check


def _foreign_vat(case: Case) -> Iterator[Seen]:
    value = vat_of(case.reading, SELLER)
    if value.text[:2] in EU_COUNTRIES and not is_eu_vat(value.text):
        yield at(value)


def _vat_of_another(case: Case) -> Iterator[Seen]:
    siret, vat = _siret_of(case, SELLER), vat_of(case.reading, SELLER)
    if siret and len(siret.text) == SIRET_LENGTH and re.fullmatch(r"FR..\d{9}", vat.text):
        siren = siret.text[:SIREN_LENGTH]
        if vat.text[4:] != siren:
            yield at(vat, expected=f"FR.. {siren}")


RULES = (
    Rule(
        "CHO-FOURN-ABSENT", ERROR, "BT-30", SIRET_SOURCE,
        "L'identifiant du fournisseur est absent : indiquez son SIRET (BT-30).",
        "The supplier's identifier is missing: give its SIRET (BT-30).",
        "SIRET de 14 chiffres", _missing(SELLER),
    ),
    Rule(
        "CHO-FOURN-REGISTRE", ERROR, "BT-30", "ISO/IEC 6523 (ICD), XSD CPPFacturePivot V2.02",
        "Le registre « {value} » de l'identifiant du fournisseur n'est pas connu : indiquez 0002 ou 0009 avec un "
        "SIRET, 0223 avec un numéro de TVA européen, 0227 hors Union européenne.",
        "Register \"{value}\" of the supplier's identifier is unknown: 0002 or 0009 go with a SIRET.",
        "0002, 0009, 0223, 0226, 0227, 0228 ou 0229", _supplier_scheme,
    ),
    Rule(
        "CHO-FOURN-SIREN", ERROR, "BT-30", SIRET_SOURCE,
        "Le fournisseur est désigné par un SIREN ({value}) : indiquez le SIRET de l'établissement, 14 chiffres.",
        "The supplier is given by a SIREN ({value}): give the 14-digit SIRET.",
        "SIRET de 14 chiffres", _siren_in_place_of_siret(SELLER),
    ),
    Rule(
        "CHO-FOURN-FORME", ERROR, "BT-30", SIRET_SOURCE,
        "L'identifiant du fournisseur « {value} » n'a pas la forme de son registre ({scheme}) : un SIRET compte "
        "14 chiffres sans espace ni point, les autres identifiants 18 caractères au plus.",
        "The supplier's identifier \"{value}\" is not of its register's form ({scheme}): a SIRET has 14 digits.",
        "SIRET de 14 chiffres", _supplier_form,
    ),
    Rule(
        "CHO-FOURN-CLE", ERROR, "BT-30", SIRET_SOURCE,
        "Le SIRET du fournisseur {value} est faux (sa clé ne correspond pas) : vérifiez les chiffres.",
        "The supplier's SIRET {value} is wrong (its key does not hold): check the digits.",
        "SIRET dont la clé est juste", _wrong_key(SELLER),
    ),
    Rule(
        "CHO-FOURN-CONTRADICTOIRE", ERROR, "BT-30", SIRET_SOURCE,
        "La facture donne au fournisseur deux identifiants qui ne vont pas ensemble : {expected}, et {value} en {at}. "
        "Gardez le bon, aux deux endroits.",
        "The invoice gives its supplier two identifiers that do not agree: {expected}, and {value} in {at}.",
        "", _seller_contradictory,
    ),
    Rule(
        "CHO-DEST-ABSENT", ERROR, "BT-47", SIRET_SOURCE,
        "L'identifiant du destinataire est absent : indiquez le SIRET de l'entité publique (BT-47).",
        "The recipient's identifier is missing: give its SIRET (BT-47).",
        "SIRET de 14 chiffres", _missing(BUYER),
    ),
    Rule(
        "CHO-DEST-SIREN", ERROR, "BT-47", SIRET_SOURCE,
        "Le destinataire est désigné par un SIREN ({value}) : indiquez le SIRET de l'entité publique, 14 chiffres.",
        "The recipient is given by a SIREN ({value}): give the 14-digit SIRET.",
        "SIRET de 14 chiffres", _siren_in_place_of_siret(BUYER),
    ),
    Rule(
        "CHO-DEST-FORME", ERROR, "BT-47", SIRET_SOURCE,
        "L'identifiant du destinataire « {value} » n'est pas un SIRET : une entité publique est désignée par 14 "
        "chiffres sans espace ni point (registre 0002 ou 0009).",
        "The recipient's identifier \"{value}\" is not a SIRET: give 14 digits without spaces.",
        "SIRET de 14 chiffres", _buyer_not_siret,
    ),
    Rule(
        "CHO-ADRESSE-CONTRADICTOIRE", ERROR, "BT-46", "XP Z12-014 4.1.4, ordre de lecture de la plateforme",
        "La facture nomme deux fois {what}, et différemment : « {first} » en {at}, « {other} » en {there}. Gardez le "
        "bon, aux deux endroits.",
        "The invoice names its recipient or service twice and not the same: \"{first}\" in {at}, \"{other}\" in "
        "{there}.",
        "", _contradictory,
    ),
    # The official directory itself holds identifiers whose key is wrong: the directory decides, not the key.
    Rule(
        "CHO-DEST-CLE", WARNING, "BT-47", SIRET_SOURCE,
        "La clé du SIRET du destinataire {value} ne correspond pas : vérifiez les chiffres dans l'annuaire.",
        "The key of the recipient's SIRET {value} does not hold: check it in the directory.",
        "SIRET dont la clé est juste", _wrong_key(BUYER),
    ),
    Rule(
        "CHO-TVA-CLE", ERROR, "BT-31", VAT_SOURCE,
        "Le numéro de TVA du fournisseur « {value} » est faux : FR, 2 caractères de clé puis les 9 chiffres du SIREN, "
        "sans espace.",
        "The supplier's VAT number \"{value}\" is wrong: FR, 2 key characters, then the 9 digits of the SIREN.",
        "FR, clé, SIREN", _wrong_vat(SELLER),
    ),
    Rule(
        "CHO-TVA-CLE-UE", WARNING, "BT-31", VAT_SOURCE,
        "Le numéro de TVA du fournisseur « {value} » ne suit pas les règles de son pays : vérifiez-le.",
        "The supplier's VAT number \"{value}\" does not follow the rules of its country: check it.",
        "numéro de TVA de l'Union européenne", _foreign_vat,
    ),
    Rule(
        "CHO-TVA-CLE-DEST", WARNING, "BT-48", VAT_SOURCE,
        "Le numéro de TVA du destinataire « {value} » est faux : vérifiez-le ou retirez-le.",
        "The recipient's VAT number \"{value}\" is wrong: check it or leave it out.",
        "FR, clé, SIREN", _wrong_vat(BUYER),
    ),
    Rule(
        "CHO-TVA-AUTRE-SIREN", WARNING, "BT-31", VAT_SOURCE,
        "Le numéro de TVA du fournisseur ({value}) n'est pas celui du SIREN de son SIRET : vérifiez les deux "
        "(un groupe de TVA peut l'expliquer).",
        "The supplier's VAT number ({value}) is not of the SIREN of its SIRET: check both.",
        "", _vat_of_another,
    ),
)  # fmt: skip
