"""Doubt resolves itself by policy, evidence and time; a person decides what is left."""

from dataclasses import replace

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.circuits import CircuitState
from core.documents import LegalStatus, Submission
from core.events import EventKind
from core.failures import AdoptionRefusedError, DecisionRefusedError, MalformedInputError
from core.identifiers import ApiKeyId, PacDocumentId
from core.tenants import DoubtPolicy
from tests.world import World, tenant_of

OPERATOR = ApiKeyId("key")
UNKNOWN_ID = PacDocumentId("01NOSUCHID0000000000000000")


async def doubtful(
    world: World, *, kind: FaultKind = FaultKind.DROP_AFTER_ACCEPT, policy: DoubtPolicy = DoubtPolicy.RESEND
):
    """A document whose answer was lost and that no webhook told of."""
    shop = await world.open_shop()
    await world.stores.directory.set_doubt_policy(tenant_of(shop), policy)
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=kind, nth=frozenset({1})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.IN_DOUBT
    return shop, document


async def settle(world: World, document):
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.sweep(times=4)
    return await world.current(document)


async def test_before_the_settling_time_nothing_is_sent_again():
    world = World()
    _, document = await doubtful(world)
    await world.sweep(times=3, every_seconds=200)
    assert (await world.current(document)).attempts == 1


async def test_with_policy_park_nothing_is_ever_sent_again():
    world = World()
    _, document = await doubtful(world, policy=DoubtPolicy.PARK)
    after = await settle(world, document)
    assert (after.submission, after.attempts) == (Submission.IN_DOUBT, 1)


async def test_a_resend_of_what_never_arrived_is_accepted_with_the_same_bytes_and_number():
    world = World()
    _, document = await doubtful(world, kind=FaultKind.ERROR_503_BEFORE)
    after = await settle(world, document)
    assert after.submission is Submission.ACCEPTED
    assert after.resends == 1
    assert len(world.engine.documents) == 1
    body = await world.stores.journal.body(document.tenant_id, document.document_id)
    assert world.engine.documents[0].raw == body


@pytest.mark.parametrize("form", [DuplicateAnswer.CONFLICT_WITH_ID])
async def test_a_resend_that_is_told_the_first_id_adopts_it(form):
    world = World()
    world.engine.behave(duplicate_answer=form)
    _, document = await doubtful(world)
    after = await settle(world, document)
    assert after.submission is Submission.ACCEPTED
    assert after.pac_document_id == world.engine.documents[0].id
    assert len(world.engine.documents) == 1


@pytest.mark.parametrize(
    "form",
    [
        DuplicateAnswer.BAD_REQUEST_KNOWN_CODE,
        DuplicateAnswer.BAD_REQUEST_UNKNOWN_CODE,
        DuplicateAnswer.CONFLICT_WITHOUT_ID,
        DuplicateAnswer.REJECTED_DOCUMENT,
    ],
)
async def test_a_refused_resend_proves_nothing_and_ends_in_quarantine_not_in_refusal(form):
    world = World()
    world.engine.behave(duplicate_answer=form)
    _, document = await doubtful(world)
    after = await settle(world, document)
    assert after.submission is Submission.IN_DOUBT, "the first attempt may be the one that passed"
    world.wait(hours=25)
    await world.sweep(times=3)
    parked = await world.current(document)
    assert parked.submission is Submission.QUARANTINED
    assert parked.quarantine_reason


async def test_a_repetition_that_the_dgi_rejects_leads_to_the_first_id():
    world = World()
    world.engine.behave(duplicate_answer=DuplicateAnswer.REJECTED_BY_DGI)
    shop, document = await doubtful(world)
    after = await settle(world, document)
    first = world.engine.documents[0].id
    assert after.pac_document_id != first
    body = f'{{"id":"{first}","legalStatus":"DGI_AUTHORIZED","cufe":"{document.expected_cufe}"}}'.encode()
    await world.receive_webhook(
        shop.tenant.pac_company_id, signature=b"the secret that the PAC echoes", user_id=None, body=body
    )
    await world.queue.drain(world.run_due_work.handle)
    await world.sweep(times=5, every_seconds=30)
    found = await world.current(document)
    assert found.pac_document_id == first
    assert found.legal_status is LegalStatus.DGI_AUTHORIZED


