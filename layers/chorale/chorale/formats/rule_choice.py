"""Which official rule sets judge a document, by its syntax, what it claims (BT-24) and its frame (BT-23)."""

from dataclasses import dataclass

from chorale.domain.findings import Severity
from chorale.domain.syntaxes import DocumentForm

EN16931 = "urn:cen.eu:en16931:2017"
FACTURX = "urn:factur-x.eu:1p0"
FRENCH_MARK = "urn.cpro.gouv.fr"
"""Part of BT-24 that says: the French rules of the reform (BR-FR) apply."""


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One row of the table of profiles. ``{syntax}`` in a rule set stands for UBL or CII."""

    label: str
    claims: tuple[str, ...]
    """Beginnings of BT-24; the first row with one that fits is taken."""
    rule_sets: tuple[str, ...]
    weight: Severity
    """How much a fatal finding of these rules weighs."""
    pdf_schema: str = "cii"
    """Schema of the XML when it comes inside a PDF; alone it is checked by the schema of its form."""
    has_breakdown: bool = True
    """Whether the profile carries a VAT breakdown and prepayments."""


PROFILES = (
    ProfileRow(
        "Factur-X MINIMUM", (f"{FACTURX}:minimum",), ("FACTURX-MINIMUM",), Severity.ERROR, "facturx-minimum",
        has_breakdown=False,
    ),
    ProfileRow("Factur-X BASIC WL", (f"{FACTURX}:basicwl",), ("FACTURX-BASICWL",), Severity.ERROR, "facturx-basicwl"),
    ProfileRow(
        "Factur-X BASIC", (f"{EN16931}#compliant#{FACTURX}:basic",), ("FACTURX-BASIC",), Severity.ERROR,
        "facturx-basic",
    ),
    ProfileRow(
        "Factur-X EXTENDED", (f"{EN16931}#conformant#{FACTURX}:extended",), ("FACTURX-EXTENDED",), Severity.ERROR,
        "facturx-extended",
    ),
    ProfileRow(
        "EXTENDED-CTC-FR", (f"{EN16931}#conformant#{FRENCH_MARK}:1p0:extended-ctc-fr",),
        ("EXTENDED-CTC-FR-{syntax}",), Severity.ERROR,
    ),
    ProfileRow("EN 16931", (EN16931,), ("EN16931-{syntax}",), Severity.ERROR),
    ProfileRow("sans profil EN 16931", ("",), ("EN16931-{syntax}",), Severity.WARNING),
)  # fmt: skip
"""What BT-24 claims decides. A document that claims nothing can be accepted: the standard then advises."""

CPP_ROW = ProfileRow("format de la plateforme", (), (), Severity.ERROR, has_breakdown=False)
"""The platform's own format claims no standard, and its VAT lines have no categories."""

FRENCH_RULES = "BR-FR-{syntax}"


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """The rule sets that judge one document, each with the weight of its fatal findings."""

    profile: ProfileRow
    rule_sets: tuple[tuple[str, Severity], ...]


def syntax_of(form: DocumentForm) -> str:
    """``UBL`` or ``CII``, as the ids of rule sets end."""
    return "CII" if form is DocumentForm.CII else "UBL"


def profile_row(profile: str, form: DocumentForm) -> ProfileRow:
    """The row of what BT-24 claims. The Factur-X profiles are those of CII only."""
    if form is DocumentForm.CPP:
        return CPP_ROW
    for row in PROFILES:
        if any(profile.startswith(claim) for claim in row.claims):
            if form is not DocumentForm.CII and row.rule_sets[0].startswith("FACTURX"):
                continue
            return row
    raise AssertionError("the last row fits every profile")


def choose(
    form: DocumentForm, profile: str, *, public_frame: bool, forced: tuple[str, ...] | None = None
) -> RuleChoice:
    """The rule sets for a document.

    ``public_frame``: its frame is one of A1 to A25 (or it names none). The French rules of the reform know no such
    frames, so that they inform at most. ``forced`` replaces the choice: all their fatal findings are errors.
    """
    row = profile_row(profile, form)
    if form is DocumentForm.CPP:  # a format of the platform's own: no official rules beyond its schema
        return RuleChoice(row, ())
    if forced is not None:
        return RuleChoice(row, tuple((rule_set, Severity.ERROR) for rule_set in forced))
    syntax = syntax_of(form)
    chosen = [(rule_set.format(syntax=syntax), row.weight) for rule_set in row.rule_sets]
    if FRENCH_MARK in profile:
        weight = Severity.INFORMATION if public_frame else Severity.ERROR
        chosen.append((FRENCH_RULES.format(syntax=syntax), weight))
    return RuleChoice(row, tuple(chosen))
