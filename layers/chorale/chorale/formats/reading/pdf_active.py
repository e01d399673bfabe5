"""What in a PDF would run, open or send something: looked for in every object of every revision, and refused.

Source: ISO 19005-3 (PDF/A-3, the form of a Factur-X), 6.5 and 6.6, which forbid the same. Jumps (GoTo) stay, and links
that a reader clicks on (URI), to the web, an address of mail or a telephone. What a PDF does by itself when it is
opened stays inside it, and nothing in it names a share of the network, because Windows logs in there without asking.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import DecodedStreamObject, EncodedStreamObject, IndirectObject

from chorale.domain.invoices.file_checks import (
    EXECUTABLE_EXTENSIONS,
    FILE_CHECKS,
    PROGRAM,
    TEXT_AS_PDF,
    VIRUS,
    FileCheck,
    FileFault,
    extension_of,
)
from chorale.formats.budget import Budget
from chorale.formats.limits import MAX_PDF_STRUCTURE, MAX_XML
from chorale.formats.notes import Refused, refuse
from chorale.formats.reading.detection import ContentKind, looks_like
from chorale.formats.reading.pdf_reader import BoundedReader, decoded
from chorale.formats.reading.refusals import virus

ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute", "/Movie", "/Sound"}
)
MEDIA = frozenset({"/RichMedia", "/3D", "/Movie", "/Screen"})
"""Annotations that hold a player or a scene with scripts of its own."""
LEAVING = frozenset({"/GoToR", "/GoToE", "/URI"})
"""Actions that show something else than the PDF: taken where a reader clicks, not where the PDF opens by itself."""
BY_ITSELF = ("/OpenAction", "/AA")
"""Where the actions are that no reader asks for."""
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SCHEME = re.compile(r"(?![\w-]*\.[\w.-]*:\d{1,5}(?:[/?#]|$))([a-z][a-z0-9+.-]*):")
"""The scheme of an address, which is no host with its port."""
SHARE = re.compile(r"[\\/]{2}")
"""How the path of a share begins: ``\\\\host\\share`` (UNC), or the same with the slashes of a PDF."""
PATHS = ("/F", "/UF", "/DOS", "/Unix", "/Mac", "/URI", "/Base")
"""Keys that name a file or an address."""
XFA_SCRIPT = re.compile(rb"<(?:[\w.-]+:)?(script|submit|execute)\b", re.IGNORECASE)
ACTIVE_WORDS = re.compile(rb"/(JavaScript|JS|Launch|ImportData|SubmitForm|RichMedia|XFA)\b")
LONG_WORDS = re.compile(rb"/(JavaScript|Launch|ImportData|SubmitForm|GoToR|GoToE|RichMedia)\b")
"""Those that are met by chance in no image."""
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
INSIDE_CHECKS = tuple(check for check in FILE_CHECKS if check is not TEXT_AS_PDF)
"""What no file inside a PDF may be. One that is no PDF although it says so harms nobody, and is told of attachments."""
MAX_NESTED_PDFS = 3
"""PDFs inside PDFs inside PDFs."""
SHOWN = 30
"""Characters of an address that a message repeats."""
END_OF_REVISION = re.compile(rb"%%EOF\s*")


def refuse_active_content(content: bytes, reader: BoundedReader) -> None:
    """Raise Refused for the first thing in the PDF that is active, in its present state or in an earlier one."""
    _look_at(reader.trailer, reader)
    _look_at_objects(content, reader, reader.numbers())
    present = {key: _place(reader, *key) for key in reader.numbers()}
    for earlier in _earlier_revisions(content, reader.budget):
        changed = {key for key in earlier.numbers() if present.get(key) != _place(earlier, *key)}
        _look_at_objects(content, earlier, changed)


def refuse_active_words(content: bytes, budget: Budget) -> None:
    """Raise Refused for a PDF that cannot be read and in which a word of an action stands, compressed or not."""
    budget.step(len(content) // 1_000 + 1)
    for text in (content, *_inflated_streams(content, budget)):
        found = LONG_WORDS.search(ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), text))
        if found:
            raise active(found[1].decode())


def _inflated_streams(content: bytes, budget: Budget) -> Iterator[bytes]:
    for found in STREAM.finditer(content):
        inflater = zlib.decompressobj()
        try:
            text = inflater.decompress(found[1], MAX_PDF_STRUCTURE)
        except zlib.error:
            continue
        budget.inflate(len(text))
        yield text


def _place(reader: BoundedReader, number: int, generation: int) -> Any:
    return reader.xref.get(generation, {}).get(number) or reader.xref_objStm.get(number)


def _earlier_revisions(content: bytes, budget: Budget) -> Iterator[BoundedReader]:
    """The file as it was before each update: a viewer of signatures shows those states."""
    for end in [found.end() for found in END_OF_REVISION.finditer(content)][:-1]:
        budget.step(len(content) // 1_000 + 1)
        try:
            yield BoundedReader(content[:end], budget, strict=True)
        except (PyPdfError, ValueError, KeyError, AssertionError, IndexError, TypeError, AttributeError):
            budget.check()  # the first mark of a linearized file is the end of no revision


def _look_at_objects(content: bytes, reader: BoundedReader, numbers: set[tuple[int, int]]) -> None:
    for number, generation in sorted(numbers):
        try:
            found = reader.object_at(number, generation)
        except Refused:
            raise
        except (Exception, RecursionError):  # noqa: BLE001 - what pypdf cannot read, another program may
            reader.budget.check()
            _look_at_text(content, reader.xref.get(generation, {}).get(number))
            continue
        _look_at(found, reader)


def _look_at_text(content: bytes, start: Any) -> None:
    """Look at an object that cannot be read by its words alone."""
    if not isinstance(start, int):
        return
    end = content.find(b"endobj", start)
    found = ACTIVE_WORDS.search(content, start, end if end > 0 else len(content))
    if found:
        raise active(found.group(1).decode())


def _look_at(thing: Any, reader: BoundedReader) -> None:
    """Look at one object and all that is written inside it; what it refers to has its own turn."""
    waiting = [thing]
    while waiting:
        item = waiting.pop()
        reader.budget.step()
        if isinstance(item, dict):
            _look_at_dictionary(item, reader)
            waiting += dict.values(item)
        elif isinstance(item, list):
            waiting += list.__iter__(item)


def _value(holder: dict[Any, Any], key: str) -> Any:
    found = dict.get(holder, key)
    return found.get_object() if isinstance(found, IndirectObject) else found


def _look_at_dictionary(holder: dict[Any, Any], reader: BoundedReader) -> None:
    kind = str(_value(holder, "/S"))
    if kind in ACTIONS:
        raise active(kind.removeprefix("/"))
    if (
        "/JavaScript" in holder
        or isinstance(_value(holder, "/JS"), (str, bytes))
        or ("/S" in holder and "/JS" in holder)
    ):
        raise active("JavaScript")
    if "/Rect" in holder and str(_value(holder, "/Subtype")) in MEDIA:
        raise active(str(_value(holder, "/Subtype")).removeprefix("/"))
    _look_at_paths(holder, is_link=kind == "/URI")
    for key in BY_ITSELF:
        if key in holder:
            _look_at_opening(_value(holder, key), reader)
    if "/XFA" in holder:
        _look_at_xfa(_value(holder, "/XFA"), reader)
    if "/EF" in holder:
        _look_at_files(holder, reader)


def _look_at_paths(holder: dict[Any, Any], *, is_link: bool) -> None:
    for key in PATHS:
        written = _value(holder, key)
        if not isinstance(written, (str, bytes)):
            continue
        text = written.decode("latin-1") if isinstance(written, bytes) else str(written)
        path = "".join(one for one in text if one > " ").lower()
        scheme = SCHEME.match(path)
        if SHARE.match(path) or path.startswith("file:"):
            raise active(f"chemin {path[:SHOWN]}")
        if is_link and key == "/URI" and scheme and scheme[1] not in LINK_SCHEMES:
            raise active(f"lien {path[:SHOWN]}")


def _look_at_opening(opening: Any, reader: BoundedReader) -> None:
    """Look at the actions that start by themselves, and at those that follow them."""
    if not isinstance(opening, dict):
        return  # a place of the PDF
    waiting = [opening] if "/S" in opening else [_value(opening, key) for key in opening]
    seen: set[int] = set()
    while waiting:
        action = waiting.pop()
        reader.budget.step()
        if isinstance(action, list):
            waiting += [item.get_object() for item in action if hasattr(item, "get_object")]
        elif isinstance(action, dict) and id(action) not in seen:
            seen.add(id(action))
            kind = str(_value(action, "/S"))
            if kind in LEAVING:
                raise active(f"{kind.removeprefix('/')} à l'ouverture")
            waiting.append(_value(action, "/Next"))


def _look_at_xfa(form: Any, reader: BoundedReader) -> None:
    """A dynamic form is XML in one stream, or in parts that make one text together."""
    parts = [part.get_object() for part in form] if isinstance(form, list) else [form]
    text = io.BytesIO()
    for part in parts:
        if hasattr(part, "get_data"):
            text.write(decoded(part, reader.budget, MAX_XML))
    found = XFA_SCRIPT.search(text.getvalue().replace(b"\0", b""))
    if found:
        raise active(f"XFA {found.group(1).decode().lower()}")


def _look_at_files(specification: dict[Any, Any], reader: BoundedReader) -> None:
    """A file inside, wherever it hangs: an annotation shows files that no list of the document names."""
    names = [str(_value(specification, key) or "") for key in ("/UF", "/F")]
    name = names[0] or names[1]
    streams = _value(specification, "/EF")
    for stream in (one.get_object() for one in dict.values(streams)) if isinstance(streams, dict) else ():
        if not hasattr(stream, "get_data"):
            continue
        content = embedded(stream, name, reader.budget)
        for check in INSIDE_CHECKS:
            _look_at_file(name, content, check)
        if any(extension_of(one) in EXECUTABLE_EXTENSIONS for one in names):
            raise _unsafe(FileFault(PROGRAM, name, name))
        if looks_like(content) is ContentKind.PDF:
            _look_at_pdf(name, content, reader)


def _look_at_file(name: str, content: bytes, check: FileCheck) -> None:
    value = check.wrong(name, extension_of(name), content)
    if value is not None:
        raise virus(name) if check is VIRUS else _unsafe(FileFault(check, name, value))


def _unsafe(fault: FileFault) -> Refused:
    return refuse(
        fault.check.code, f"{fault.french} Elle est dans le PDF.", f"{fault.english} It is inside the PDF.",
        value=fault.value, expected=fault.check.expected,
    )  # fmt: skip


def _look_at_pdf(name: str, content: bytes, holder: BoundedReader) -> None:
    """Look at a PDF inside a PDF, whose reader is ``holder``, in the same way."""
    if holder.depth >= MAX_NESTED_PDFS:
        raise active(f"des PDF les uns dans les autres, {name[:SHOWN]}")
    try:
        inside = BoundedReader(content, holder.budget)
        inside.depth = holder.depth + 1
        if inside.is_encrypted:
            raise active(f"PDF chiffré, {name[:SHOWN]}")
        refuse_active_content(content, inside)
    except Refused:
        raise
    except (Exception, RecursionError):  # noqa: BLE001 - what pypdf cannot read, another program may
        holder.budget.check()
        refuse_active_words(content, holder.budget)


def embedded(stream: Any, name: str, budget: Budget) -> bytes:
    """The data of a file inside, inflated and counted once however often it is asked for.

    Raises Refused for one that becomes too large.
    """
    try:
        data = decoded(stream, budget, MAX_XML)
    except LimitReachedError as error:
        raise refuse(
            "CHO-PDF-BOMBE",
            f"Le fichier {name} du PDF dépasse {MAX_XML // 1_000_000} Mo une fois décompressé : retirez-le.",
            f"File {name} inside the PDF is larger than {MAX_XML // 1_000_000} MB once inflated.",
            value=name, expected=f"{MAX_XML // 1_000_000} Mo au plus",
        ) from error  # fmt: skip
    if isinstance(stream, EncodedStreamObject) and stream.decoded_self is None:
        stream.decoded_self = DecodedStreamObject()
        stream.decoded_self.set_data(data)
    return data


def active(kind: str) -> Refused:
    """The refusal of a PDF that would run, open or send something."""
    return refuse(
        "CHO-PDF-ACTIF",
        f"Le PDF contient une action ({kind}), refusée par sécurité : enregistrez-le sans script ni action.",
        f"The PDF holds an action ({kind}), refused for safety: save it without scripts.",
        value=kind, expected="PDF sans script ni action",
    )  # fmt: skip
