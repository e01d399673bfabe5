"""chorale rules: the rules that a document meets, as docs/validation.md prints them."""

import sys
from argparse import ArgumentParser, Namespace

from chorale.domain.findings import Severity
from chorale.domain.frames import FRAME_ROWS
from chorale.domain.invoices.requirements import OTHER_WORDS, Words
from chorale.domain.reform.frames import OF_A_SUBCONTRACTOR, REFORM_FRAMES, ReformFrame
from chorale.formats import limits
from chorale.formats.judging.platform_rules import ORDINARY, b2g
from chorale.formats.judging.platform_rules.model import Rule
from chorale.formats.judging.rule_choice import FRENCH_MARK, FRENCH_RULES, PROFILES

from chorale_cli.exits import DONE

SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "information"}
DESCRIPTION = """\
Imprimer en Markdown les règles qu'une facture rencontre : c'est la page
docs/validation.md, écrite en anglais, avec chaque phrase en français.
"""


def declare(parser: ArgumentParser) -> None:
    """There is nothing to choose."""
    parser.description = DESCRIPTION


def run(_arguments: Namespace) -> int:
    """Print the table of rules as Markdown."""
    sys.stdout.write(markdown())
    return DONE


def markdown() -> str:
    """The whole page."""
    return "\n\n".join((_HEAD, _choice(), _platform(), _reform(), _frames(), _limits())) + "\n"


_HEAD = """# What a document is checked against

Printed by `chorale rules`; a test keeps this page equal to the code.

Steps, in this order: bytes and size; the XML of a PDF; hardened parse; form against the announced syntax; XML schema;
rules of the platform; official rule sets. A step that refuses ends the examination, but all rules of the platform and
all official ones speak. What the recipient's directory entry requires is checked afterwards, at integration."""


def _table(*rows: tuple[str, ...]) -> str:
    heading, *content = rows
    lines = [heading, tuple("---" for _ in heading), *content]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _choice() -> str:
    rows = [("claim (BT-24 begins with)", "profile", "rule sets", "a fatal finding is", "schema inside a PDF")]
    for row in PROFILES:
        claims = ", ".join(f"`{claim}`" if claim else "anything else, or nothing" for claim in row.claims)
        sets = ", ".join(f"`{name.replace('{syntax}', '<syntax>')}`" for name in row.rule_sets)
        rows.append((claims, row.label, sets, SEVERITIES[row.weight], f"`{row.pdf_schema}`"))
    french = FRENCH_RULES.replace("{syntax}", "<syntax>")
    return (
        "## Official rule sets\n\n`<syntax>` is UBL or CII. The first row that fits is taken.\n\n"
        + _table(*rows)
        + f"\n\n`{french}` is added when BT-24 contains `{FRENCH_MARK}`: as information for the frames A1 to A25 (and "
        "none),\nwhich these rules do not know, as errors otherwise."
    )


def _sentences(rules: tuple[Rule, ...]) -> str:
    rows = [("code", "severity", "term", "sentence", "source")]
    rows += [
        (f"`{rule.code}`", SEVERITIES[rule.severity], rule.term, rule.french.replace("\u00a0", " "), rule.source)
        for rule in rules
    ]
    return _table(*rows)


def _platform() -> str:
    return "## Rules of the platform\n\n`{value}` and the like stand for what the document says.\n\n" + _sentences(
        ORDINARY
    )


_REFORM = """## Rules of the reform for the public sector (BR-FR-CPRO)

They judge a document that says it is one of the reform: by its frame (B1, S1, M1 ...), or by a note ADN that says B2G
(BR-FR-CPRO-00). No Schematron of these rules is published: they are the project's own, under the codes of the norm.
Those on a SIRET (-03, -09, -10) advise only, when no note ADN claims the reform and the SIRET is written in an older
place (BT-30, BT-47): the party is then known as surely. What the directory says of the recipient is told at
integration, by {directory}; BR-FR-CPRO-22 and BR-FR-CPRO-23 are the
directory's answers on the seller's agent (`CHO-VALIDEUR-INCONNU`) and on the recipient (`CHO-DEST-INCONNU`). In UBL,
the schema itself refuses a second contact (BR-FR-CPRO-26 to -28).

The recipient is read in BT-46 with scheme 0009, else in BT-49 with scheme 0225, else in BT-47; its service in BT-46
with scheme 0224, else in BT-49, else in BT-10. Two that differ are refused (`CHO-ADRESSE-CONTRADICTOIRE`)."""


def _reform() -> str:
    codes = sorted({told.code for told in OTHER_WORDS[Words.REFORM].values() if told.code})
    head = _REFORM.replace("{directory}", ", ".join(codes[:-1]) + " and " + codes[-1])
    rows = [("frame (BT-23)", "document", "taken as"), *((row.code, row.label, _taken(row)) for row in REFORM_ROWS)]
    return f"{head}\n\n{_sentences(b2g.RULES)}\n\n### Frames of the reform\n\n{_table(*rows)}"


REFORM_ROWS = tuple(REFORM_FRAMES.values())


def _taken(row: ReformFrame) -> str:
    if row.frame:
        return row.frame.short + (", validated by the seller's agent" if row.has_agent else "")
    return "refused: `BR-FR-CPRO-24`" if row.code == OF_A_SUBCONTRACTOR else "refused: `CHO-CADRE-MULTI-VENDEUR`"


def _frames() -> str:
    rows = [("frame", "document", "taken in a flux")]
    rows += [(frame.short, row.label, "yes" if row.accepted_in_flux else "no") for frame, row in FRAME_ROWS.items()]
    return "## Billing frames\n\n" + _table(*rows)


def _limits() -> str:
    names = (
        ("deposited file, and unpacked archive", limits.MAX_FILE, "bytes"),
        ("members of an archive", limits.MAX_MEMBERS, ""),
        ("unpacked size over packed size", limits.MAX_RATIO, ""),
        ("XML document", limits.MAX_XML, "bytes"),
        ("tags of an XML document", limits.MAX_MARKUP, ""),
        ("attributes of an element", limits.MAX_ATTRIBUTES, ""),
        ("one text of an XML document", limits.MAX_XML_TEXT, "bytes"),
        ("files inside a PDF", limits.MAX_EMBEDDED_FILES, ""),
        ("attachment", limits.MAX_ATTACHMENT, "bytes"),
        ("attachments of an invoice", limits.MAX_ATTACHMENTS_TOTAL, "bytes"),
    )
    rows = [("what", "at most"), *((what, f"{value:,} {unit}".strip()) for what, value, unit in names)]
    return "## Limits\n\n" + _table(*rows)
