"""The antivirus is asked over its socket; without one nothing is asked."""

import pytest
from chorale.stores import antivirus

from tests.samples.clamd import clamd
from tests.samples.hostile import eicar

MEGABYTE = bytes(1_000_000)


def test_without_an_address_no_file_is_looked_at() -> None:
    assert not antivirus.is_on()
    assert antivirus.signature_in(eicar()) == ""


def test_a_virus_is_named_wherever_it_is_in_a_long_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd() as address:
        monkeypatch.setenv("CLAMD_ADDRESS", address)
        assert antivirus.is_on()
        assert antivirus.signature_in(MEGABYTE + eicar()) == "Eicar-Test-Signature"
        assert antivirus.signature_in(MEGABYTE) == ""
        assert antivirus.signature_in(b"") == ""


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: "])
def test_an_answer_that_is_no_verdict_is_no_clean_file(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    with clamd(answer=answer) as address:
        monkeypatch.setenv("CLAMD_ADDRESS", address)
        with pytest.raises(antivirus.AntivirusUnavailable):
            antivirus.signature_in(b"facture")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "clamd"])
def test_an_antivirus_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CLAMD_ADDRESS", address)
    with pytest.raises(antivirus.AntivirusUnavailable):
        antivirus.signature_in(b"facture")
