"""chorale rules: the rules that a document meets, as docs/validation.md prints them."""

import typer
from chorale.domain.findings import Severity
from chorale.domain.frames import FRAME_ROWS
from chorale.formats import limits
from chorale.formats.platform_rules import RULES
from chorale.formats.rule_choice import FRENCH_MARK, FRENCH_RULES, PROFILES

SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "information"}


def rules() -> None:
    """Print the table of rules as Markdown."""
    typer.echo(markdown(), nl=False)


def markdown() -> str:
    """The whole page."""
    return "\n\n".join((_HEAD, _choice(), _platform(), _frames(), _limits())) + "\n"


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


def _platform() -> str:
    rows = [("code", "severity", "term", "sentence", "source")]
    rows += [
        (f"`{rule.code}`", SEVERITIES[rule.severity], rule.term, rule.french.replace("\u00a0", " "), rule.source)
        for rule in RULES
    ]
    return "## Rules of the platform\n\n`{value}` and the like stand for what the document says.\n\n" + _table(*rows)


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
