"""The verdict on one document: an explicit list of steps from bytes to findings.

A step adds notes to the examination; it raises Refused when nothing after it makes sense. Heavy libraries are imported
by the step that needs them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chorale.domain.findings import Finding, Severity, Verdict, is_refused
from chorale.domain.frames import Frame
from chorale.domain.invoice import Invoice
from chorale.domain.syntaxes import SYNTAX_ROWS, DocumentForm, Syntax
from chorale.formats.attachments import EmbeddedFile, files_in_xml
from chorale.formats.detection import ROOTS, ContentKind, looks_like
from chorale.formats.limits import MAX_FILE
from chorale.formats.notes import Note, Refused, note, refuse
from chorale.formats.places import findings_of
from chorale.formats.platform_rules import platform_notes, said_by
from chorale.formats.platform_rules.model import Case
from chorale.formats.reading.document import Reading
from chorale.formats.reading.frame import frame_of, profile_of
from chorale.formats.reading.invoice import invoice_of
from chorale.formats.reading.parties import BUYER, SELLER, identifier_of
from chorale.formats.refusals import check_kind, too_large
from chorale.formats.rule_choice import choose, profile_row
from chorale.formats.schemas import SCHEMA_OF_FORM, schema_notes
from chorale.formats.xml import parse

SYNTAX_OF_FORM = {form: syntax for syntax, row in reversed(SYNTAX_ROWS.items()) for form in row.forms}
"""The syntax to announce for a form: of several, the first of the table."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of itself, even when it is refused; every part may be empty."""

    number: str = ""
    supplier: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """The verdict on one document. ``invoice`` is None when the document could not be read as one."""

    verdict: Verdict
    invoice: Invoice | None
    findings: tuple[Finding, ...]
    syntax: Syntax | None
    form: DocumentForm | None
    profile: str
    """BT-24 as written; empty when the document claims none."""
    frame: Frame | None
    rule_sets: tuple[str, ...]
    """Official rule sets that judged the document."""
    identity: Identity = Identity()


@dataclass(slots=True)
class _Examination:
    """What the steps have learnt so far."""

    content: bytes
    file_name: str
    announced: Syntax | None
    deposited_on: date
    forced: tuple[str, ...] | None
    notes: list[Note] = field(default_factory=list)
    in_pdf: bool = False
    form: DocumentForm | None = None
    root: Any = None
    reading: Reading | None = None
    files: list[EmbeddedFile] = field(default_factory=list)
    rule_sets: tuple[str, ...] = ()
    failed: bool = False

    @property
    def read(self) -> Reading:
        """The reading, once the document is parsed."""
        assert self.reading is not None
        return self.reading


def _check_bytes(examined: _Examination) -> None:
    if len(examined.content) > MAX_FILE:
        raise too_large(len(examined.content))
    kind = looks_like(examined.content)
    check_kind(kind, examined.announced)
    examined.in_pdf = kind is ContentKind.PDF


def _open_pdf(examined: _Examination) -> None:
    if not examined.in_pdf:
        return
    from chorale.formats.facturx import open_pdf

    contents = open_pdf(examined.content)
    examined.notes += contents.notes
    examined.files += contents.files
    examined.content = contents.xml


def _parse(examined: _Examination) -> None:
    examined.root = parse(examined.content)


def _check_form(examined: _Examination) -> None:
    space, _, local = (
        examined.root.tag[1:].rpartition("}") if examined.root.tag[0] == "{" else ("", "", examined.root.tag)
    )
    form = ROOTS.get((space, local))
    if form is None:
        raise refuse(
            "CHO-FORME",
            f"L'élément racine « {examined.root.tag} » n'est pas celui d'une facture : déposez une facture UBL 2.1 "
            "(Invoice ou CreditNote), CII D16B (CrossIndustryInvoice) ou CPP (CPPFacturePivot).",
            f"Root element {examined.root.tag} is not that of an invoice: deposit UBL 2.1, CII D16B or CPP.",
            value=examined.root.tag, expected="Invoice, CreditNote, CrossIndustryInvoice ou CPPFacturePivot",
            element=examined.root,
        )  # fmt: skip
    announced = examined.announced
    if announced and not examined.in_pdf and form not in SYNTAX_ROWS[announced].forms:
        raise refuse(
            "CHO-SYNTAXE",
            f"Le dépôt annonce {announced.value} ({SYNTAX_ROWS[announced].label}) et le fichier est du {form.value} : "
            f"annoncez {SYNTAX_OF_FORM[form].value} ou déposez un fichier de la syntaxe annoncée.",
            f"The deposit announces {announced.value} and the file is {form.value}.",
            value=form.value, expected=SYNTAX_ROWS[announced].label, element=examined.root,
        )  # fmt: skip
    examined.form = form
    examined.reading = Reading(examined.root, form)


def _check_schema(examined: _Examination) -> None:
    assert examined.form is not None
    name = SCHEMA_OF_FORM[examined.form]
    if examined.in_pdf:
        name = profile_row(profile_of(examined.read), examined.form).pdf_schema
    wrong = schema_notes(examined.root, name)
    if wrong:
        raise Refused(*wrong)


