"""The PDF around the data of a Factur-X: its attachment, its metadata (XMP), its colours.

Sources: Factur-X 1.0.7 (chapter 6), PDF/A-3 (ISO 19005-3). The public platform takes files that miss these: they are
told as warnings or informations. What cannot be read for sure (no data, several, encryption) is refused by facturx.py.
docs/facturx-container.md lists what is looked at and what is not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chorale.domain.findings import Severity
from chorale.formats.notes import PlacedFinding, Refused, note
from chorale.formats.reading.xml import parse

DATA_NAME = "factur-x.xml"
OLDER_NAMES = ("zugferd-invoice.xml", "xrechnung.xml")
"""Names of the same file elsewhere, or before."""
RELATIONS = ("/Data", "/Source", "/Alternative")
VERSION, DOCUMENT_TYPE, PART = "1.0", "INVOICE", "3"
LEVELS = {
    "Factur-X MINIMUM": ("MINIMUM",),
    "Factur-X BASIC WL": ("BASIC WL",),
    "Factur-X BASIC": ("BASIC",),
    "Factur-X EXTENDED": ("EXTENDED",),
    "EN 16931": ("EN 16931", "COMFORT", "XRECHNUNG"),
}
"""ConformanceLevel that goes with the profile of BT-24; the first is the one of Factur-X."""
OUTPUT_INTENT = "/GTS_PDFA1"
_PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
_EXTENSIONS = ("urn:factur-x:pdfa:", "urn:zugferd:pdfa:", "urn:ferd:pdfa:")
WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the XMP of a PDF says of its data and of itself; a part that it lacks is empty."""

    part: str = ""
    conformance: str = ""
    document_type: str = ""
    file_name: str = ""
    version: str = ""
    level: str = ""
    is_readable: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """What is looked at: parts of the PDF, resolved."""

    name: str
    """Name of the file that holds the data."""
    relation: str
    """AFRelationship of its specification, with its slash; empty when it has none."""
    in_catalog: bool
    """Whether the AF array of the document names it."""
    in_tree: bool
    """Whether the tree of embedded files names it."""
    other_xml: tuple[str, ...]
    """Names of other XML files."""
    output_intents: tuple[str, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class ContainerRule:
    """One row: ``wrong`` gives what was seen, None when it is right."""

    code: str
    severity: Severity
    french: str
    """May use ``{value}``."""
    english: str
    expected: str
    wrong: Callable[[Container], str | None]


def _name(seen: Container) -> str | None:
    return None if seen.name == DATA_NAME or seen.name.lower() in OLDER_NAMES else seen.name


def _older_name(seen: Container) -> str | None:
    return seen.name if seen.name.lower() in OLDER_NAMES else None


def _unless(right: Callable[[Container], bool], shown: Callable[[Container], str]) -> Callable[[Container], str | None]:
    return lambda seen: None if right(seen) else shown(seen)


def _of_metadata(
    right: Callable[[Metadata], bool], shown: Callable[[Metadata], str]
) -> Callable[[Container], str | None]:
    """A check of the XMP, when there is one to read."""
    return lambda seen: shown(seen.metadata) if seen.metadata.is_readable and not right(seen.metadata) else None


RULES = (
    ContainerRule(
        "CHO-PDF-NOM", WARNING,
        "Les données de la facture sont dans le fichier joint « {value} » : nommez-le factur-x.xml.",
        "The data of the invoice is in the attached file \"{value}\": name it factur-x.xml.",
        DATA_NAME, _name,
    ),
    ContainerRule(
        "CHO-PDF-NOM-ANCIEN", INFORMATION,
        "Les données de la facture sont dans « {value} », un nom d'une autre norme : Factur-X dit factur-x.xml.",
        "The data of the invoice is in \"{value}\", a name of another standard.",
        DATA_NAME, _older_name,
    ),
    ContainerRule(
        "CHO-PDF-AF", WARNING,
        "Le PDF ne déclare pas le fichier des données parmi ses fichiers associés (/AF) : ajoutez-le.",
        "The PDF does not name the data among its associated files (/AF).",
        "/AF dans le catalogue du PDF", _unless(lambda seen: seen.in_catalog, lambda seen: ""),
    ),
    ContainerRule(
        "CHO-PDF-ARBRE", WARNING,
        "Le fichier des données n'est pas dans l'arbre des fichiers joints (/EmbeddedFiles) : un lecteur de PDF ne le "
        "montre pas. Ajoutez-le.",
        "The data is not in the tree of embedded files (/EmbeddedFiles).",
        "/Names /EmbeddedFiles", _unless(lambda seen: seen.in_tree, lambda seen: ""),
    ),
    ContainerRule(
        "CHO-PDF-RELATION", WARNING,
        "La relation du fichier des données au PDF (AFRelationship) est absente ou n'est pas de celles de Factur-X : "
        "indiquez Data, Source ou Alternative.",
        "The AFRelationship of the data is missing or is none of Factur-X: give Data, Source or Alternative.",
        "Data, Source ou Alternative",
        _unless(lambda seen: seen.relation in RELATIONS, lambda seen: seen.relation.removeprefix("/")),
    ),
    ContainerRule(
        "CHO-PDF-XML-EN-PLUS", INFORMATION,
        "Le PDF contient d'autres fichiers XML ({value}) : seules les données de la facture sont lues.",
        "The PDF holds other XML files ({value}): only the data of the invoice is read.",
        "un seul fichier XML", _unless(lambda seen: not seen.other_xml, lambda seen: ", ".join(seen.other_xml)),
    ),
    ContainerRule(
        "CHO-PDF-XMP", WARNING,
        "Le PDF n'a pas de métadonnées XMP lisibles : un Factur-X y dit son profil et qu'il est un PDF/A-3.",
        "The PDF has no XMP metadata that can be read.",
        "XMP de Factur-X", _unless(lambda seen: seen.metadata.is_readable, lambda seen: ""),
    ),
    ContainerRule(
        "CHO-PDF-A3", WARNING,
        "Les métadonnées ne disent pas que le PDF est un PDF/A-3 (partie lue : « {value} ») : produisez un PDF/A-3.",
        "The metadata does not say that the PDF is PDF/A-3 (part: \"{value}\").",
        "pdfaid:part 3", _of_metadata(lambda said: said.part == PART, lambda said: said.part),
    ),
    ContainerRule(
        "CHO-PDF-XMP-FACTURX", WARNING,
        "Les métadonnées n'ont pas l'extension de Factur-X (profil absent) : ajoutez-la.",
        "The metadata has no extension of Factur-X (no profile).",
        "fx:ConformanceLevel", _of_metadata(lambda said: bool(said.level), lambda said: ""),
    ),
    ContainerRule(
        "CHO-PDF-XMP-VERSION", INFORMATION,
        "Les métadonnées donnent la version « {value} » de Factur-X : 1.0 est attendu.",
        "The metadata gives version \"{value}\" of Factur-X: 1.0 is expected.",
        VERSION,
        _of_metadata(lambda said: not said.level or said.version == VERSION, lambda said: said.version),
    ),
    ContainerRule(
        "CHO-PDF-XMP-TYPE", INFORMATION,
        "Les métadonnées donnent le type de document « {value} » : INVOICE est attendu.",
        "The metadata gives document type \"{value}\": INVOICE is expected.",
        DOCUMENT_TYPE,
        _of_metadata(
            lambda said: not said.level or said.document_type == DOCUMENT_TYPE, lambda said: said.document_type
        ),
    ),
    ContainerRule(
        "CHO-PDF-XMP-NOM", INFORMATION,
        "Les métadonnées nomment le fichier « {value} », qui n'est pas celui des données.",
        "The metadata names file \"{value}\", which is not that of the data.",
        "le nom du fichier joint",
        lambda seen: (
            seen.metadata.file_name if seen.metadata.level and seen.metadata.file_name != seen.name else None
        ),
    ),
    ContainerRule(
        "CHO-PDF-COULEURS", WARNING,
        "Le PDF n'a pas de profil de couleurs de sortie (OutputIntent GTS_PDFA1) : un PDF/A-3 en a un.",
        "The PDF has no output intent (GTS_PDFA1), as a PDF/A-3 has.",
        "OutputIntent GTS_PDFA1",
        _unless(lambda seen: OUTPUT_INTENT in seen.output_intents, lambda seen: ", ".join(seen.output_intents)),
    ),
)  # fmt: skip
LEVEL_CODE = "CHO-PDF-XMP-PROFIL"
LEVEL_FRENCH = (
    "Les métadonnées annoncent le profil « {value} » et les données le profil {label} (BT-24) : écrivez « {expected} » "
    "dans les métadonnées, ou corrigez BT-24."
)


def container_notes(seen: Container) -> Iterator[PlacedFinding]:
    """What is worth saying of the PDF around the data."""
    for rule in RULES:
        value = rule.wrong(seen)
        if value is not None:
            yield note(
                rule.code, rule.severity, rule.french.format(value=value), rule.english.format(value=value),
                value=value, expected=rule.expected,
            )  # fmt: skip


def level_notes(level: str, label: str) -> Iterator[PlacedFinding]:
    """What the profile of the metadata (``level``; may be empty) and that of the data (its ``label``) say together."""
    levels = LEVELS.get(label)
    if not level or levels is None or level in levels:
        return
    yield note(
        LEVEL_CODE, WARNING, LEVEL_FRENCH.format(value=level, label=label, expected=levels[0]),
        f"The metadata says profile \"{level}\" and the data {label} (BT-24).",
        term="BT-24", value=level, expected=levels[0],
    )  # fmt: skip


def metadata_of(content: bytes) -> Metadata:
    """What an XMP says; nothing of one that is not safe or not well-formed XML."""
    try:
        root = parse(content.strip(b"\0 \t\r\n"))
    except Refused:
        return Metadata()
    said: dict[str, str] = {}
    for description in root.iter(_RDF):
        # XMP writes a property as an element or as an attribute.
        written = [(str(child.tag), str(child.text or "")) for child in description if isinstance(child.tag, str)]
        for name, text in (*written, *((str(key), str(value)) for key, value in description.attrib.items())):
            said.setdefault(_property(name), text.strip())
    return Metadata(
        said.get("part", ""), said.get("conformance", ""), said.get("DocumentType", ""),
        said.get("DocumentFileName", ""), said.get("Version", ""), said.get("ConformanceLevel", ""), is_readable=True,
    )  # fmt: skip


def _property(name: str) -> str:
    """The local name of a property of PDF/A or of Factur-X; any other one keeps its namespace."""
    space, _, local = name.removeprefix("{").rpartition("}")
    return local if space == _PDFA.strip("{}") or space.startswith(_EXTENSIONS) else name