async def test_a_repetition_that_the_dgi_rejects_is_quarantined_when_no_other_id_is_known():
    world = World()
    world.engine.behave(duplicate_answer=DuplicateAnswer.REJECTED_BY_DGI)
    _, document = await doubtful(world)
    await settle(world, document)
    await world.sweep(times=5, every_seconds=30)
    parked = await world.current(document)
    assert parked.submission is Submission.QUARANTINED
    assert "1002" in parked.quarantine_reason
    adopted = await world.adopt(
        parked.tenant_id, parked.document_id, PacDocumentId(world.engine.documents[0].id), OPERATOR
    )
    assert adopted.legal_status is LegalStatus.DGI_AUTHORIZED


async def test_a_pac_that_accepts_a_number_twice_is_noticed_and_the_policy_falls_to_park():
    world = World()
    world.engine.behave(duplicate_answer=DuplicateAnswer.ACCEPTED_TWICE)
    shop, document = await doubtful(world)
    after = await settle(world, document)
    assert after.submission is Submission.ACCEPTED
    other = next(d.id for d in world.engine.documents if d.id != after.pac_document_id)
    body = f'{{"id":"{other}","legalStatus":"DGI_AUTHORIZED","cufe":"{document.expected_cufe}"}}'.encode()
    await world.receive_webhook(
        shop.tenant.pac_company_id, signature=b"the secret that the PAC echoes", user_id=None, body=body
    )
    await world.queue.drain(world.run_due_work.handle)
    await world.sweep(times=3, every_seconds=30)
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    alarms = [e.event.facts["about"] for e in events if e.event.kind is EventKind.ALARM]
    assert "pac_accepted_number_twice" in alarms
    assert (await world.stores.tenants.get(document.tenant_id)).doubt_policy is DoubtPolicy.PARK


async def test_an_operator_adopts_an_id_only_when_the_pac_shows_the_documents_own_cufe():
    world = World()
    shop, document = await doubtful(world, policy=DoubtPolicy.PARK)
    world.engine.set_faults(FaultPlan())
    other = await world.invoice(shop, await world.an_order(shop, price="9.00"))
    with pytest.raises(AdoptionRefusedError) as refused:
        await world.adopt(document.tenant_id, document.document_id, UNKNOWN_ID, OPERATOR)
    assert "did not confirm" in str(refused.value)
    lost = world.engine.documents[0].id
    assert other.pac_document_id != lost
    adopted = await world.adopt(document.tenant_id, document.document_id, PacDocumentId(lost), OPERATOR)
    assert adopted.submission is Submission.ACCEPTED
    with pytest.raises(DecisionRefusedError):
        await world.adopt(document.tenant_id, document.document_id, PacDocumentId(lost), OPERATOR)


async def test_another_documents_id_is_refused_with_the_difference():
    world = World()
    shop, document = await doubtful(world, policy=DoubtPolicy.PARK)
    world.engine.set_faults(FaultPlan())
    other = await world.invoice(shop, await world.an_order(shop, price="9.00"))
    with pytest.raises(AdoptionRefusedError) as refused:
        await world.adopt(document.tenant_id, document.document_id, other.pac_document_id, OPERATOR)
    assert document.expected_cufe in str(refused.value)
    assert (await world.current(document)).submission is not Submission.ACCEPTED


async def test_a_confirmed_document_is_issued_and_a_later_id_is_still_adopted():
    world = World()
    _, document = await doubtful(world, policy=DoubtPolicy.PARK)
    issued = await world.confirm_at_dgi(document.tenant_id, document.document_id, "visto en la DGI", OPERATOR)
    assert issued.submission is Submission.ISSUED_ID_UNKNOWN
    assert issued.cufe == document.expected_cufe
    lost = PacDocumentId(world.engine.documents[0].id)
    assert (await world.adopt(issued.tenant_id, issued.document_id, lost, OPERATOR)).submission is Submission.ACCEPTED


