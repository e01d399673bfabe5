"""Which official rule sets judge a document, by its syntax, what it claims (BT-24) and its frame (BT-23)."""

from dataclasses import dataclass
from functools import lru_cache

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
    has_means: bool = True
    """Whether it carries the means of payment."""


PROFILES = (
    ProfileRow(
        "Factur-X MINIMUM", (f"{FACTURX}:minimum",), ("FACTURX-MINIMUM",), Severity.ERROR, "facturx-minimum",
        has_breakdown=False, has_means=False,
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
OTHER_CLAIMS = (
    f"{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    f"{EN16931}#compliant#urn:xoev-de:kosit:standard:xrechnung_3.0",
    f"{EN16931}#compliant#{FRENCH_MARK}:1p0:einvoicing-ctc-fr",
)
"""Usages of EN 16931 that senders name; they are judged by the standard."""
ALIKE = 0.9
"""From which share of equal characters (difflib) a claim is taken for a misspelling of a known one."""
CLOSE = 0.6
"""From which a known claim is worth naming to who wrote another one."""


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """The rule sets that judge one document, each with the weight of its fatal findings."""

    profile: ProfileRow
    rule_sets: tuple[tuple[str, Severity], ...]


def syntax_of(form: DocumentForm) -> str:
    """``UBL`` or ``CII``, as the ids of rule sets end."""
    return "CII" if form is DocumentForm.CII else "UBL"


@dataclass(frozen=True, slots=True)
class Claim:
    """What BT-24 is taken for. ``nearest`` is the known value that it is close to; empty when it is known itself."""

    row: ProfileRow
    known: bool
    nearest: str = ""
    is_misspelling: bool = False
    """Whether it is so close to ``nearest`` that it is judged as that."""


@lru_cache(maxsize=256)
def claim_of(profile: str, form: DocumentForm) -> Claim:
    """What a document claims by BT-24. The Factur-X profiles are those of CII only.

    A claim that is none of those known, and not the standard with a usage of somebody's own, is compared with them.
    """
    if form is DocumentForm.CPP:
        return Claim(CPP_ROW, known=True)
    row = _row(profile, form)
    claims = [claim for one in PROFILES for claim in one.claims if claim]
    if not profile or profile in (*claims, *OTHER_CLAIMS):
        return Claim(row, known=True)
    nearest, share = _nearest(profile, [*claims, *OTHER_CLAIMS])
    if profile.startswith(EN16931) and share < ALIKE:
        return Claim(row, known=True)
    if share >= ALIKE:
        return Claim(_row(nearest, form), known=False, nearest=nearest, is_misspelling=True)
    head = profile.partition("#")[0]
    if head != EN16931 and _nearest(head, [EN16931])[1] >= ALIKE:  # the standard misspelt, before a usage of its own
        return Claim(_row(EN16931, form), known=False, nearest=EN16931, is_misspelling=True)
    return Claim(row, known=False, nearest=nearest if share >= CLOSE else "")


def profile_row(profile: str, form: DocumentForm) -> ProfileRow:
    """The row of what BT-24 claims, or of what it misspells."""
    return claim_of(profile, form).row


def _row(profile: str, form: DocumentForm) -> ProfileRow:
    for row in PROFILES:
        if any(profile.startswith(claim) for claim in row.claims):
            if form is not DocumentForm.CII and row.rule_sets[0].startswith("FACTURX"):
                continue
            return row
    raise AssertionError("the last row fits every profile")


def _nearest(profile: str, claims: list[str]) -> tuple[str, float]:
    """The claim with the most characters in common, whatever the case, and their share."""
    from difflib import SequenceMatcher

    shares = [(SequenceMatcher(None, profile.casefold(), claim.casefold()).ratio(), claim) for claim in claims]
    share, claim = max(shares)
    return claim, share


def choose(
    form: DocumentForm, profile: str, *, public_frame: bool, forced: tuple[str, ...] | None = None
) -> RuleChoice:
    """The rule sets for a document.

    ``public_frame``: its frame is one of A1 to A25 (or it names none). The French rules of the reform know no such
    frames, so that they inform at most. ``forced`` replaces the choice: all their fatal findings are errors.
    """
    claim = claim_of(profile, form)
    row, claimed = claim.row, claim.nearest if claim.is_misspelling else profile
    if form is DocumentForm.CPP:  # a format of the platform's own: no official rules beyond its schema
        return RuleChoice(row, ())
    if forced is not None:
        return RuleChoice(row, tuple((rule_set, Severity.ERROR) for rule_set in forced))
    syntax = syntax_of(form)
    chosen = [(rule_set.format(syntax=syntax), row.weight) for rule_set in row.rule_sets]
    if FRENCH_MARK in claimed:
        weight = Severity.INFORMATION if public_frame else Severity.ERROR
        chosen.append((FRENCH_RULES.format(syntax=syntax), weight))
    return RuleChoice(row, tuple(chosen))
