"""What a PDF holds: the XML of a Factur-X, its other files, its signature; active content is refused.

The PDF is never rendered and nothing in it is run. pypdf is imported when the first PDF comes.
"""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chorale.domain.findings import Severity
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.attachments import EmbeddedFile
from chorale.formats.detection import PDF_MARK, PDF_MARK_WITHIN, ContentKind, form_of, looks_like, root_name
from chorale.formats.limits import MAX_EMBEDDED_FILES, MAX_PDF_OBJECTS, MAX_XML
from chorale.formats.notes import Note, Refused, note, refuse

Found = TypeVar("Found")
USUAL_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"})
INFLATED_AT_MOST: dict[str, Any] = {
    "zlib_maximum_output_length": MAX_XML,
    "lzw_maximum_output_length": MAX_XML,
    "run_length_maximum_output_length": MAX_XML,
    "array_based_stream_maximum_output_length": MAX_XML,
    "stream_decoding_work_maximum_length": 2 * MAX_XML,
    "stream_filters_maximum_length": 4,
}
"""A stream that inflates to more than any invoice is a bomb: pypdf stops there."""
SIGNED = 1
"""Bit of SigFlags: the document holds a signature."""


@dataclass(frozen=True, slots=True)
class PdfContents:
    """The invoice data of a PDF (``xml``), the other files it holds, and what is worth saying about it."""

    xml: bytes
    xml_name: str
    files: tuple[EmbeddedFile, ...] = ()
    notes: tuple[Note, ...] = field(default=())


def open_pdf(content: bytes) -> PdfContents:
    """Find the invoice data inside a PDF. Raises Refused when it is broken, encrypted, active or holds none."""
    return _guarded(_open, content)


def look_into(content: bytes) -> tuple[Note, ...]:
    """What is worth saying of a PDF that need not hold data. Raises Refused when it is broken, encrypted or active."""
    return _guarded(lambda pdf: tuple(_signature_notes(_catalog(pdf))), content)


def page_text(content: bytes, pages: int) -> str:
    """The text of the first ``pages`` of a PDF. Raises Refused when it is broken, encrypted or active."""

    def read(pdf: bytes) -> str:
        from pypdf import PdfReader

        _catalog(pdf)
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages[:pages])

    return _guarded(read, content)


def _guarded(look: Callable[[bytes], Found], content: bytes) -> Found:
    from pypdf import apply_configuration

    # It warns of every oddity of a PDF that it gets over: of no use to an operator.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with apply_configuration(**INFLATED_AT_MOST):
            return look(content)
    except Refused:
        raise
    except (Exception, RecursionError) as error:
        raise _broken(type(error).__name__) from error


def _catalog(content: bytes) -> Any:
    from pypdf import PdfReader

    if PDF_MARK not in content[:PDF_MARK_WITHIN]:
        raise _broken("no mark at the start")
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise refuse(
            "CHO-PDF-CHIFFRE",
            "Le PDF est protégé (chiffrement ou mot de passe) : enregistrez-le sans protection, puis déposez-le.",
            "The PDF is encrypted: save it without protection.",
            expected="PDF sans chiffrement",
        )
    catalog = _resolved(reader.trailer["/Root"])
    _refuse_active_content(catalog)
    return catalog


def _open(content: bytes) -> PdfContents:
    catalog = _catalog(content)
    files = list(_embedded_files(catalog))
    notes = list(_signature_notes(catalog))
    invoice = _invoice_among(files)
    others = tuple(file for file in files if file is not invoice)
    assert invoice.content is not None
    return PdfContents(invoice.content, invoice.name, others, tuple(notes))


def _resolved(thing: Any) -> Any:
    return thing.get_object() if hasattr(thing, "get_object") else thing


