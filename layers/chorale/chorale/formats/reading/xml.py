"""Hardened reading of XML: no document type, no entities, no network, bounded size, depth and number of nodes."""

import re
from typing import Any

from lxml import etree

from chorale.formats.budget import Budget
from chorale.formats.limits import MAX_ATTRIBUTES, MAX_MARKUP, MAX_XML
from chorale.formats.notes import Refused, refuse, shorten
from chorale.formats.reading.detection import UTF8_MARK, UTF16, after_prologue, text_start

ENCODINGS = frozenset(
    {"UTF-8", "UTF8", "UTF-16", "US-ASCII", "ASCII", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252", "CP1252"}
)
"""Encodings that may be declared. Others could hide a document type from the look at the prologue."""
UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"<\x00\x00\x00", b"\x00\x00\x00<")
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BLANKS = re.compile(rb"\s*")
AROUND = 30
"""Bytes shown on each side of a fault."""
_TOO_MANY_ATTRIBUTES = etree.XPath(f"(//*[@*[{MAX_ATTRIBUTES + 1}]])[1]")
_LIMITS = ("XML_PARSE_HUGE", "xmlSAX2Characters", "Excessive depth", "Huge input lookup", "too long", "too big")


def parse(content: bytes, budget: Budget | None = None) -> Any:
    """The root element of an XML document. Raises Refused, with the place of the fault when there is one.

    Its tags are counted on ``budget``, which several documents inside one share.
    """
    _check_before(content)
    if budget is not None:
        budget.step(content.count(b"<"))
    # Without comments and instructions, the text of an element is its whole value (XPath string value) for every
    # reader, wherever someone put one: kept, they would cut it in two.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        collect_ids=False, recover=False, remove_comments=True, remove_pis=True, strip_cdata=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error, content) from error
    except (ValueError, LookupError) as error:
        raise _not_read(str(error), content) from error
    if str(root.getroottree().docinfo.doctype):  # type: ignore[union-attr]
        raise _document_type()
    # As many signs as attributes at least: most documents have too few of them for one element to have too many.
    if content.count(b"=") > MAX_ATTRIBUTES and _TOO_MANY_ATTRIBUTES(root):
        raise _too_complex(f"plus de {MAX_ATTRIBUTES} attributs sur un élément")
    return root


def _check_before(content: bytes) -> None:
    if len(content) > MAX_XML:
        raise refuse(
            "CHO-XML-TAILLE",
            f"Le document XML dépasse {MAX_XML // 1_000_000} Mo : allégez les pièces jointes ou déposez une Factur-X.",
            f"The XML document is larger than {MAX_XML // 1_000_000} MB: make its attachments lighter.",
            value=f"{len(content)} octets", expected=f"{MAX_XML} octets au plus",
        )  # fmt: skip
    start = text_start(content)
    if not _begins_with_a_tag(content) and not content.startswith(UTF16):
        raise _not_read("no tag at the start", content)
    declared = _DECLARED.match(start)
    encoding = "UTF-32" if content.startswith(UTF32) else declared.group(1) if declared else "UTF-8"
    if encoding.upper() not in ENCODINGS:
        raise refuse(
            "CHO-XML-ENCODAGE",
            f"L'encodage {encoding} n'est pas pris en charge : enregistrez le fichier en UTF-8.",
            f"Encoding {encoding} is not taken: save the file as UTF-8.",
            value=encoding, expected="UTF-8",
        )  # fmt: skip
    if encoding.upper() == "UTF-16" and not content.startswith(UTF16):
        raise refuse(
            "CHO-XML-ENCODAGE",
            "Le fichier déclare l'encodage UTF-16 et il est écrit en UTF-8 : corrigez la déclaration "
            "(encoding=\"UTF-8\"), ou enregistrez-le en UTF-16.",
            "The file declares UTF-16 and is written in UTF-8: correct the declaration.",
            value=encoding, expected="UTF-8", line=1,
        )  # fmt: skip
    if after_prologue(start)[1]:
        raise _document_type()
    if content.count(b"<") > MAX_MARKUP or _too_many_attributes(content):
        raise _too_complex(f"plus de {MAX_MARKUP} balises ou attributs")


def _begins_with_a_tag(content: bytes) -> bool:
    blanks = _BLANKS.match(content.removeprefix(UTF8_MARK) if content.startswith(UTF8_MARK) else content)
    return blanks is not None and blanks.string[blanks.end() : blanks.end() + 1] == b"<"


def _too_many_attributes(content: bytes) -> bool:
    # The single sign is counted five times as fast, and settles it for nearly every document.
    return content.count(b"=") > MAX_MARKUP and content.count(b'="') + content.count(b"='") > MAX_MARKUP


def _document_type() -> Refused:
    return refuse(
        "CHO-XML-DOCTYPE",
        "Le fichier XML contient une déclaration DOCTYPE, refusée par sécurité : retirez-la du fichier.",
        "The XML file holds a DOCTYPE, refused for safety: remove it.",
        value="<!DOCTYPE", expected="XML sans DOCTYPE",
    )  # fmt: skip


