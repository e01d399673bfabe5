"""Hardened reading of XML: no document type, no entities, no network, bounded size, depth and number of nodes."""

import re
from typing import Any

from lxml import etree

from chorale.formats.detection import UTF8_MARK, UTF16, after_prologue, text_start
from chorale.formats.limits import MAX_ATTRIBUTES, MAX_MARKUP, MAX_XML
from chorale.formats.notes import Refused, refuse

ENCODINGS = frozenset(
    {"UTF-8", "UTF8", "UTF-16", "US-ASCII", "ASCII", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252", "CP1252"}
)
"""Encodings that may be declared. Others could hide a document type from the look at the prologue."""
UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"<\x00\x00\x00", b"\x00\x00\x00<")
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_TOO_MANY_ATTRIBUTES = etree.XPath(f"(//*[@*[{MAX_ATTRIBUTES + 1}]])[1]")
_LIMITS = ("XML_PARSE_HUGE", "xmlSAX2Characters", "Excessive depth", "Huge input lookup", "too long", "too big")


def parse(content: bytes) -> Any:
    """The root element of an XML document. Raises Refused, with the place of the fault when there is one."""
    _check_before(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        collect_ids=False, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error) from error
    except (ValueError, LookupError) as error:
        raise _not_read(str(error)) from error
    if str(root.getroottree().docinfo.doctype):  # type: ignore[union-attr]
        raise _document_type()
    if _TOO_MANY_ATTRIBUTES(root):
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
    if not content.removeprefix(UTF8_MARK).lstrip().startswith(b"<") and not content.startswith(UTF16):
        raise _not_read("no tag at the start")
    declared = _DECLARED.match(start)
    encoding = "UTF-32" if content.startswith(UTF32) else declared.group(1) if declared else "UTF-8"
    if encoding.upper() not in ENCODINGS:
        raise refuse(
            "CHO-XML-ENCODAGE",
            f"L'encodage {encoding} n'est pas pris en charge : enregistrez le fichier en UTF-8.",
            f"Encoding {encoding} is not taken: save the file as UTF-8.",
            value=encoding, expected="UTF-8",
        )  # fmt: skip
    if after_prologue(start)[1]:
        raise _document_type()
    if content.count(b"<") > MAX_MARKUP or content.count(b'="') + content.count(b"='") > MAX_MARKUP:
        raise _too_complex(f"plus de {MAX_MARKUP} balises ou attributs")


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


def _malformed(error: etree.XMLSyntaxError) -> Refused:
    line, column = error.position
    message = error.msg or "syntax error"
    if any(limit in message for limit in _LIMITS):
        return refuse(
            "CHO-XML-LIMITE",
            "Le document XML dépasse une limite de sécurité (texte ou attribut de plus de 10 Mo, ou plus de 256 "
            "niveaux d'éléments) : une pièce jointe ne doit pas dépasser 7,5 Mo dans un fichier XML.",
            f"The XML document is beyond a safety limit: {message}",
            value=message, expected="10 Mo par texte, 256 niveaux", line=line or None, column=column or None,
        )  # fmt: skip
    where = f" à la ligne {line}, colonne {column}" if line else ""
    return refuse(
        "CHO-XML-MAL-FORME",
        f"Le fichier XML est mal formé{where} : {french_reason(message)}. Corrigez le fichier à cet endroit.",
        f"The XML file is not well-formed: {message}",
        value=message, expected="XML bien formé", line=line or None, column=column or None,
    )  # fmt: skip


def _not_read(reason: str) -> Refused:
    return refuse(
        "CHO-XML-ILLISIBLE",
        "Le fichier ne se lit pas comme du XML : vérifiez son contenu et son encodage.",
        f"The file cannot be read as XML: {reason}",
        value=reason, expected="XML en UTF-8",
    )  # fmt: skip


_REASONS = (
    ("tag mismatch", "une balise fermante ne correspond pas à la balise ouverte"),
    ("Premature end", "le fichier s'arrête avant la fin du document"),
    ("Extra content", "il y a du contenu après la fin du document"),
    ("Start tag expected", "une balise ouvrante est attendue"),
    ("Document is empty", "le document est vide"),
    ("Entity", "une entité non définie est utilisée"),
    ("EntityRef", "un « & » isolé doit s'écrire « &amp; »"),
    ("xmlParseEntityRef", "un « & » isolé doit s'écrire « &amp; »"),
    ("encoding", "le contenu n'est pas dans l'encodage déclaré"),
    ("not proper UTF-8", "le contenu n'est pas en UTF-8"),
    ("invalid character", "un caractère interdit en XML est présent"),
    ("PCDATA invalid Char", "un caractère interdit en XML est présent"),
    ("attributes construct", "un attribut est mal écrit"),
    ("AttValue", "la valeur d'un attribut est mal écrite"),
    ("redefined", "un attribut est écrit deux fois"),
    ("Namespace prefix", "un préfixe d'espace de noms n'est pas déclaré"),
    ("expected '>'", "un « > » est attendu"),
)


def french_reason(message: str) -> str:
    """What a message of libxml2 means, in French; the message itself when it is not a frequent one."""
    for words, french in _REASONS:
        if words.lower() in message.lower():
            return french
    return message
