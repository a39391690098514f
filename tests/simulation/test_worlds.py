"""Worlds drawn from seeds, one by one: credits, plans as files, crash points, and a world without anything in it."""

import re
from dataclasses import replace
from itertools import islice

import pytest

from bootstrap.simulation.drawing import draw_plan
from bootstrap.simulation.drawing_troubles import CRASH_POINTS
from bootstrap.simulation.drawing_wishes import NOTHING_LATER, LaterShares
from bootstrap.simulation.plans import DocumentPlan, WorldPlan, plan_as_json, plan_from_json
from bootstrap.simulation.runs import run_worlds
from bootstrap.simulation.worlds import run_world
from tests.docs.marked_places import ROOT
from tests.simulation.many_worlds import broken
from tests.simulation.planted_drawing import worlds_of_later_wishes


def test_an_invoice_is_credited_once_and_never_beside_its_void() -> None:
    run = run_worlds((draw_plan(seed, 15, later=LaterShares(credited=0.5)) for seed in range(7000, 7020)), stops=False)
    assert broken(run) == []
    for met in ("credit note authorised", "credit refused nothing_left_to_credit", "credit refused invoice_void"):
        assert run.struck.get(met), f"{met}: nothing was proved"


def test_of_two_documents_for_one_sale_one_stays_at_home_and_no_payment_is_lost() -> None:
    run = run_worlds(islice(worlds_of_later_wishes(), 14), stops=False)
    assert broken(run) == []
    for met in (
        "successor held back",
        "successor authorised",
        "given up by an operator",
        "debit note authorised",
        "payment recorded",
        "payment reversed",
        "reversal refused payment_already_reversed",
    ):
        assert run.struck.get(met), f"{met}: nothing was proved"


def test_what_is_wanted_later_changes_nothing_else_of_a_plan() -> None:
    calm = draw_plan(12, 50, later=NOTHING_LATER)
    wanting = draw_plan(12, 50, later=LaterShares(credited=0.5, debited=0.5, corrected=0.5, paid=0.5))
    later = ("credit_after", "is_credit_asked_twice", "debit_after", "reissue_after", "is_reissue_asked_twice")
    later += ("is_reissued_wrongly", "is_given_up", "payments")
    plain = {name: getattr(DocumentPlan(at=0), name) for name in later}
    assert wanting.documents != calm.documents
    assert tuple(replace(document, **plain) for document in wanting.documents) == calm.documents
    assert replace(wanting, documents=calm.documents) == calm


def test_a_stored_plan_without_later_wishes_means_that_nobody_has_one() -> None:
    plan = plan_from_json(b'{"seed": 1, "documents": [{"at": 0}]}')
    assert plan.documents == (DocumentPlan(at=0),)
    assert plan.documents[0].last_wish_at == 0


def test_a_plan_is_the_same_after_a_file() -> None:
    plan = draw_plan(12, 20)
    assert plan_from_json(plan_as_json(plan)) == plan
    with pytest.raises(ValueError, match="seed"):
        plan_from_json(b"{}")


def test_every_crash_point_of_the_service_is_in_the_plans() -> None:
    service = [file.read_text(encoding="utf-8") for file in (ROOT / "core").rglob("*.py")]
    named = {name for text in service for name in re.findall(r'_crashpoint\("(\w+)"\)', text)}
    assert named <= set(CRASH_POINTS)
    assert len(named) >= 8


def test_an_empty_world_is_at_rest() -> None:
    report = run_world(WorldPlan(seed=1))
    assert report.is_clean
    assert report.counts["documents at the PAC"] == 0