def _embedded_files(catalog: Any) -> Iterator[EmbeddedFile]:
    """The files of the EmbeddedFiles name tree and of the AF array, each once."""
    seen: set[int] = set()
    for specification in _file_specifications(catalog):
        streams = _resolved(specification.get("/EF")) or {}
        stream = _resolved(streams.get("/F") or streams.get("/UF"))
        if stream is None or id(stream) in seen:
            continue
        seen.add(id(stream))
        if len(seen) > MAX_EMBEDDED_FILES:
            raise refuse(
                "CHO-PDF-FICHIERS",
                f"Le PDF contient plus de {MAX_EMBEDDED_FILES} fichiers : retirez ceux qui ne servent pas.",
                f"The PDF holds more than {MAX_EMBEDDED_FILES} files.",
                expected=f"{MAX_EMBEDDED_FILES} fichiers au plus",
            )
        name = str(specification.get("/UF") or specification.get("/F") or "")
        yield EmbeddedFile(
            name,
            str(stream.get("/Subtype", "")).removeprefix("/"),
            _data(stream, name),
            str(specification.get("/Desc", "")),
        )


def _data(stream: Any, name: str) -> bytes:
    from pypdf.errors import LimitReachedError, PyPdfError

    try:
        return bytes(stream.get_data())
    except LimitReachedError as error:
        raise refuse(
            "CHO-PDF-BOMBE",
            f"Le fichier {name} du PDF dépasse {MAX_XML // 1_000_000} Mo une fois décompressé : retirez-le.",
            f"File {name} inside the PDF is larger than {MAX_XML // 1_000_000} MB once inflated.",
            value=name, expected=f"{MAX_XML // 1_000_000} Mo au plus",
        ) from error  # fmt: skip
    except PyPdfError as error:
        raise _broken(f"{name}: {type(error).__name__}") from error


def _file_specifications(catalog: Any) -> Iterator[Any]:
    names = _resolved(catalog.get("/Names")) or {}
    yield from _tree_values(_resolved(names.get("/EmbeddedFiles")))
    for item in _resolved(catalog.get("/AF")) or ():
        yield _resolved(item)


def _tree_values(root: Any) -> Iterator[Any]:
    """The values of a name tree, without following a loop in it."""
    waiting, met = [root], 0
    while waiting and met < MAX_PDF_OBJECTS:
        node = _resolved(waiting.pop())
        met += 1
        if not hasattr(node, "get"):
            continue
        pairs = list(_resolved(node.get("/Names")) or ())
        for item in pairs[1::2]:
            value = _resolved(item)
            if hasattr(value, "get"):
                yield value
        waiting += list(_resolved(node.get("/Kids")) or ())[::-1]


def _invoice_among(files: list[EmbeddedFile]) -> EmbeddedFile:
    """The file that is a CII invoice by its content, whatever its name; a usual name decides between several."""
    documents = [file for file in files if file.content and looks_like(file.content) is ContentKind.XML]
    invoices = [file for file in documents if form_of(file.content or b"") is DocumentForm.CII]
    if len(invoices) > 1:
        invoices = [file for file in invoices if file.name.lower() in USUAL_NAMES] or invoices
    if len(invoices) == 1:
        return invoices[0]
    if invoices:
        raise refuse(
            "CHO-PDF-PLUSIEURS",
            "Le PDF contient plusieurs factures CII : n'en laissez qu'une, nommée factur-x.xml.",
            "The PDF holds several CII invoices: leave one, named factur-x.xml.",
            value=", ".join(file.name for file in invoices), expected="un seul factur-x.xml",
        )  # fmt: skip
    roots = ", ".join(sorted({root_name(file.content or b"")[1] or "XML" for file in documents}))
    if documents:
        raise refuse(
            "CHO-PDF-XML-AUTRE",
            f"Le XML contenu dans le PDF n'est pas une facture CII D16B ou plus récente (racine : {roots}) : "
            "produisez une Factur-X 1.0 ou plus récente.",
            f"The XML inside the PDF is no CII invoice of D16B or later (root: {roots}).",
            value=roots, expected="CrossIndustryInvoice",
        )  # fmt: skip
    raise refuse(
        "CHO-PDF-SANS-XML",
        "Le PDF ne contient pas de données de facture : ce n'est pas une Factur-X. Joignez-y le fichier factur-x.xml "
        "ou déposez la facture en UBL ou en CII.",
        "The PDF holds no invoice data: it is not a Factur-X. Embed factur-x.xml, or deposit UBL or CII.",
        value=f"{len(files)} fichier(s) joint(s)", expected="factur-x.xml",
    )  # fmt: skip


