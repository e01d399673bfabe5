"""The agreement of a contractor or mandataire: until when, what silence means, how a refusal is motivated."""

from datetime import UTC, datetime

import pytest
from chorale.domain.directory.structures import Structure
from chorale.domain.errors import InvalidRequest
from chorale.domain.fields import Field
from chorale.domain.frames import Frame
from chorale.domain.invoices.agreement import MOTIVES, Decision, act_of, answer_due, motives_for, validator_findings
from chorale.domain.invoices.transitions import Act


@pytest.mark.parametrize(
    ("put", "due"),
    [
        # In winter Paris is one hour ahead, in summer two: the fifteenth day ends at midnight there.
        ("2026-11-23T09:30", "2026-12-08T23:00"),
        ("2026-11-23T22:59", "2026-12-08T23:00"),
        ("2026-11-23T23:01", "2026-12-09T23:00"),
        ("2026-07-01T10:00", "2026-07-16T22:00"),
        # Over the change of clocks, and over holidays and a Sunday, which move nothing.
        ("2026-10-20T10:00", "2026-11-04T23:00"),
        ("2026-12-18T10:00", "2027-01-02T23:00"),
    ],
)
def test_a_sub_contractors_invoice_is_agreed_to_by_the_end_of_the_fifteenth_day(put: str, due: str) -> None:
    assert answer_due(Frame.A9, datetime.fromisoformat(put).replace(tzinfo=UTC)) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


@pytest.mark.parametrize("frame", [Frame.A12, Frame.A1, Frame.A2])
def test_silence_never_gives_a_visa_and_an_ordinary_invoice_waits_for_nobody(frame: Frame) -> None:
    assert answer_due(frame, datetime(2026, 11, 23, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("motive", "more", "act", "reason"),
    [
        ("MAUVAIS_VALIDEUR", "", Act.DISOWN, "Mauvais valideur"),
        ("mauvais valideur", "Voir Demo SARL", Act.DISOWN, "Mauvais valideur : Voir Demo SARL"),
        ("1", "", Act.DISOWN, "Mauvais valideur"),
        ("AUTRE", "Travaux non faits", Act.REFUSE_AGREEMENT, "Autre motif : Travaux non faits"),
        ("", "Travaux non faits", Act.REFUSE_AGREEMENT, "Autre motif : Travaux non faits"),
        ("Travaux non faits", "", Act.REFUSE_AGREEMENT, "Autre motif : Travaux non faits"),
        ("Travaux", "non faits", Act.REFUSE_AGREEMENT, "Autre motif : Travaux non faits"),
    ],
)
def test_a_refusal_names_a_motive_of_the_list_or_says_it_in_words(
    motive: str, more: str, act: Act, reason: str
) -> None:
    assert act_of(Decision.REFUSE, motive, more) == (act, reason)


@pytest.mark.parametrize(("motive", "more"), [("", ""), (" ", " "), ("AUTRE", ""), ("2", " ")])
def test_a_refusal_without_a_reason_is_no_refusal(motive: str, more: str) -> None:
    with pytest.raises(InvalidRequest, match="motivé") as refused:
        act_of(Decision.REFUSE, motive, more)
    assert refused.value.field == Field.REFUSAL_MOTIVE


def test_a_refusal_fits_in_255_characters() -> None:
    with pytest.raises(InvalidRequest, match="255"):
        act_of(Decision.REFUSE, "AUTRE", "é" * 255)


def test_an_agreement_needs_no_motive() -> None:
    assert act_of(Decision.AGREE, "", "") == (Act.AGREE, "")


@pytest.mark.parametrize("frame", [*Frame, None])
def test_motives_are_for_the_frames_that_somebody_validates(frame: Frame | None) -> None:
    expected = MOTIVES if frame in (None, Frame.A9, Frame.A12) else ()
    assert motives_for(frame) == expected


@pytest.mark.parametrize(
    ("validator", "codes"),
    [
        (None, ["CHO-VALIDEUR-INCONNU"]),
        (Structure(2, "99000001000019", "Titulaire", active=False), ["CHO-VALIDEUR-INCONNU"]),
        (Structure(1, "99000001000019", "Sous-traitant"), ["CHO-VALIDEUR-FOURNISSEUR"]),
        (Structure(2, "99000001000019", "Titulaire"), []),
    ],
)
def test_a_validator_is_an_active_structure_other_than_the_supplier(
    validator: Structure | None, codes: list[str]
) -> None:
    findings = validator_findings("99000001000019", validator, 1)
    assert [finding.code for finding in findings] == codes
    assert all("SIRET" in finding.message for finding in findings)
