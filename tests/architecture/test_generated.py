"""One command writes every generated file, and one names those that are not what the code makes."""

import re
import sys
from pathlib import Path

import pytest

from tests.architecture.cloudformation import ROOT
from tools import generate


def test_a_file_that_differs_or_is_missing_is_named_with_what_it_has_to_say(tmp_path: Path) -> None:
    files = {Path(name): lambda name=name: f"{name} as made" for name in ("same", "changed", "missing")}
    (tmp_path / "same").write_text("same as made", encoding="utf-8")
    (tmp_path / "changed").write_text("by hand", encoding="utf-8")

    found = generate.differing(files, tmp_path)

    assert found == {Path("changed"): "changed as made", Path("missing"): "missing as made"}


@pytest.mark.parametrize(("option", "left", "code"), [("--check", "by hand", 1), ("--write", "made", 0)])
def test_the_check_writes_nothing_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, left: str, code: int
) -> None:
    (tmp_path / "page").write_text("by hand", encoding="utf-8")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "GENERATED", {Path("page"): lambda: "made"})
    monkeypatch.setattr(sys, "argv", ["generate", *([option] if option == "--check" else [])])

    assert generate.main() == code
    assert (tmp_path / "page").read_text(encoding="utf-8") == left


def test_every_page_module_and_every_file_that_says_it_is_generated_is_written_by_the_command() -> None:
    modules = {path.stem for path in (ROOT / "tests").rglob("*_page.py") if not path.stem.startswith("test_")}
    source = (ROOT / "tools" / "generate.py").read_text(encoding="utf-8")
    assert modules <= set(re.findall(r"\w+_page", source))

    marked = {line.split()[0] for line in (ROOT / ".gitattributes").read_text().splitlines() if "linguist" in line}
    assert all(any(path.match(pattern) for path in generate.GENERATED) for pattern in marked)


def test_make_check_compares_the_generated_files() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "generated" in re.search(r"^check:(.*?)##", makefile, re.MULTILINE)[1].split()  # type: ignore[index]
    assert "tools.generate --check" in makefile
