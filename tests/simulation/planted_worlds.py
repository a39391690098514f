"""Bugs that need several documents, tenants or processes, other people's webhooks or a restore: random worlds."""

import asyncio
from dataclasses import replace

import sqlalchemy as sa

from adapters.persistence import sql_document_statements as sql
from adapters.persistence.sql_documents import _record
from adapters.persistence.statements import Statement
from core.claims import Claim
from core.documents import LegalStatus, Submission
from core.ports.pac_gateway import Found, NotFound, PacDocument
from core.ports.webhook_inbox import DeliveryState, Stored
from tests.simulation.planted_bug import Search, planted_bug

BATCH_SECONDS = 2.0
WORLDS = Search.RANDOM_WORLDS
FOLLOWING = "core.lifecycle.following"
SQL_INBOX = "adapters.persistence.sql_webhook_inbox:SqlWebhookInbox"


@planted_bug(
    "core.lifecycle.sending:record_answer",
    breaks="A worker whose lease ran out writes its answer over what others found out meanwhile.",
    search=WORLDS,
    within=25,
    speaks="I6",
)
def an_answer_is_not_fenced(right):
    def record_answer(document, *, token, now, **others):
        if document.claim is None or document.claim.token != token:
            zombie = Claim(token=token, worker="zombie", expires_at=now, doubted_before=document.maybe_executed)
            document = replace(document, submission=Submission.SENDING, claim=zombie)
        return right(document, token=token, now=now, **others)

    return record_answer


@planted_bug(
    "core.lifecycle.sending:claim",
    breaks="Two workers that took the same document up at once both send it.",
    search=WORLDS,
    within=5,
    speaks="I6",
)
def a_claim_takes_what_is_claimed_already(right):
    def claim(document, *, now, worker, schedules):
        if document.submission is Submission.SENDING:
            document = replace(document, submission=Submission.QUEUED, next_action_at=now)
        return right(document, now=now, worker=worker, schedules=schedules)

    return claim


@planted_bug(
    f"{FOLLOWING}:_apply_status",
    breaks="A late or wrong answer with a lower status takes the authorisation back.",
    search=WORLDS,
    within=5,
    speaks="I6",
)
def the_legal_status_may_go_back(right):
    def apply_status(document, shown, now, actor):
        forgetful = replace(document, legal_status=LegalStatus.NONE, raw_legal_status=None)
        after, events = right(forgetful, shown, now, actor)
        return (document, ()) if after.legal_status is LegalStatus.NONE else (after, events)

    return apply_status


@planted_bug(
    f"{FOLLOWING}:read_status",
    breaks="A status that was never seen before counts as the DGI's refusal.",
    search=WORLDS,
    within=10,
    speaks="A5",
)
def an_unknown_status_is_final(right):
    def read_status(raw):
        status = right(raw)
        return LegalStatus.DGI_REJECTED if status is LegalStatus.UNRECOGNISED else status

    return read_status


@planted_bug(
    "core.use_cases.refresh_document:RefreshDocument._look_up",
    breaks="A PAC that does not find an id for a moment ends the document.",
    search=WORLDS,
    within=10,
    speaks="A5",
)
def a_404_for_a_known_id_is_the_end(right):
    async def look_up(self, document, pac_document_id):
        answer = await right(self, document, pac_document_id)
        if not isinstance(answer, NotFound):
            return answer
        gone = PacDocument(pac_document_id=pac_document_id, legal_status="DGI_REJECTED")
        return Found(raw=answer.raw, document=gone)

    return look_up


@planted_bug(
    f"{FOLLOWING}:schedule_follow_up",
    breaks="After ten looks nobody asks any more what the DGI decided.",
    search=WORLDS,
    within=10,
    speaks="A16",
)
def the_follow_up_gives_up_after_ten_looks(right):
    def schedule_follow_up(document, *, now, fraction, schedules):
        after = right(document, now=now, fraction=fraction, schedules=schedules)
        return replace(after, next_action_at=None) if after.checks > 10 else after

    return schedule_follow_up


