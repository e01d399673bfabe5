"""Whose turn it is: each task names an actor of the chain, which the state machine waits for."""

from chorale.domain.frames import Frame
from chorale.domain.works.actors import ChainActor, actor_of
from chorale.domain.works.chain import STEPS
from chorale.domain.works.paper_acts import PaperPart

from .works_site import COTRAITANT, MOA, MOE, SOUS_TRAITANT, TITULAIRE, Site, contract

A = ChainActor


def turns(site: Site, paper_id: int) -> list[tuple[str, ChainActor]]:
    """What is owed on the file of a paper: kind and actor."""
    return [(task.kind.value, task.actor) for task in site.file_of(paper_id).tasks if task.is_open]


def test_a_request_goes_from_validator_to_validator_to_the_moe() -> None:
    site = Site(contract(group=True, works_for=COTRAITANT))
    request = site.deposit(Frame.A10, SOUS_TRAITANT)
    assert turns(site, request) == [("VALIDATION_1", A.VALIDATOR)]
    site.do("agree", request, COTRAITANT)
    assert turns(site, request) == [("VALIDATION_2", A.VALIDATOR)]
    site.do("agree", request, TITULAIRE)
    assert turns(site, request) == [("PRISE_EN_COMPTE", A.MOE)]


def test_a_month_goes_from_the_moe_to_the_moa_and_then_to_the_financial_service() -> None:
    site = Site(contract())
    monthly = site.deposit(Frame.A4, TITULAIRE)
    assert turns(site, monthly) == [("ETAT_ACOMPTE", A.MOE)]
    assert not site.file_of(monthly).has_reached_payer
    statement = site.deposit(Frame.A15, MOE, monthly)
    assert turns(site, monthly) == [("ETAT_ACOMPTE_VALIDE", A.MOA)]
    site.deposit(Frame.A19, MOA, statement)
    assert turns(site, monthly) == []
    assert site.file_of(monthly).has_reached_payer


def test_a_paper_that_is_sent_back_is_the_turn_of_whoever_deposited_it() -> None:
    site = Site(contract())
    monthly = site.deposit(Frame.A4, TITULAIRE)
    site.do("ask_completion", monthly, MOE, "manque")
    assert ("COMPLEMENT", A.CONTRACTOR) in turns(site, monthly)
    site.do("complete", monthly, TITULAIRE)
    statement = site.deposit(Frame.A15, MOE, monthly)
    site.do("ask_completion", statement, MOA, "manque")
    assert ("COMPLEMENT", A.MOE) in turns(site, statement)


def test_without_a_moe_in_the_tool_it_is_the_moas_turn() -> None:
    site = Site(contract(moe=False))
    request = site.deposit(Frame.A10, SOUS_TRAITANT)
    site.do("agree", request, TITULAIRE)
    assert ("RATTACHEMENT", A.MOA) in turns(site, request), "the MOE and the MOA owe it: here there is but one"


def test_a_final_draft_that_does_not_come_is_drawn_up_by_the_moe_or_without_one_by_the_moa() -> None:
    for with_moe, actor in ((True, A.MOE), (False, A.MOA)):
        site = Site(contract(moe=with_moe))
        file = site.receive_works()
        assert [(task.kind.value, task.actor) for task in file.tasks] == [("PROJET_DECOMPTE_FINAL", A.CONTRACTOR)]
        site.wait(35)
        (other,) = (task for task in site.files[file.id].tasks if task.kind.value == "ETABLISSEMENT_D_OFFICE")
        assert other.actor is actor


def test_every_paper_of_the_chain_has_a_depositor_who_is_an_actor() -> None:
    depositors = {step.frame: actor_of(PaperPart.DEPOSITOR, step) for step in STEPS}
    assert {frame for frame, actor in depositors.items() if actor is A.MOE} == {
        Frame.A15, Frame.A16, Frame.A17, Frame.A18, Frame.A24,
    }  # fmt: skip
    assert {frame for frame, actor in depositors.items() if actor is A.MOA} == {Frame.A19, Frame.A20, Frame.A25}
    assert A.VALIDATOR not in depositors.values()