async def test_giving_up_needs_a_reason_and_the_settling_time_and_evidence_still_wins():
    world = World()
    shop, document = await doubtful(world, policy=DoubtPolicy.PARK)
    with pytest.raises(DecisionRefusedError):
        await world.give_up(document.tenant_id, document.document_id, "no está en el PAC", OPERATOR)
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    with pytest.raises(MalformedInputError):
        await world.give_up(document.tenant_id, document.document_id, " x ", OPERATOR)
    given_up = await world.give_up(document.tenant_id, document.document_id, "no está en el PAC", OPERATOR)
    assert given_up.submission is Submission.REFUSED
    lost = world.engine.documents[0]
    body = f'{{"id":"{lost.id}","legalStatus":"DGI_AUTHORIZED","cufe":"{lost.cufe}"}}'.encode()
    await world.receive_webhook(
        shop.tenant.pac_company_id, signature=b"the secret that the PAC echoes", user_id=None, body=body
    )
    await world.queue.drain(world.run_due_work.handle)
    revived = await world.current(document)
    assert revived.submission is Submission.ACCEPTED
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    assert "adopted_from_REFUSED" in [e.event.facts.get("about") for e in events]


async def test_wrong_credentials_open_the_circuit_and_one_probe_closes_it():
    world = World()
    shop = await world.open_shop()
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.UNAUTHORIZED_401, nth=frozenset({1, 2})),)))
    first = await world.invoice(shop, await world.an_order(shop))
    assert first.submission is Submission.QUEUED
    assert (await world.stores.circuits.circuit_of(tenant_of(shop))).state is CircuitState.OPEN
    others = [await world.invoice(shop, await world.an_order(shop)) for _ in range(5)]
    assert {other.attempts for other in others} == {0}, "documents wait instead of failing one after the other"
    posts = len([e for e in world.engine.exchanges if e.request.method == "POST" and "invoices" in e.request.path])
    assert posts == 1
    await world.sweep(times=60, every_seconds=20)
    after = [await world.current(document) for document in (first, *others)]
    assert {document.submission for document in after} == {Submission.ACCEPTED}
    assert not (await world.stores.circuits.circuit_of(tenant_of(shop))).is_open


async def test_after_an_outage_of_six_hours_the_backlog_drains_without_a_stampede():
    world = World()
    shop = await world.open_shop()
    down = FaultRule(kind=FaultKind.DROP_BEFORE)
    world.engine.set_faults(FaultPlan(rules=(down,)))
    documents = [await world.invoice(shop, await world.an_order(shop)) for _ in range(30)]
    await world.sweep(times=6 * 60, every_seconds=60)
    refused = world.engine.faults_fired[FaultKind.DROP_BEFORE]
    assert refused < 100, "an outage costs a few probes, not an attempt per document and minute"
    world.engine.set_faults(FaultPlan())
    before = len(world.engine.documents)
    per_sweep = []
    for _ in range(300):
        await world.sweep(every_seconds=5)
        per_sweep.append(len(world.engine.documents) - before - sum(per_sweep))
    assert len(world.engine.documents) == 30
    assert max(per_sweep) <= 20
    assert {(await world.current(d)).submission for d in documents} == {Submission.ACCEPTED}


async def test_the_record_of_an_answer_with_another_documents_id_is_doubt_not_a_crash():
    world = World()
    shop = await world.open_shop()
    first = await world.invoice(shop, await world.an_order(shop))

    class Confused:
        async def submit(self, account, document_type, body):
            answer = await world.pac.submit(account, document_type, body)
            return replace(answer, document=replace(answer.document, pac_document_id=first.pac_document_id))

    second = await world.invoice(shop, await world.an_order(shop), wait=0)
    await world.make_submit("confused", Confused())(second.tenant_id, second.document_id)
    assert (await world.current(second)).submission is Submission.IN_DOUBT