@planted_bug(
    f"{SQL_INBOX}.settle",
    breaks="A webhook that came before its document was known is thrown away.",
    search=WORLDS,
    within=10,
    speaks="I10",
)
def an_orphan_webhook_is_dropped(right):
    async def settle(self, tenant_id, delivery_id, state, document_id):
        settled = DeliveryState.PROCESSED if state is DeliveryState.UNMATCHED else state
        await right(self, tenant_id, delivery_id, settled, document_id)

    return settle


@planted_bug(
    f"{SQL_INBOX}.store",
    breaks="The PAC is told 200 and the delivery is written down with the next batch: a crash in between loses it.",
    search=WORLDS,
    within=10,
    speaks="I10",
)
def a_webhook_is_answered_before_its_commit(right):
    kept = set()

    async def store(self, delivery):
        async def afterwards():
            await asyncio.sleep(BATCH_SECONDS)
            await right(self, delivery)

        task = asyncio.ensure_future(afterwards())
        kept.add(task)
        task.add_done_callback(lambda done: (kept.discard(done), done.cancelled() or done.exception()))
        return Stored(delivery=delivery, is_new=True)

    return store


@planted_bug(
    "adapters.persistence.sql_document_statements:get_document",
    breaks="Whoever knows an id reads the document, whosever it is.",
    search=WORLDS,
    within=5,
    speaks="A26",
)
def the_tenant_filter_is_forgotten(right):
    c = sql.documents.c
    anyone = sa.and_(c.document_id == sa.bindparam("document"), sa.bindparam("tenant", type_=sa.Text()) != "")
    return Statement(sql._whole.where(anyone))


@planted_bug(
    "core.use_cases.pac_account:FindPacAccount.__call__",
    breaks="The account at the PAC is remembered across tenants: documents go out under another company.",
    search=WORLDS,
    within=5,
    speaks="A27",
)
def the_account_is_remembered_across_tenants(right):
    async def find(self, tenant_id):
        if not hasattr(self, "remembered"):
            self.remembered = await right(self, tenant_id)
        return self.remembered

    return find


@planted_bug(
    "adapters.persistence.sql_documents:SqlDocumentRepository.record",
    breaks="The number is taken in a transaction of its own: what is not recorded after it leaves a gap.",
    search=WORLDS,
    within=5,
    speaks="I4",
)
def the_number_is_taken_in_a_transaction_of_its_own(right):
    class Taken:
        def __init__(self, connection, number):
            self._connection = connection
            self._number = number

        def one(self, statement, **params):
            return (
                {"number": self._number} if statement is sql.take_number else self._connection.one(statement, **params)
            )

        def __getattr__(self, name):
            return getattr(self._connection, name)

    async def record(self, reservation, build):
        whose = {
            "tenant_id": reservation.tenant_id,
            "billing_point": reservation.series.billing_point,
            "document_type": reservation.series.document_type.value,
        }
        row = await self._units.write(lambda c: c.one(sql.take_number, **whose), tenant_id=reservation.tenant_id)
        return await self._units.write(
            lambda c: _record(Taken(c, row["number"]), reservation, build), tenant_id=reservation.tenant_id
        )

    return record


@planted_bug(
    "core.use_cases.recover_after_restore:RecoverAfterRestore._move_past_mark",
    breaks="After a restore the numbers that the PAC has seen are given to other documents.",
    search=WORLDS,
    within=50,
    speaks="A3",
)
def the_high_water_mark_is_ignored_in_recovery(right):
    async def move_past_mark(self, one, lost):
        return None

    return move_past_mark


@planted_bug(
    "adapters.persistence.in_memory_series:InMemoryHighWaterMarks.raise_to",
    breaks="A late repetition of an old number lowers the mark of its series.",
    search=WORLDS,
    within=5,
    speaks="A36",
)
def the_mark_of_a_series_goes_backwards(right):
    async def raise_to(self, tenant_id, series, number):
        self._store.marks[tenant_id, series] = number

    return raise_to


@planted_bug(
    "core.lifecycle.recovering:recover",
    breaks="After a restore what is queued is sent as if nothing could have been sent in the lost time.",
    search=WORLDS,
    within=50,
    speaks="A6",
)
def a_restored_document_is_taken_for_what_it_was(right):
    def recover(document, *, now, schedules):
        return None

    return recover
