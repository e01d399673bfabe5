"""Files inside the invoice: names, types, sizes, and content that is what its name says."""

from collections.abc import Callable, Iterator

from chorale.domain.invoices.attachments import (
    DESIGNATION_MAX_LENGTH,
    EXTENSIONS,
    MIME_MAX_LENGTH,
    NAME_MAX_LENGTH,
    TYPE_MAX_LENGTH,
)
from chorale.domain.invoices.file_checks import FILE_CHECKS, FileCheck, extension_of
from chorale.formats.judging.platform_rules.model import ERROR, INFORMATION, WARNING, Case, Rule, Seen, absent
from chorale.formats.limits import MAX_ATTACHMENT, MAX_ATTACHMENTS_TOTAL
from chorale.formats.notes import Refused
from chorale.formats.reading.attachments import EmbeddedFile, invoice_file
from chorale.formats.reading.detection import ContentKind, looks_like
from chorale.formats.reading.frame import frame_of

XML_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
SWAGGER = "AIFE Swagger Factures, pièces jointes"


def _each(wrong: Callable[[EmbeddedFile], str | None]) -> Callable[[Case], Iterator[Seen]]:
    """A check of every file: ``wrong`` gives the value to show, or None when the file is right."""

    def check(case: Case) -> Iterator[Seen]:
        for file in case.files:
            value = wrong(file)
            if value is not None:
                yield Seen(value, file.element, details=(("name", file.name or "sans nom"),))

    return check


def _nameless(file: EmbeddedFile) -> str | None:
    return None if file.name else ""


def _long_name(file: EmbeddedFile) -> str | None:
    return file.name if len(file.name) > NAME_MAX_LENGTH else None


def _wrong_extension(file: EmbeddedFile) -> str | None:
    return None if not file.name or extension_of(file.name) in EXTENSIONS else file.name


def _long_words(file: EmbeddedFile) -> str | None:
    for words, limit in (
        (file.description, DESIGNATION_MAX_LENGTH),
        (file.kind, TYPE_MAX_LENGTH),
        (file.mime_type, MIME_MAX_LENGTH),
    ):
        if len(words) > limit:
            return words
    return None


def _broken_base64(file: EmbeddedFile) -> str | None:
    return "base64" if file.content is None else None


def _empty(file: EmbeddedFile) -> str | None:
    return "0 octet" if file.content == b"" else None


def _too_large(file: EmbeddedFile) -> str | None:
    size = len(file.content or b"")
    return f"{size} octets" if size > MAX_ATTACHMENT else None


def _by(check: FileCheck) -> Rule:
    """The rule that a row of the table of files is for those inside an invoice."""

    def wrong(file: EmbeddedFile) -> str | None:
        return check.wrong(file.name, extension_of(file.name), file.content or b"")

    return Rule(
        check.code, ERROR, "BT-125", check.source, check.french, check.english, check.expected, _each(wrong)
    )  # fmt: skip


def _not_xml(case: Case) -> Iterator[Seen]:
    from chorale.formats.reading.xml import parse

    for file in case.files:
        if extension_of(file.name) != "XML" or not file.content:
            continue
        try:
            parse(file.content, case.budget)
        except Refused as refused:
            case.budget.check()
            yield Seen(refused.notes[0].finding.code, file.element, details=(("name", file.name),))


def _no_invoice_file(case: Case) -> Iterator[Seen]:
    frame = frame_of(case.reading).frame
    if case.mixed and not (frame and frame.is_works) and invoice_file(case.files) is None:
        yield absent(case.reading, "BT-125")


def _invoice_file_refused(case: Case) -> Iterator[Seen]:
    """The PDF is the invoice that people will read: it must open, be free of active content and of a password."""
    file = invoice_file(case.files) if case.mixed else None
    if file is None or file.content is None:
        return
    from chorale.formats.reading.facturx import look_into

    try:
        look_into(file.content, case.budget)
    except Refused as refused:
        case.budget.check()
        finding = refused.notes[0].finding
        yield Seen(finding.code, file.element, details=(("name", file.name), ("why", finding.message)))


def _invoice_file_signed(case: Case) -> Iterator[Seen]:
    file = invoice_file(case.files) if case.mixed else None
    if file is None or file.content is None:
        return
    from chorale.formats.reading.facturx import look_into

    try:
        notes = look_into(file.content, case.budget)
    except Refused:
        case.budget.check()
        return
    if notes:
        yield Seen("", file.element, details=(("name", file.name),))


def _attached_pdf(case: Case) -> Iterator[Seen]:
    """A PDF beside the invoice is as safe as the invoice; one that cannot be read is told only, it may be of no use."""
    from chorale.formats.reading.facturx import UNREADABLE, refusal_of

    shown = invoice_file(case.files) if case.mixed else None
    for file in case.files:
        if file is shown or not file.content or looks_like(file.content) is not ContentKind.PDF:
            continue
        why = refusal_of(file.content, case.budget)
        if why:
            severity = WARNING if why.code == UNREADABLE else ERROR
            details = (("name", file.name), ("why", why.message))
            yield Seen(why.code, file.element, severity=severity, details=details)


def _signature(file: EmbeddedFile) -> str | None:
    detached = file.content is not None and looks_like(file.content) is ContentKind.PKCS7
    return file.name if detached or extension_of(file.name) == "P7S" else None


def _signed(case: Case) -> Iterator[Seen]:
    signature = next(case.reading.element.iter(XML_SIGNATURE), None)
    if signature is not None:
        yield Seen("", signature)


def _too_much(case: Case) -> Iterator[Seen]:
    total = sum(len(file.content or b"") for file in case.files)
    if total > MAX_ATTACHMENTS_TOTAL:
        yield Seen(f"{total} octets", case.reading.element)


