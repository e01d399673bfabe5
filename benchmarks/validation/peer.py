"""One peer over a folder, run by the Python of its own environment: `python peer.py NAME FOLDER RULES ROUNDS`.

Standard library and the peer only. Prints one JSON object: per file the fatal EN 16931 rule ids (null when the peer
cannot judge the file), seconds of processor time of each round, peak memory in MB.
"""

import io
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Judge = Callable[[bytes], list[str] | None]


def verifyhash(_rules: str) -> Judge:
    from einvoice import validate_file

    def judge(content: bytes) -> list[str] | None:
        result = validate_file(io.BytesIO(content))
        return [v.rule_id for v in result.violations if getattr(v, "severity", "error") in {"error", "fatal"}]

    return judge


def mock(_rules: str) -> Judge:
    from mockeinvoice import Refused, validate

    def judge(content: bytes) -> list[str] | None:
        try:
            _, report = validate(content)
        except Refused:
            return None
        return [finding.code for finding in report.failures]

    return judge


def eu(rules: str) -> Judge:
    from eu_einvoice import artifacts
    from eu_einvoice.validate import validate

    files = {"en16931-ubl": "EN16931-UBL.xslt", "en16931-cii": "EN16931-CII.xslt"}
    artifacts.xslt_path = lambda name: Path(rules) / files[name] if name in files else None

    def judge(content: bytes) -> list[str] | None:
        layer = "en16931-cii" if b"CrossIndustryInvoice" in content[:4000] else "en16931-ubl"
        found = validate(content, layers=[layer], fetch=False)
        return [f["rule"] for f in found["findings"] if f["flag"] == "fatal"]

    return judge


def facturx(_rules: str) -> Judge:
    from facturx import xml_check_xsd

    def judge(content: bytes) -> list[str] | None:
        xml_check_xsd(content)
        return None

    return judge


def schemas() -> Callable[[bytes], Any]:
    from chorale_references import schema_path
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    names = {"Invoice": "ubl-invoice", "CreditNote": "ubl-credit-note", "CrossIndustryInvoice": "cii"}
    compiled = {root: etree.XMLSchema(file=str(schema_path(name))) for root, name in names.items()}

    def parsed(content: bytes) -> Any:
        root = etree.fromstring(content, parser)
        compiled[etree.QName(root).localname].validate(root)
        return root

    return parsed


def parse_and_schema(_rules: str) -> Judge:
    parsed = schemas()

    def judge(content: bytes) -> list[str] | None:
        parsed(content)
        return None

    return judge


def chorale(french: bool) -> Callable[[str], Judge]:
    def prepare(_rules: str) -> Judge:
        from chorale_references import rules as official

        parsed = schemas()

        def judge(content: bytes) -> list[str] | None:
            root = parsed(content)
            syntax = "CII" if root.tag.endswith("CrossIndustryInvoice") else "UBL"
            document = official.Document(root)
            found = official.load(f"EN16931-{syntax}").check(document)
            if french:
                official.load(f"BR-FR-{syntax}").check(document)
            return [f.rule_id for f in found if f.severity == "fatal"]

        return judge

    return prepare


def saxon(french: bool) -> Callable[[str], Judge]:
    def prepare(rules: str) -> Judge:
        from lxml import etree
        from saxonche import PySaxonProcessor

        parsed, processor = schemas(), PySaxonProcessor(license=False)
        sheets: dict[str, Any] = {}

        def run(name: str, node: Any) -> Any:
            if name not in sheets:
                compiler = processor.new_xslt30_processor()
                sheets[name] = compiler.compile_stylesheet(stylesheet_file=str(Path(rules) / f"{name}.xslt"))
            return etree.fromstring(sheets[name].transform_to_string(xdm_node=node).encode())

        def judge(content: bytes) -> list[str] | None:
            root = parsed(content)
            syntax = "CII" if root.tag.endswith("CrossIndustryInvoice") else "UBL"
            node = processor.parse_xml(xml_text=etree.tostring(root, encoding="unicode"))
            reports = run(f"EN16931-{syntax}", node).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
            if french:
                run(f"BR-FR-{syntax}", node)
            return [report.get("id") for report in reports if report.get("flag") == "fatal"]

        return judge

    return prepare


PEERS = {
    "parse + schema": parse_and_schema,
    "chorale": chorale(False),
    "chorale + BR-FR": chorale(True),
    "saxonche": saxon(False),
    "saxonche + BR-FR": saxon(True),
    "verifyhash-einvoice": verifyhash,
    "mock-einvoice": mock,
    "eu-einvoice": eu,
    "factur-x": facturx,
}


def main() -> None:
    name, folder, rules, rounds = sys.argv[1:]
    contents = [path.read_bytes() for path in sorted(Path(folder).glob("*.xml"))]
    judge = PEERS[name](rules)
    verdicts, seconds = [], []
    for number in range(int(rounds) + 1):  # the first round warms up and gives the verdicts
        began = time.process_time()
        for content in contents:
            try:
                found = judge(content)
            except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
                found = [f"{type(error).__name__}"]
            if number == 0:
                verdicts.append(None if found is None else sorted(set(found)))
        seconds.append(time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"verdicts": verdicts, "seconds": seconds[1:], "memory": memory}))


if __name__ == "__main__":
    main()
