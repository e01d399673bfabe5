"""What a PDF holds: the XML of a Factur-X, its other files, its signature; active content is refused.

The PDF is never rendered and nothing in it is run. pypdf is imported when the first PDF comes.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from chorale.domain.findings import Finding, Severity
from chorale.domain.syntaxes import DocumentForm
from chorale.formats.budget import Budget
from chorale.formats.limits import MAX_EMBEDDED_FILES, MAX_NAME_TREE, MAX_XML
from chorale.formats.notes import PlacedFinding, Refused, note, refuse
from chorale.formats.reading.attachments import EmbeddedFile
from chorale.formats.reading.detection import PDF_MARK, PDF_MARK_WITHIN, ContentKind, form_of, looks_like, root_name
from chorale.formats.reading.facturx_container import Container, Metadata, container_notes, metadata_of

if TYPE_CHECKING:
    from chorale.formats.reading.pdf_reader import BoundedReader

Found = TypeVar("Found")
USUAL_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
LIMITS_OF_TEXT: dict[str, Any] = {
    "stream_parsing_work_maximum_count": 300_000,
    "xform_maximum_invocations_per_extraction": 200,
}
"""What reading the text of one page may take."""
BYTES_OF_A_PAGE_PER_STEP = 10
UNREADABLE = "CHO-PDF-ILLISIBLE"
"""Code of a PDF that cannot be read."""
SIGNED = 1
"""Bit of SigFlags: the document holds a signature."""


@dataclass(frozen=True, slots=True)
class PdfContents:
    """The invoice data of a PDF (``xml``), the other files it holds, and what is worth saying about it."""

    xml: bytes
    xml_name: str
    files: tuple[EmbeddedFile, ...] = ()
    notes: tuple[PlacedFinding, ...] = field(default=())
    level: str = ""
    """ConformanceLevel of its metadata: the profile that it says to have; empty when it says none."""


def open_pdf(content: bytes, budget: Budget | None = None) -> PdfContents:
    """Find the invoice data inside a PDF. Raises Refused when it is broken, encrypted, active or holds none.

    ``budget`` is what is left of the document's; a whole one when none is given.
    """
    return _guarded(_open, content, budget)


def look_into(content: bytes, budget: Budget | None = None) -> tuple[PlacedFinding, ...]:
    """What is worth saying of a PDF that need not hold data. Raises Refused when it is broken, encrypted or active."""
    return _guarded(lambda pdf: tuple(_signature_notes(_catalog(pdf))), content, budget)


def refusal_of(content: bytes, budget: Budget) -> Finding | None:
    """Why a PDF that is attached to something is refused; None for one that opens and holds nothing active.

    The finding has the code UNREADABLE for one that is broken, in which no word of an action was found. Raises Refused
    when ``budget`` is spent.
    """
    from chorale.formats.reading.pdf_active import refuse_active_words

    try:
        look_into(content, budget)
    except Refused as refused:
        budget.check()
        if refused.notes[0].finding.code != UNREADABLE:
            return refused.notes[0].finding
        try:
            refuse_active_words(content, budget)
        except Refused as active:
            budget.check()
            return active.notes[0].finding
        return refused.notes[0].finding
    return None


def open_accepted(content: bytes, budget: Budget) -> PdfContents:
    """The same as ``open_pdf`` for a PDF that was accepted before: it is given whole, whatever is refused since.

    Raises Refused when it holds no data.
    """
    return _guarded(_open, content, budget, accepted=True)


def page_text(content: bytes, pages: int, budget: Budget) -> str:
    """The text of the first ``pages`` of a PDF. Raises Refused when it is broken, encrypted, active or too costly."""

    def read(pdf: "BoundedReader") -> str:
        from chorale.formats.reading.pdf_active import embedded

        for number, generation in pdf.numbers():
            stream = pdf.object_at(number, generation)
            if hasattr(stream, "get_data") and stream.get("/Subtype") != "/Image":
                pdf.budget.step(len(embedded(stream, "", pdf.budget)) // BYTES_OF_A_PAGE_PER_STEP)
        return "\n".join(page.extract_text() for page in pdf.pages[:pages])

    return _guarded(read, content, budget)


def _guarded(
    look: Callable[["BoundedReader"], Found], content: bytes, budget: Budget | None, *, accepted: bool = False
) -> Found:
    from pypdf import apply_configuration

    from chorale.formats.reading.pdf_active import refuse_active_content
    from chorale.formats.reading.pdf_reader import BoundedReader, limits

    # It warns of every oddity of a PDF that it gets over: of no use to an operator.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    spent = budget if budget is not None else Budget()
    try:
        if PDF_MARK not in content[:PDF_MARK_WITHIN]:
            raise _broken("no mark at the start")
        with apply_configuration(**limits(MAX_XML), **LIMITS_OF_TEXT):
            reader = BoundedReader(content, spent)
            _refuse_encryption(reader)
            if not accepted:
                refuse_active_content(content, reader)
            found = look(reader)
        spent.check()
    except Refused:
        spent.check()
        raise
    except (Exception, RecursionError) as error:
        spent.check()
        raise _broken(type(error).__name__) from error
    return found


def _refuse_encryption(reader: "BoundedReader") -> None:
    if reader.is_encrypted:
        raise refuse(
            "CHO-PDF-CHIFFRE",
            "Le PDF est protégé (chiffrement ou mot de passe) : enregistrez-le sans protection, puis déposez-le.",
            "The PDF is encrypted: save it without protection.",
            expected="PDF sans chiffrement",
        )


def _catalog(reader: "BoundedReader") -> Any:
    return _resolved(reader.trailer["/Root"])


def _open(reader: "BoundedReader") -> PdfContents:
    catalog = _catalog(reader)
    files = list(_embedded_files(catalog, reader.budget))
    notes = list(_signature_notes(catalog))
    invoice = _invoice_among(files)
    others = tuple(file for file in files if file is not invoice)
    assert invoice.content is not None
    seen = _container(catalog, invoice, others, reader.budget)
    notes += container_notes(seen)
    return PdfContents(invoice.content, invoice.name, others, tuple(notes), seen.metadata.level)


def _container(catalog: Any, invoice: EmbeddedFile, others: tuple[EmbeddedFile, ...], budget: Budget) -> Container:
    associated = [_resolved(item) for item in _resolved(catalog.get("/AF")) or ()]
    in_tree = list(_tree_values(_resolved((_resolved(catalog.get("/Names")) or {}).get("/EmbeddedFiles"))))
    of_data = [one for one in (*associated, *in_tree) if hasattr(one, "get") and _name_of(one) == invoice.name]
    relations = [str(one.get("/AFRelationship")) for one in of_data if one.get("/AFRelationship")]
    intents = [_resolved(item) for item in _resolved(catalog.get("/OutputIntents")) or ()]
    return Container(
        invoice.name,
        relations[0] if relations else "",
        any(_name_of(one) == invoice.name for one in associated if hasattr(one, "get")),
        any(_name_of(one) == invoice.name for one in in_tree),
        tuple(file.name for file in others if file.content and looks_like(file.content) is ContentKind.XML),
        tuple(str(intent.get("/S", "")) for intent in intents if hasattr(intent, "get")),
        _metadata(catalog, budget),
    )


def _metadata(catalog: Any, budget: Budget) -> Metadata:
    stream = _resolved(catalog.get("/Metadata"))
    if not hasattr(stream, "get_data"):
        return Metadata()
    try:
        return metadata_of(_data(stream, "XMP", budget))
    except Refused:  # the data of the invoice can be read all the same
        return Metadata()


def _name_of(specification: Any) -> str:
    return str(specification.get("/UF") or specification.get("/F") or "")


def _resolved(thing: Any) -> Any:
    return thing.get_object() if hasattr(thing, "get_object") else thing


def _embedded_files(catalog: Any, budget: Budget) -> Iterator[EmbeddedFile]:
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
        name = _name_of(specification)
        yield EmbeddedFile(
            name,
            str(stream.get("/Subtype", "")).removeprefix("/"),
            _data(stream, name, budget),
            str(specification.get("/Desc", "")),
        )


def _data(stream: Any, name: str, budget: Budget) -> bytes:
    from pypdf.errors import PyPdfError

    from chorale.formats.reading.pdf_active import embedded

    try:
        return embedded(stream, name, budget)
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
    while waiting and met < MAX_NAME_TREE:
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


def _signature_notes(catalog: Any) -> Iterator[PlacedFinding]:
    form = _resolved(catalog.get("/AcroForm")) or {}
    flags = _resolved(form.get("/SigFlags")) or 0
    fields = [_resolved(item) for item in (_resolved(form.get("/Fields")) or ())[:MAX_NAME_TREE]]
    has_field = any(item.get("/FT") == "/Sig" and "/V" in item for item in fields if hasattr(item, "get"))
    if (isinstance(flags, int) and flags & SIGNED) or has_field:
        yield note(
            "CHO-PDF-SIGNE",
            Severity.INFORMATION,
            "Le PDF porte une signature électronique : elle est conservée avec l'original, sans être vérifiée.",
            "The PDF is signed: the signature is kept with the original and not checked.",
        )


def _broken(reason: str) -> Refused:
    return refuse(
        UNREADABLE,
        "Le PDF est tronqué ou endommagé : produisez-le de nouveau et déposez-le en entier.",
        f"The PDF is cut or damaged: {reason}",
        expected="PDF complet",
    )  # fmt: skip
