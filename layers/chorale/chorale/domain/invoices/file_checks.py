"""What no file may be, by its name and content: one table for every door by which files come in.

The doors are flux of every syntax, files that are stored to be attached, and files inside a PDF.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chorale.domain.invoices.harm import NOT_IN_NAMES, is_page, is_test_virus, runs_in_page

EXECUTABLES = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
"""First bytes of programs and scripts."""
EXECUTABLE_EXTENSIONS = frozenset(
    {
        "APP", "BAT", "CMD", "COM", "CPL", "DLL", "EXE", "HTA", "JAR", "JS", "JSE", "LNK", "MSI", "PIF", "PS1", "SCR",
        "SH", "VB", "VBE", "VBS", "WSF",
    }
)  # fmt: skip
"""Names of what a desktop starts."""
MACRO_EXTENSIONS = frozenset({"DOCM", "DOTM", "POTM", "PPAM", "PPSM", "PPTM", "XLAM", "XLSM", "XLTM"})
"""Names of Office documents that say to hold macros."""
PDF_MARK, ZIP_MARK = b"%PDF-", b"PK\x03\x04"
MARK_WITHIN = 1_024
"""Bytes that readers skip before the mark of a PDF or of a ZIP."""
CONTENT_TYPES = "[Content_Types].xml"
CONTENT_TYPES_AT_MOST = 1_000_000
MEMBERS_AT_MOST = 10_000
_MACRO_PART = re.compile(rb"vbaProject\.bin", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"vbaProject|macroEnabled", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One row: ``wrong`` takes a name, its extension (capital letters) and the content, and gives what was seen.

    It gives None when the file is right. The sentences may use ``{name}`` and ``{value}``.
    """

    code: str
    source: str
    french: str
    english: str
    expected: str
    wrong: Callable[[str, str, bytes], str | None]


@dataclass(frozen=True, slots=True)
class FileFault:
    """What a check found wrong in a file."""

    check: FileCheck
    name: str
    value: str

    @property
    def french(self) -> str:
        """What is wrong and what to do, for the user."""
        return self.check.french.format(name=self.name or "sans nom", value=self.value)

    @property
    def english(self) -> str:
        """The same, for an operator."""
        return self.check.english.format(name=self.name or "without name", value=self.value)


def extension_of(name: str) -> str:
    """The extension of a file name in capital letters; empty when it has none."""
    return name.rpartition(".")[2].strip().upper() if "." in name else ""


def _unsafe_name(name: str, extension: str, content: bytes) -> str | None:
    # Characters that are not printable include those that reverse the reading of a name.
    if name.isprintable() and not NOT_IN_NAMES & set(name):
        return None
    return "".join(one if one.isprintable() else f"[U+{ord(one):04X}]" for one in name)


def _program(name: str, extension: str, content: bytes) -> str | None:
    extensions = {extension, extension_of(name.rstrip(" ."))}
    return name if extensions & EXECUTABLE_EXTENSIONS or content.startswith(EXECUTABLES) else None


def _macros(name: str, extension: str, content: bytes) -> str | None:
    if {extension, extension_of(name.rstrip(" ."))} & MACRO_EXTENSIONS:
        return name
    return name if ZIP_MARK in content[:MARK_WITHIN] and _holds_macros(content) else None


def _holds_macros(package: bytes) -> bool:
    """Whether an Office document holds macros: in the part of the usual name, or in one that its list of types names.

    The names of parts are not compressed; only the list of types is inflated.
    """
    if _MACRO_PART.search(package):
        return True
    if CONTENT_TYPES.encode() not in package or package.count(b"PK\x01\x02") > MEMBERS_AT_MOST:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as parts, parts.open(CONTENT_TYPES) as types:
            return bool(_MACRO_TYPE.search(types.read(CONTENT_TYPES_AT_MOST)))
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, RuntimeError, zlib.error):
        return False  # no Office document


def _virus(name: str, extension: str, content: bytes) -> str | None:
    return name if is_test_virus(content) else None


def _page_that_runs(name: str, extension: str, content: bytes) -> str | None:
    return (runs_in_page(content) or None) if is_page(extension, content) else None


def _not_a_pdf(name: str, extension: str, content: bytes) -> str | None:
    return name if extension == "PDF" and content and PDF_MARK not in content[:MARK_WITHIN] else None


UNSAFE_NAME = FileCheck(
    "CHO-PJ-NOM-FORME", "Sécurité",
    "Le nom de la pièce jointe « {value} » contient un chemin, un caractère invisible ou l'un de "
    "/ \\ : * ? \" < > | : donnez-lui un nom simple.",
    "Attachment name \"{value}\" holds a path, an invisible character or one of / \\ : * ? \" < > |.",
    "un nom de fichier simple", _unsafe_name,
)  # fmt: skip
PROGRAM = FileCheck(
    "CHO-PJ-EXECUTABLE", "Sécurité",
    "La pièce jointe {name} est un programme : retirez-la.",
    "Attachment {name} is a program: remove it.",
    "un document", _program,
)  # fmt: skip
MACROS = FileCheck(
    "CHO-PJ-MACRO", "Sécurité",
    "La pièce jointe {name} contient des macros : enregistrez-la sans macro, ou en PDF.",
    "Attachment {name} holds macros: save it without, or as PDF.",
    "un document sans macro", _macros,
)  # fmt: skip
VIRUS = FileCheck(
    "CHO-PJ-VIRUS", "Sécurité",
    "La pièce jointe {name} contient un virus connu : retirez-la et faites examiner votre poste.",
    "Attachment {name} holds a known virus: remove it.",
    "un fichier sain", _virus,
)  # fmt: skip
CODE = FileCheck(
    "CHO-PJ-ACTIF", "Sécurité",
    "La pièce jointe {name} contient du code ({value}) qui s'exécuterait à l'ouverture : enregistrez-la sans "
    "script, ou en PDF.",
    "Attachment {name} holds code ({value}) that would run when it is opened: save it without, or as PDF.",
    "une page sans script", _page_that_runs,
)  # fmt: skip
TEXT_AS_PDF = FileCheck(
    "CHO-PJ-PDF", "Cohérence du nom et du contenu",
    "La pièce jointe {name} n'est pas un PDF bien que son nom le dise : joignez le bon fichier.",
    "Attachment {name} is not a PDF although its name says so.",
    "un PDF", _not_a_pdf,
)  # fmt: skip
FILE_CHECKS = (UNSAFE_NAME, PROGRAM, MACROS, VIRUS, CODE, TEXT_AS_PDF)


def faults_of(name: str, extension: str, content: bytes) -> Iterator[FileFault]:
    """What is wrong with a file, in the order of the table; ``extension`` is the declared one, in capital letters."""
    for check in FILE_CHECKS:
        value = check.wrong(name, extension, content)
        if value is not None:
            yield FileFault(check, name, value)
