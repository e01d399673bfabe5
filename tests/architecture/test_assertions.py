"""Every test is sure to assert something: a test that may end before it does shows nothing."""

import pytest

from tests.architecture.assertions import ROOT, Asserting, modules


def test_every_test_asserts_on_every_way_through_it() -> None:
    sources = {name: path.read_text(encoding="utf-8") for name, path in modules(ROOT / "tests").items()}
    asserting = Asserting(sources)

    assert len(sources) > 200
    assert [f"{name}:{line} {test}" for name in sources for test, line in asserting.idle(name)] == []


IDLE = {
    "nothing is asserted": "def test_it(): make()",
    "it may return before": "def test_it(x):\n    if x: return\n    assert x",
    "one branch only": "def test_it(x):\n    if x: assert x",
    "one case only": "def test_it(x):\n    match x:\n        case 1: assert x\n        case _: pass",
    "what is raised only": "def test_it():\n    try: make()\n    except ValueError as error: assert error",
    "a helper that does not": "def helper(): return 1\ndef test_it(): helper()",
    "a helper that does at times": "def helper(x):\n    if x: assert x\ndef test_it(x): helper(x)",
    "a helper that nobody calls": "def test_it():\n    def helper(): assert 0\n    make()",
    "a helper that calls itself": "def helper(): helper()\ndef test_it(): helper()",
}
SURE = {
    "an assertion": "def test_it(): assert 1",
    "an error that is expected": "def test_it():\n    with pytest.raises(ValueError): make()",
    "each branch": "def test_it(x):\n    if x: assert x\n    else: assert not x",
    "a return after it": "def test_it(x):\n    assert x\n    if x: return\n    make()",
    "each element": "def test_it():\n    for x in (1, 2): assert x",
    "a mock's": "def test_it(call): call.assert_called_once_with(1)",
    "a helper": "def helper(): assert 1\ndef test_it(): helper()",
    "a helper of a helper": "def last(): assert 1\ndef helper(): last()\ndef test_it(): helper()",
    "a helper inside": "def test_it():\n    def helper(): assert 1\n    helper()",
    "an imported helper": "from tests.other import helper\ndef test_it(): helper()",
    "a method of an imported class": "from tests.other import Site\ndef test_it(site: Site): site.act()",
    "finally": "def test_it():\n    try: make()\n    finally: assert 1",
}
OTHER = "def helper(): assert 1\nclass Site:\n    def act(self): self.call()\n    def call(self): assert 1"


@pytest.mark.parametrize("source", IDLE.values(), ids=IDLE)
def test_a_test_that_may_assert_nothing_is_found(source: str) -> None:
    assert [name for name, _ in Asserting({"a": source, "tests.other": OTHER}).idle("a")] == ["test_it"]


@pytest.mark.parametrize("source", SURE.values(), ids=SURE)
def test_a_test_that_always_asserts_is_left_alone(source: str) -> None:
    assert list(Asserting({"a": source, "tests.other": OTHER}).idle("a")) == []
