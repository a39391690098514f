"""A result stays small, however much is wrong."""

from core.invariants.examination import SHOWN_PER_FAULT, Examination
from core.invariants.faults import Fault
from core.invariants.findings import Finding


def a_finding(fault: Fault) -> Finding:
    return Finding(fault=fault, tenant_id=None, subject="one", detail="wrong")


def test_keeps_the_first_findings_of_each_fault_and_counts_all() -> None:
    examination = Examination()
    examination.add(a_finding(Fault.OVERDUE) for _ in range(SHOWN_PER_FAULT + 7))
    examination.add([a_finding(Fault.NUMBER_GAP)])
    assert len(examination.findings) == SHOWN_PER_FAULT + 1
    assert examination.counts[Fault.OVERDUE] == SHOWN_PER_FAULT + 7


def test_is_healthy_with_notices_and_with_faults_that_were_all_mended() -> None:
    examination = Examination()
    examination.add([a_finding(Fault.ORPHAN_BLOB)])
    assert examination.is_healthy
    mended, other = a_finding(Fault.MARK_TOO_LOW), a_finding(Fault.MARK_TOO_LOW)
    examination.add([mended, other])
    examination.mend(mended, "raised the mark")
    assert not examination.is_healthy
    examination.mend(other, "raised the mark")
    assert examination.is_healthy


def test_every_fault_has_words_for_a_person_and_a_code_of_its_own() -> None:
    assert len({fault.value for fault in Fault}) == len(Fault)
    for fault in Fault:
        assert len(fault.advice.split()) >= 5
        assert fault.invariant[0] in "IAB"
