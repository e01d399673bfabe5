"""What the hub is installed with: wheels of exact versions, complete, of the same versions as its layers."""

import re
from importlib.metadata import distribution, requires

import pytest
from chorale_local.places import LAYER_REQUIREMENTS, REQUIREMENTS
from packaging.requirements import Requirement

LINE = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(path) -> dict[str, str]:
    return {normal(name): version for name, version in LINE.findall(path.read_text(encoding="utf-8"))}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


HUB, LAYER = pins(REQUIREMENTS), pins(LAYER_REQUIREMENTS)


@pytest.mark.parametrize("name", HUB)
def test_everything_that_a_package_of_the_hub_needs_is_pinned_beside_it(name):
    needed = [Requirement(text) for text in requires(name) or ()]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    both = {**HUB, **LAYER}

    missing = [str(one) for one in needed if not one.specifier.contains(both.get(normal(one.name), "0"))]

    assert missing == []


def test_what_both_pin_is_pinned_alike():
    assert {name: HUB[name] for name in HUB.keys() & LAYER.keys()} == {
        name: LAYER[name] for name in HUB.keys() & LAYER.keys()
    }


def test_the_environment_has_what_is_pinned():
    assert {name: distribution(name).version for name in HUB} == HUB
