"""The verdict on one document: an explicit list of steps from bytes to findings.

A step adds notes to the examination; it raises Refused when nothing after it makes sense. Heavy libraries are imported
by the step that needs them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from chorale.domain.findings import Finding, Severity, Verdict, is_refused
from chorale.domain.frames import Frame
from chorale.domain.invoices.harm import is_test_virus
from chorale.domain.invoices.invoice import Invoice
from chorale.domain.syntaxes import SYNTAX_ROWS, DocumentForm, Syntax
from chorale.formats.budget import Budget
from chorale.formats.judging.places import findings_of
from chorale.formats.judging.platform_rules import confirmed, platform_notes, said_by, unsaid
from chorale.formats.judging.platform_rules.identity import UNKNOWN_PROFILE
from chorale.formats.judging.platform_rules.model import Case
from chorale.formats.judging.rule_choice import ProfileRow, choose, claim_of, profile_row
from chorale.formats.judging.schemas import SCHEMA_OF_FORM, schema_notes
from chorale.formats.limits import MAX_FILE
from chorale.formats.notes import PlacedFinding, Refused, note, refuse
from chorale.formats.reading.attachments import EmbeddedFile, files_in_xml
from chorale.formats.reading.cpp_members import check_counter
from chorale.formats.reading.detection import ROOTS, ContentKind, looks_like
from chorale.formats.reading.document import Reading
from chorale.formats.reading.frame import frame_of, profile_of
from chorale.formats.reading.invoice import invoice_of
from chorale.formats.reading.parties import BUYER, SELLER, identifier_of
from chorale.formats.reading.refusals import check_kind, too_large, virus
from chorale.formats.reading.xml import parse

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
    budget: Budget
    notes: list[PlacedFinding] = field(default_factory=list)
    in_pdf: bool = False
    pdf_level: str = ""
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
    if is_test_virus(examined.content):
        raise virus(examined.file_name)
    kind = looks_like(examined.content)
    check_kind(kind, examined.announced)
    examined.in_pdf = kind is ContentKind.PDF


def _open_pdf(examined: _Examination) -> None:
    if not examined.in_pdf:
        return
    from chorale.formats.reading.facturx import open_pdf

    contents = open_pdf(examined.content, examined.budget)
    examined.notes += contents.notes
    examined.files += contents.files
    examined.content = contents.xml
    examined.pdf_level = contents.level


def _parse(examined: _Examination) -> None:
    examined.root = parse(examined.content, examined.budget)


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


def _check_container(examined: _Examination) -> None:
    """The profile that the metadata of a PDF says, against the one of its data."""
    if not examined.in_pdf:
        return
    from chorale.formats.reading.facturx_container import level_notes

    assert examined.form is not None
    label = profile_row(profile_of(examined.read), examined.form).label
    examined.notes += level_notes(examined.pdf_level, label)


def _check_schema(examined: _Examination) -> None:
    assert examined.form is not None
    name = SCHEMA_OF_FORM[examined.form]
    if examined.form is DocumentForm.CPP:
        check_counter(examined.root)
    if examined.in_pdf:
        name = profile_row(profile_of(examined.read), examined.form).pdf_schema
    wrong = schema_notes(examined.root, name)
    if wrong:
        raise Refused(*wrong)


def _check_platform_rules(examined: _Examination) -> None:
    assert examined.form is not None
    examined.files += files_in_xml(examined.read, examined.budget)
    profile = profile_of(examined.read)
    claim = claim_of(profile, examined.form)
    row = claim.row
    syntax = examined.announced or SYNTAX_OF_FORM[examined.form]
    frame = frame_of(examined.read).frame
    works = frame is not None and frame.is_works
    mixed = (SYNTAX_ROWS[syntax].mixed or works) and not examined.in_pdf
    case = Case(
        examined.read,
        examined.deposited_on,
        tuple(examined.files),
        row.has_breakdown,
        row.has_means,
        "" if claim.known else profile,
        claim.nearest,
        claim.is_misspelling,
        claims_standard=_is_binding(examined, row),
        mixed=mixed,
        budget=examined.budget,
    )
    examined.notes += platform_notes(case)


def _check_official_rules(examined: _Examination) -> None:
    from chorale.formats.judging.official import EngineFailed, official_notes

    assert examined.form is not None
    written = frame_of(examined.read)
    public = written.frame is not None and written.reform is None
    choice = choose(examined.form, profile_of(examined.read), public_frame=public, forced=examined.forced)
    examined.rule_sets = tuple(rule_set for rule_set, _ in choice.rule_sets)
    try:
        official = official_notes(examined.root, choice.rule_sets, tuple(examined.notes))
    except EngineFailed as error:
        # The official rules themselves fail on this document: it cannot be called valid, and trying again is vain.
        if "CHO-REGLES-ECHEC" in said_by(examined.notes):
            return
        raise Refused(
            note(
                "CHO-REGLES-ECHEC", Severity.ERROR,
                f"Les règles officielles {error.rule_set} ne peuvent pas être appliquées à ce document, à la règle "
                f"{error.rule_id} : {error.french}. Corrigez le document.",
                f"The official rules {error.rule_set} cannot be worked out on this document: {error.reason}",
                source=error.rule_set, value=error.rule_id,
            )
        ) from error  # fmt: skip
    if _is_binding(examined, choice.profile):
        examined.notes = confirmed(examined.notes, official)
    examined.notes, official = _profile_told_once(examined, official)
    examined.notes += unsaid(official, examined.notes)


def _profile_told_once(
    examined: _Examination, official: list[PlacedFinding]
) -> tuple[list[PlacedFinding], list[PlacedFinding]]:
    """An unknown BT-24 that the official rules refuse too: our finding, which names the nearest value, as severe."""
    written = examined.read.one("BT-24").element
    refused = any(made.element is written and made.finding.severity is Severity.ERROR for made in official)
    ours = [made for made in examined.notes if made.finding.code == UNKNOWN_PROFILE]
    if not ours or not refused:
        return examined.notes, official
    notes = [
        replace(made, finding=replace(made.finding, severity=Severity.ERROR)) if made in ours else made
        for made in examined.notes
    ]
    return notes, [made for made in official if made.element is not written]


def _is_binding(examined: _Examination, row: ProfileRow) -> bool:
    """Whether official rules with the formulas of the standard bind the document."""
    return examined.forced is None and row.weight is Severity.ERROR and row.has_breakdown


STEPS: tuple[Callable[[_Examination], None], ...] = (
    _check_bytes,
    _open_pdf,
    _parse,
    _check_form,
    _check_container,
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
    budget: Budget | None = None,
) -> Validation:
    """The verdict on one document, with all that was found. Never raises.

    ``syntax`` is what the deposit announced (None: any that is known); ``deposited_on`` is the day in Paris;
    ``force_rule_sets`` replaces the choice of official rules; ``signature`` names the detached signature that came
    beside the document; ``budget`` is what reading it may cost, smaller where the caller waits. An error of ours is the
    verdict UNDETERMINED with the finding CHO-MOTEUR, which the caller logs.
    """
    examined = _Examination(content, file_name, syntax, deposited_on, force_rule_sets, budget or Budget())
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


def _signed_beside(signature: str) -> PlacedFinding:
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


def _failure(error: Exception) -> PlacedFinding:
    return note(
        "CHO-MOTEUR", Severity.ERROR,
        "La plateforme n'a pas pu contrôler ce document : ce n'est pas votre fait, le contrôle sera repris.",
        f"The platform could not check this document: {type(error).__name__}: {error}",

    )  # fmt: skip