def _too_complex(reason: str) -> Refused:
    return refuse(
        "CHO-XML-COMPLEXE",
        f"Le document XML est anormalement complexe ({reason}) : vérifiez le logiciel qui l'a produit.",
        "The XML document is abnormally complex: check the software that made it.",
        value=reason, expected="une facture UBL ou CII",
    )  # fmt: skip


def _malformed(error: etree.XMLSyntaxError, content: bytes) -> Refused:
    line, column = error.position
    message = error.msg or "syntax error"
    if any(limit in message for limit in _LIMITS):
        return refuse(
            "CHO-XML-LIMITE",
            "Le document XML dépasse une limite de sécurité (texte ou attribut de plus de 10 Mo, ou plus de 256 "
            "niveaux d'éléments) : une pièce jointe ne doit pas dépasser 7,5 Mo dans un fichier XML.",
            f"The XML document is beyond a safety limit: {message}",
            expected="10 Mo par texte, 256 niveaux", line=line or None, column=column or None,
        )  # fmt: skip
    where = f" à la ligne {line}, colonne {column}" if line else ""
    return refuse(
        "CHO-XML-MAL-FORME",
        f"Le fichier XML est mal formé{where} : {french_reason(message)}. Corrigez le fichier à cet endroit.",
        f"The XML file is not well-formed: {message}",
        value=_excerpt(content, line, column), expected="XML bien formé", line=line or None, column=column or None,
    )  # fmt: skip


def _not_read(reason: str, content: bytes) -> Refused:
    return refuse(
        "CHO-XML-ILLISIBLE",
        "Le fichier ne se lit pas comme du XML : vérifiez son contenu et son encodage.",
        f"The file cannot be read as XML: {reason}",
        value=_excerpt(content, 1, 1), expected="XML en UTF-8",
    )  # fmt: skip


_REASONS = (
    ("tag mismatch", "une balise fermante ne correspond pas à la balise ouverte"),
    ("Premature end", "le fichier s'arrête avant la fin du document"),
    ("Extra content", "il y a du contenu après la fin du document"),
    ("only at the start", "un blanc ou un texte précède la déclaration <?xml : retirez-le"),
    ("XML or text declaration not at start", "un blanc ou un texte précède la déclaration <?xml : retirez-le"),
    ("reserved for XML declaration", "un blanc ou un texte précède la déclaration <?xml : retirez-le"),
    ("Start tag expected", "une balise ouvrante est attendue"),
    ("Document is empty", "le document est vide"),
    ("xmlParseEntityRef", "un « & » isolé doit s'écrire « &amp; »"),
    ("EntityRef", "un « & » isolé doit s'écrire « &amp; »"),
    ("Entity", "une entité non définie est utilisée"),
    ("not proper UTF-8", "le fichier se dit en UTF-8 et contient d'autres octets : enregistrez-le en UTF-8"),
    ("Invalid bytes", "des octets ne sont pas dans l'encodage déclaré (UTF-8 si rien n'est déclaré)"),
    ("encoding", "le contenu n'est pas dans l'encodage déclaré"),
    ("conversion", "le contenu n'est pas dans l'encodage déclaré"),
    ("CharRef", "un caractère écrit par son numéro (&#...;) n'existe pas en XML"),
    ("Char 0x", "un caractère interdit en XML est présent"),
    ("invalid character", "un caractère interdit en XML est présent"),
    ("PCDATA invalid Char", "un caractère interdit en XML est présent"),
    ("attributes construct", "un attribut est mal écrit"),
    ("AttValue", "la valeur d'un attribut est mal écrite"),
    ("Unescaped '<'", "un « < » dans la valeur d'un attribut doit s'écrire « &lt; »"),
    ("redefined", "un attribut est écrit deux fois"),
    ("Namespace prefix", "un préfixe d'espace de noms n'est pas déclaré"),
    ("xmlns", "un espace de noms est mal déclaré"),
    ("expected '>'", "un « > » est attendu"),
    ("Blank needed", "la déclaration <?xml est mal écrite : un blanc manque"),
    ("XML declaration", "la déclaration <?xml est mal écrite"),
    ("version", "la déclaration <?xml est mal écrite"),
    ("omment", "un commentaire n'est pas fermé, ou contient « -- »"),
    ("CDATA", "une section CDATA n'est pas fermée"),
    ("PI ", "une instruction (<?...?>) est mal écrite"),
    ("']]>' not allowed", "la suite « ]]> » est interdite dans un texte : écrivez « ]]&gt; »"),
    ("StartTag", "une balise ouvrante est mal écrite"),
    ("EndTag", "une balise fermante est mal écrite"),
    ("DOCTYPE", "une déclaration DOCTYPE est mal écrite"),
)
_UNTOLD = "ce qui est écrit ici n'est pas du XML"


def french_reason(message: str) -> str:
    """What a message of libxml2 means, in French."""
    for words, french in _REASONS:
        if words.lower() in message.lower():
            return french
    return _UNTOLD


def _excerpt(content: bytes, line: int, column: int) -> str:
    """What is written around a place, to recognise it."""
    if not line > 0 or content.startswith(UTF16):
        return ""
    lines = content.split(b"\n", line)[:line]
    if len(lines) < line:
        return ""
    start = max(0, column - 1 - AROUND)
    return shorten(lines[-1][start : start + 2 * AROUND].decode("utf-8", "replace"))