def _check_platform_rules(examined: _Examination) -> None:
    assert examined.form is not None
    examined.files += files_in_xml(examined.read)
    row = profile_row(profile_of(examined.read), examined.form)
    syntax = examined.announced or SYNTAX_OF_FORM[examined.form]
    frame = frame_of(examined.read).frame
    works = frame is not None and frame.is_works
    mixed = (SYNTAX_ROWS[syntax].mixed or works) and not examined.in_pdf
    case = Case(examined.read, examined.deposited_on, tuple(examined.files), row.has_breakdown, mixed)
    examined.notes += platform_notes(case)


def _check_official_rules(examined: _Examination) -> None:
    from chorale.formats.official import EngineFailed, official_notes

    assert examined.form is not None
    public = frame_of(examined.read).frame is not None
    choice = choose(examined.form, profile_of(examined.read), public_frame=public, forced=examined.forced)
    examined.rule_sets = tuple(rule_set for rule_set, _ in choice.rule_sets)
    try:
        official = official_notes(examined.root, choice.rule_sets)
    except EngineFailed as error:
        # The official rules themselves fail on this document: it cannot be called valid, and trying again is vain.
        raise Refused(
            note(
                "CHO-REGLES-ECHEC", Severity.ERROR,
                f"Les règles officielles {error.rule_set} ne peuvent pas être appliquées à ce document : une valeur "
                f"n'a pas la forme attendue ({error.reason}). Corrigez-la.",
                f"The official rules {error.rule_set} cannot be worked out on this document: {error.reason}",
                source=error.rule_set, value=error.reason,
            )
        ) from error  # fmt: skip
    said = said_by(examined.notes)
    examined.notes += [made for made in official if made.finding.code not in said]


STEPS: tuple[Callable[[_Examination], None], ...] = (
    _check_bytes,
    _open_pdf,
    _parse,
    _check_form,
    _check_schema,
    _check_platform_rules,
    _check_official_rules,
)


def validate(
    content: bytes,
    file_name: str,
    syntax: Syntax | None,
    deposited_on: date,
    force_rule_sets: tuple[str, ...] | None = None,
    signature: str = "",
) -> Validation:
    """The verdict on one document, with all that was found. Never raises.

    ``syntax`` is what the deposit announced (None: any that is known); ``deposited_on`` is the day in Paris;
    ``force_rule_sets`` replaces the choice of official rules; ``signature`` names the detached signature that came
    beside the document. An error of ours is the verdict UNDETERMINED with the
    finding CHO-MOTEUR, which the caller logs.
    """
    examined = _Examination(content, file_name, syntax, deposited_on, force_rule_sets)
    if signature:
        examined.notes.append(_signed_beside(signature))
    try:
        for step in STEPS:
            step(examined)
    except Refused as refused:
        examined.notes += refused.notes
    except Exception as error:  # noqa: BLE001 - whatever fails here is ours, and must not be taken for a verdict
        examined.failed = True
        examined.notes.append(_failure(error))
    return _conclude(examined)


def _signed_beside(signature: str) -> Note:
    return note(
        "CHO-SIGNATURE-DETACHEE", Severity.INFORMATION,
        f"Le document est accompagné d'une signature détachée ({signature}) : la facture est traitée, la signature "
        "reste dans le fichier déposé, sans être vérifiée.",
        f"A detached signature ({signature}) came with the document: it stays in the deposited file, unchecked.",
        value=signature,
    )  # fmt: skip


def _conclude(examined: _Examination) -> Validation:
    try:
        findings = findings_of(examined.notes, examined.content, examined.root)
        reading = examined.reading
        invoice = None
        if reading is not None:
            invoice = invoice_of(reading, tuple(file.described() for file in examined.files))
    except Exception as error:  # noqa: BLE001 - as above
        examined.failed = True
        findings, invoice, reading = (_failure(error).finding,), None, None
    verdict = Verdict.NON_CONFORMANT if is_refused(findings) else Verdict.CONFORMANT
    if verdict is Verdict.CONFORMANT and invoice is None:
        examined.failed = True
        findings = (*findings, _failure(RuntimeError("accepted but not read")).finding)
    form = DocumentForm.PDF if examined.in_pdf else examined.form
    return Validation(
        Verdict.UNDETERMINED if examined.failed else verdict,
        invoice,
        findings,
        examined.announced or (SYNTAX_OF_FORM[form] if form else None),
        form,
        profile_of(reading) if reading is not None else "",
        frame_of(reading).frame if reading is not None else None,
        examined.rule_sets,
        _identity(reading) if reading is not None else Identity(),
    )


def _identity(reading: Reading) -> Identity:
    return Identity(reading.one("BT-1").text, identifier_of(reading, SELLER).text, identifier_of(reading, BUYER).text)


def _failure(error: Exception) -> Note:
    return note(
        "CHO-MOTEUR", Severity.ERROR,
        "La plateforme n'a pas pu contrôler ce document : ce n'est pas votre fait, le contrôle sera repris.",
        f"The platform could not check this document: {type(error).__name__}: {error}",
        value=type(error).__name__,
    )  # fmt: skip