RULES = (
    Rule(
        "CHO-PJ-NOM", ERROR, "BT-125", SWAGGER,
        "Une pièce jointe n'a pas de nom de fichier : donnez-lui un nom avec son extension.",
        "An attachment has no file name: give it one with its extension.",
        "nom de fichier", _each(_nameless),
    ),
    Rule(
        "CHO-PJ-NOM-LONG", ERROR, "BT-125", "XSD CPPFacturePivot V2.02, NomPJ",
        "Le nom de la pièce jointe « {value} » dépasse 50 caractères : raccourcissez-le.",
        "Attachment name \"{value}\" is longer than 50 characters: shorten it.",
        "50 caractères au plus", _each(_long_name),
    ),
    Rule(
        "CHO-PJ-EXTENSION", ERROR, "BT-125", SWAGGER,
        "L'extension de la pièce jointe « {value} » n'est pas acceptée : joignez-la par exemple en PDF.",
        "The extension of attachment \"{value}\" is not accepted: attach it as PDF for example.",
        ", ".join(sorted(EXTENSIONS)), _each(_wrong_extension),
    ),
    Rule(
        "CHO-PJ-LIBELLE", ERROR, "BT-123", SWAGGER,
        "La désignation (100), le type (30) ou le type MIME (255) de la pièce jointe {name} est trop long : "
        "raccourcissez-le.",
        "The designation (100), type (30) or MIME type (255) of attachment {name} is too long.",
        "100, 30 et 255 caractères au plus", _each(_long_words),
    ),
    Rule(
        "CHO-PJ-BASE64", ERROR, "BT-125", "RFC 4648",
        "Le contenu de la pièce jointe {name} n'est pas du base64 : encodez de nouveau le fichier.",
        "The content of attachment {name} is not base64: encode the file again.",
        "contenu en base64", _each(_broken_base64),
    ),
    Rule(
        "CHO-PJ-VIDE", ERROR, "BT-125", SWAGGER,
        "La pièce jointe {name} est vide : joignez le bon fichier ou retirez-la.",
        "Attachment {name} is empty: attach the right file or leave it out.",
        "un fichier non vide", _each(_empty),
    ),
    Rule(
        "CHO-PJ-TAILLE", ERROR, "BT-125", "AIFE Swagger, code 20003",
        "La pièce jointe {name} dépasse 10 Mo : allégez-la ou scindez-la.",
        "Attachment {name} is larger than 10 MB: make it lighter or split it.",
        "10 Mo au plus", _each(_too_large),
    ),
    Rule(
        "CHO-PJ-TAILLE-TOTALE", ERROR, "BG-24", "AIFE Swagger, 120 Mo par facture",
        "Les pièces jointes dépassent ensemble 118 Mo ({value}) : allégez-les.",
        "The attachments are together larger than 118 MB ({value}).",
        "118 Mo au plus", _too_much,
    ),
    *(_by(check) for check in FILE_CHECKS),
    Rule(
        "CHO-PJ-PDF-CONTENU", ERROR, "BT-125", "Sécurité",
        "{why} Il s'agit de la pièce jointe {name} ({value}).",
        "The PDF {name} that is attached is not a safe and readable one ({value}).",
        "un PDF lisible, sans mot de passe ni contenu actif", _attached_pdf,
    ),
    Rule(
        "CHO-PJ-XML", ERROR, "BT-125", "Cohérence du nom et du contenu",
        "La pièce jointe {name} n'est pas un XML bien formé et sûr ({value}) : corrigez-la ou retirez-la.",
        "Attachment {name} is not safe well-formed XML ({value}).",
        "un XML bien formé, sans DOCTYPE", _not_xml,
    ),
    Rule(
        "CHO-MIXTE-PDF", ERROR, "BT-125", "Flux mixtes E2 : données et facture en PDF",
        "Un flux mixte (E2) contient la facture elle-même en PDF et il n'y en a pas : joignez-la (type 01), ou déposez "
        "en IN_DP_E1_UBL_INVOICE ou IN_DP_E1_CII_16B.",
        "A mixed flux (E2) holds the invoice itself as a PDF and there is none: attach it (type 01).",
        "la facture en PDF", _no_invoice_file,
    ),
    Rule(
        "CHO-MIXTE-PDF-REFUSE", ERROR, "BT-125", "Flux mixtes E2 : données et facture en PDF",
        "{why} C'est la facture en PDF, {name}, qui est refusée ({value}).",
        "The PDF invoice {name} is refused ({value}).",
        "un PDF lisible, sans mot de passe ni contenu actif", _invoice_file_refused,
    ),
    Rule(
        "CHO-PDF-JOINT-SIGNE", INFORMATION, "BT-125", "AIFE Swagger, avecSignature",
        "La facture en PDF {name} porte une signature électronique : elle est conservée telle quelle, sans être "
        "vérifiée.",
        "The PDF invoice {name} is signed: the signature is kept as it is and not checked.",
        "", _invoice_file_signed,
    ),
    Rule(
        "CHO-PJ-SIGNATURE", INFORMATION, "BT-125", "AIFE Swagger, avecSignature",
        "La pièce jointe {name} est une signature détachée : elle est conservée telle quelle, sans être vérifiée.",
        "Attachment {name} is a detached signature: it is kept as it is and not checked.",
        "", _each(_signature),
    ),
    Rule(
        "CHO-XML-SIGNE", INFORMATION, "", "AIFE Swagger, avecSignature",
        "Le document porte une signature XML (XAdES) : elle est conservée avec l'original, sans être vérifiée.",
        "The document holds an XML signature (XAdES): it is kept with the original and not checked.",
        "", _signed,
    ),
)  # fmt: skip
