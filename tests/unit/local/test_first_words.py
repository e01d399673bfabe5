"""What a newcomer is told by ``make run`` and ``make demo``: the deposit to paste, and a port that is none."""

import pytest
from chorale_local import demo, run
from chorale_local.places import SetUpError, port_of


def test_the_banner_says_beside_the_commands_that_an_example_is_deposited_once(tmp_path):
    told = run.welcome("http://127.0.0.1:8000", tmp_path)

    assert "Each example can be deposited once: a second time its number is a duplicate" in told
    assert "facture-facturx.pdf and facture-facturx.xml are one invoice, with one number" in told
    assert told.index("chorale deposit examples/facture-ubl.xml") < told.index("deposited once")


@pytest.mark.parametrize("text", ["abc", "", "0", "65536", "-1", "80.5", "٣", "9" * 5000])
def test_a_port_that_is_none_is_said_in_a_sentence(monkeypatch, capsys, text):
    with pytest.raises(SetUpError, match=r"is not a port: give a number from 1 to 65535, such as PORT=8899\."):
        port_of(text)

    monkeypatch.setattr(run, "_stop_on_signals", lambda: None)
    monkeypatch.setattr("sys.argv", ["run", f"--port={text}"])
    assert (run.main(), demo.main()) == (2, 1)
    assert "usage" not in capsys.readouterr().err


def test_a_port_is_read():
    assert port_of("8899") == 8899