def _signature_notes(catalog: Any) -> Iterator[Note]:
    form = _resolved(catalog.get("/AcroForm")) or {}
    flags = _resolved(form.get("/SigFlags")) or 0
    fields = [_resolved(item) for item in (_resolved(form.get("/Fields")) or ())[:MAX_PDF_OBJECTS]]
    has_field = any(item.get("/FT") == "/Sig" and "/V" in item for item in fields if hasattr(item, "get"))
    if (isinstance(flags, int) and flags & SIGNED) or has_field:
        yield note(
            "CHO-PDF-SIGNE",
            Severity.INFORMATION,
            "Le PDF porte une signature électronique : elle est conservée avec l'original, sans être vérifiée.",
            "The PDF is signed: the signature is kept with the original and not checked.",
        )


def _refuse_active_content(catalog: Any) -> None:
    """Refuse actions that run or send something. Bounded: the objects that a viewer looks at when it opens a page."""
    names = _resolved(catalog.get("/Names")) or {}
    if "/JavaScript" in names:
        raise _active("JavaScript")
    budget = MAX_PDF_OBJECTS
    for holder in _holders_of_actions(catalog):
        budget -= 1
        if budget < 0:
            return
        for key in ("/OpenAction", "/A", "/AA"):
            for action in _actions(holder.get(key)):
                kind = str(action.get("/S", ""))
                if kind in ACTIONS or "/JS" in action:
                    raise _active(kind.removeprefix("/") or "JavaScript")


def _holders_of_actions(catalog: Any) -> Iterator[Any]:
    yield catalog
    form = _resolved(catalog.get("/AcroForm")) or {}
    waiting = list(_resolved(form.get("/Fields")) or ()) if hasattr(form, "get") else []
    waiting.append(catalog.get("/Pages"))
    seen: set[int] = set()
    while waiting and len(seen) < MAX_PDF_OBJECTS:
        holder = _resolved(waiting.pop())
        if not hasattr(holder, "get") or id(holder) in seen:
            continue
        seen.add(id(holder))
        yield holder
        for key in ("/Kids", "/Annots"):
            children = _resolved(holder.get(key))
            waiting += list(children or ()) if isinstance(children, list) else []


def _actions(thing: Any) -> Iterator[Any]:
    """An action, those of a set of triggers, and those that follow."""
    waiting, met = [thing], 0
    while waiting and met < 100:
        action = _resolved(waiting.pop())
        met += 1
        if isinstance(action, list):
            waiting += list(action)
        elif hasattr(action, "get"):
            yield action
            if "/S" in action:
                waiting.append(action.get("/Next"))
            else:
                waiting += list(action.values())


def _active(kind: str) -> Refused:
    return refuse(
        "CHO-PDF-ACTIF",
        f"Le PDF contient une action ({kind}), refusée par sécurité : enregistrez-le sans script ni action.",
        f"The PDF holds an action ({kind}), refused for safety: save it without scripts.",
        value=kind, expected="PDF sans script ni action",
    )  # fmt: skip


def _broken(reason: str) -> Refused:
    return refuse(
        "CHO-PDF-ILLISIBLE",
        "Le PDF est tronqué ou endommagé : produisez-le de nouveau et déposez-le en entier.",
        f"The PDF is cut or damaged: {reason}",
        value=reason, expected="PDF complet",
    )  # fmt: skip
