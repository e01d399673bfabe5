"""Every act at every status, for every part: the table is the whole truth, and the acts obey it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chorale.domain.errors import ActImpossible, ChoraleError, Forbidden
from chorale.domain.frames import Frame
from chorale.domain.invoices.recorded import StructureRef
from chorale.domain.statuses import Status
from chorale.domain.works import acts
from chorale.domain.works.acting import By, Context
from chorale.domain.works.acts import NewRoute
from chorale.domain.works.chain import STEPS, Addressee, steps_of
from chorale.domain.works.paper_acts import (
    BY_THE_SYSTEM,
    HISTORY_ONLY,
    PAPER_TRANSITIONS,
    UNUSED,
    PaperAct,
    PaperPart,
    parts_of,
    possible_acts,
    rows_for,
)
from chorale.domain.works.papers import Claim, Paper
from chorale.wire.base.enums import KNOWN_STATUSES

from .works_site import COTRAITANT, FINANCE, MOA, MOE, RULES, SOUS_TRAITANT, STRANGER, TITULAIRE, Site, contract

EVERYBODY = (TITULAIRE, COTRAITANT, SOUS_TRAITANT, MOE, MOA, FINANCE, STRANGER)
DO: dict[PaperAct, Callable[..., Any]] = {
    PaperAct.AGREE: acts.agree,
    PaperAct.REFUSE_AGREEMENT: lambda file, one, context: acts.refuse_agreement(file, one, context, "DOUBLON"),
    PaperAct.DISOWN: lambda file, one, context: acts.refuse_agreement(file, one, context, "MAUVAIS_VALIDEUR"),
    PaperAct.NAME_VALIDATOR: acts.name_validator,
    PaperAct.TAKE: acts.take,
    PaperAct.ASK_COMPLETION: lambda file, one, context: acts.ask_completion(file, one, context, "manque"),
    PaperAct.COMPLETE: acts.complete,
    PaperAct.REFUSE: lambda file, one, context: acts.refuse(
        file, one, context, "AUTRE", "non", Claim("motifs", Decimal(10))
    ),
    PaperAct.WRONG_ADDRESSEE: acts.say_wrong_addressee,
    PaperAct.ASK_RECYCLING: lambda file, one, context: acts.ask_recycling(file, one, context, "corriger"),
    PaperAct.RECYCLE: lambda file, one, context: acts.recycle(file, one, context, NewRoute()),
    PaperAct.PASS_ON: acts.pass_on,
    PaperAct.ABANDON: acts.abandon,
}
"""The acts of people; the others are what the system or the next deposit does."""
WORKS_MARKS = ("MOE", "MOA", "VALID", "ASSOCI", "REFUSEE", "FOURNISSEUR", "COTRAITANT")
FRAMES = {
    Addressee.MOE: (Frame.A4, TITULAIRE),
    Addressee.MOA: (Frame.A15, MOE),
    Addressee.CONTRACTOR: (Frame.A20, MOA),
    Addressee.PAYER: (Frame.A19, MOA),
}


def placed(addressee: Addressee, status: Status) -> tuple[Site, Paper]:
    """A paper of that addressee at that status, with both validators named."""
    site = Site(contract(group=True))
    frame, by = FRAMES[addressee]
    paper_id = site.deposit(frame, by)
    file = site.file_of(paper_id)
    paper = replace(site.paper(paper_id), status=status, validator=COTRAITANT, second_validator=TITULAIRE)
    site.files[file.id] = file.with_paper(paper)
    return site, paper


def attempt(site: Site, paper: Paper, act: PaperAct, who: StructureRef) -> Paper:
    """The paper after ``who`` did ``act``."""
    context = Context(site.contract, By("compte", who), site.now, RULES)
    done = DO[act](site.file_of(paper.id), paper.id, context).paper(paper.id)
    assert done is not None
    return done


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda one: one.name)
@pytest.mark.parametrize("addressee", FRAMES)
@pytest.mark.parametrize("act", DO)
def test_an_act_is_done_at_the_statuses_and_by_the_parts_of_the_table_and_nowhere_else(
    act: PaperAct, addressee: Addressee, who: StructureRef
) -> None:
    for status in Status:
        site, paper = placed(addressee, status)
        rows = [row for row in rows_for(paper) if row.act is act]
        may = bool(rows) and rows[0].part in parts_of(paper, who.id)
        assert (act in possible_acts(paper, who.id)) is may
        if may:
            done = attempt(site, paper, act, who)
            added = [line.status for line in done.history[len(paper.history) :]]
            assert added, f"{act} at {status} by {who.name} leaves no line"
            assert rows[0].target is None or rows[0].target in added
            continue
        with pytest.raises(ChoraleError) as refused:
            attempt(site, paper, act, who)
        if not rows and act not in (PaperAct.REFUSE, PaperAct.REFUSE_AGREEMENT, PaperAct.DISOWN):
            assert isinstance(refused.value, ActImpossible)
            assert refused.value.status == status.value
        elif rows and act not in (PaperAct.REFUSE, PaperAct.REFUSE_AGREEMENT, PaperAct.DISOWN):
            assert isinstance(refused.value, Forbidden)


def test_every_act_is_somebodys_or_the_systems() -> None:
    assert set(DO) | BY_THE_SYSTEM == set(PaperAct)
    assert {row.act for row in PAPER_TRANSITIONS} == set(PaperAct)


def test_a_status_and_an_act_have_one_row_per_addressee() -> None:
    seen = [(row.source, row.act, row.addressee) for row in PAPER_TRANSITIONS]
    assert len(seen) == len(set(seen))


def test_every_works_status_is_reached_or_listed_as_unused_with_the_reason() -> None:
    reached = {row.target for row in PAPER_TRANSITIONS if row.target} | {step.arrival for step in STEPS}
    reached |= {row.source for row in PAPER_TRANSITIONS} | HISTORY_ONLY
    reached |= {Status.A_ASSOCIER_MOA, Status.MISE_A_DISPOSITION_MOA}
    of_works = {
        status for status in Status
        if any(mark in status.value for mark in WORKS_MARKS)
    } | {Status.A_COMPLETER, Status.ABANDONNEE, Status.DUPLIQUE_APRES_REFUS, Status.REMPLACEE_PAR_A22}  # fmt: skip
    assert of_works <= reached
    assert not {status.value for status in reached} & set(UNUSED)
    assert all(reason for reason in UNUSED.values())


@pytest.mark.parametrize("status", UNUSED)
def test_an_unused_status_is_one_of_the_public_platform(status: str) -> None:
    assert status in KNOWN_STATUSES
    assert status not in Status.__members__


def test_a_paper_that_the_moe_passed_on_is_the_moas() -> None:
    site = Site(contract())
    monthly = site.deposit(Frame.A4, TITULAIRE)
    site.do("pass_on", monthly, MOE)
    assert site.statuses(monthly)[-2:] == ["TRANSMISE_MOA", "MISE_A_DISPOSITION_MOA"]
    assert site.worklists() == {"MOA": ["ETAT_ACOMPTE_VALIDE"]}
    site.deposit(Frame.A19, MOA, monthly)
    assert site.worklists() == {}


def test_a11_is_no_paper_of_the_chain() -> None:
    assert steps_of(Frame.A11) == ()
    with pytest.raises(ChoraleError):
        Site(contract()).deposit(Frame.A11, SOUS_TRAITANT)


@pytest.mark.parametrize("part", [PaperPart.PAYER, PaperPart.SYSTEM])
def test_the_payer_and_the_system_have_no_act_here(part: PaperPart) -> None:
    assert all(row.act in BY_THE_SYSTEM for row in PAPER_TRANSITIONS if row.part is part)
