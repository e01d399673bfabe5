"""The judge: the official stylesheets, run by SaxonC.

The stylesheets are the very files that the rules are generated from. Two things are changed before compiling, neither
of which bears on what fires: every report carries its position in the rule set (many carry no id, or one that others
carry too), and it does not spell out its location, which takes SaxonC half of its time.
"""

import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

from lxml import etree
from rulegen import sources
from rulegen.catalogue import RULE_SETS, RuleSetSource
from rulegen.xslt import Stylesheet, read_stylesheet
from saxonche import PySaxonApiError, PySaxonProcessor

PROJECT = Path(__file__).resolve().parents[2]
LAYER = PROJECT / "layers" / "references"
CACHE = PROJECT / "build" / "cache"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_REPORTS = (f"{_SVRL}failed-assert", f"{_SVRL}successful-report")

Verdict = Counter[int] | str
"""How often the assertion at each position fired, or the text of the error that stopped the rules."""


def numbered(stylesheet: bytes) -> bytes:
    """The stylesheet with a `position` on every report, counted as the generator counts, and without locations."""
    root = etree.fromstring(stylesheet)
    by_mode: dict[str, list[etree._Element]] = {}
    for template in root.findall(f"{_XSL}template"):
        if template.find(f"{_SVRL}fired-rule") is not None:
            by_mode.setdefault(str(template.get("mode")), []).append(template)
    position = 0
    for templates in by_mode.values():
        for template in sorted(templates, key=lambda t: -float(str(t.get("priority")))):
            for report in template.iter(*_REPORTS):
                report.set("position", str(position))
                position += 1
                for attribute in report.findall(f"{_XSL}attribute[@name='location']"):
                    report.remove(attribute)
    return etree.tostring(root)


@cache
def stylesheet(rule_set_id: str) -> Stylesheet:
    """A rule set as the generator reads it."""
    rule_set = next(r for r in RULE_SETS if r.id == rule_set_id)
    package = sources.fetch(LAYER / "requirements.txt", CACHE / "references")[rule_set.package]
    return read_stylesheet(package.read(rule_set.member), rule_set.unnamed)


class Oracle:
    """SaxonC with one compiled stylesheet per rule set, each compiled at its first use and kept."""

    def __init__(self) -> None:
        self._sources = sources.fetch(LAYER / "requirements.txt", CACHE / "references")
        self._processor = PySaxonProcessor(license=False)
        self._by_id = {rule_set.id: rule_set for rule_set in RULE_SETS}
        self._compiled: dict[str, object] = {}

    def verdict(self, rule_set_id: str, xml: bytes) -> Verdict:
        """What the official rules say of a document; the bytes must come from lxml, never from outside."""
        executable = self._executable(rule_set_id)
        try:
            node = self._processor.parse_xml(xml_text=xml.decode("utf-8"))
            result = executable.transform_to_string(xdm_node=node)  # type: ignore[attr-defined]
        except PySaxonApiError as error:
            return str(error)
        if result is None:
            return "no result"
        reports = etree.fromstring(result.encode("utf-8"), etree.XMLParser(huge_tree=True))
        return Counter(int(str(report.get("position"))) for report in reports.iter(*_REPORTS))

    def fresh_verdict(self, rule_set_id: str, xml: bytes) -> Verdict:
        """The same by a stylesheet that has seen no other document.

        SaxonC learns: a variable that was needed many times is worked out at once from then on, and an error in it
        stops documents that did not need it. What the rules say must not depend on the documents before.
        """
        self._compiled.pop(rule_set_id, None)
        return self.verdict(rule_set_id, xml)

    def _executable(self, rule_set_id: str) -> object:
        found = self._compiled.get(rule_set_id)
        if found is None:
            path = self._prepared(self._by_id[rule_set_id])
            compiler = self._processor.new_xslt30_processor()
            found = self._compiled[rule_set_id] = compiler.compile_stylesheet(stylesheet_file=str(path))
        return found

    def _prepared(self, rule_set: RuleSetSource) -> Path:
        """Write the stylesheet, with its code lists beside it, where SaxonC can read them."""
        folder = CACHE / "oracle" / rule_set.id
        folder.mkdir(parents=True, exist_ok=True)
        package = self._sources[rule_set.package]
        if rule_set.code_database:
            name = rule_set.code_database.rpartition("/")[2]
            _put(folder / name, package.read(rule_set.code_database))
        path = folder / "rules.xslt"
        _put(path, numbered(package.read(rule_set.member)))
        return path


def _put(path: Path, content: bytes) -> None:
    """Write a file in one move: another process may be reading it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as written:
        written.write(content)
    Path(written.name).replace(path)
