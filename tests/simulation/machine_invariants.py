"""What must hold after every step of the issue machine."""

import hashlib
from collections import Counter

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant

from adapters.alanube.fake.progression import DGI_AUTHORIZED, PAC_AUTHORIZED
from core.documents import FiscalDocument, LegalStatus, Submission
from core.failures import DocumentNotFoundError
from core.ports.document_repository import DocumentFilter


class MachineInvariants(RuleBasedStateMachine):
    """Reads what the machine built: world, memory, shops, policy, seen documents, authentic webhooks."""

    def all_documents(self) -> list[FiscalDocument]:
        async def read():
            found = []
            for shop in self.shops:
                page = await self.world.stores.documents.page(
                    shop.tenant.tenant_id, DocumentFilter(), limit=100, after=None
                )
                found.extend(page.documents)
            return found

        return self.run(read()) if hasattr(self, "shops") else []

    @invariant()
    def one_intent_and_one_order_have_one_document(self):
        documents = self.all_documents()
        intents = Counter((d.tenant_id, d.idempotency_key) for d in documents)
        assert all(count == 1 for count in intents.values()), "I1"
        live = Counter(d.order_id for d in documents if d.submission is not Submission.REFUSED)
        assert all(count == 1 for count in live.values()), "I1"

    @invariant()
    def one_number_has_one_document_and_no_number_is_missing(self):
        documents = self.all_documents()
        numbers = Counter((d.tenant_id, d.series, d.number) for d in documents)
        assert all(count == 1 for count in numbers.values()), "I2"
        for shop in getattr(self, "shops", []):
            own = sorted(d.number for d in documents if d.tenant_id == shop.tenant.tenant_id)
            assert own == list(range(1, len(own) + 1)), "I4"

    @invariant()
    def every_attempt_posts_the_recorded_bytes(self):
        async def check():
            for document in documents:
                body = await self.world.stores.journal.body(document.tenant_id, document.document_id)
                assert {b for b in sent if document.expected_cufe[56:65].encode() in b} <= {body}, "I5"

        documents = self.all_documents()
        sent = {
            e.request.body
            for e in self.world.engine.exchanges
            if e.request.method == "POST" and "/invoices" in e.request.path
        }
        self.run(check())

    @invariant()
    def states_never_go_back(self):
        for document in self.all_documents():
            before = self.seen.get(document.document_id)
            if before is not None:
                if before.legal_status.is_terminal:
                    assert document.legal_status is before.legal_status, "I6"
                if before.submission is Submission.ACCEPTED:
                    assert document.submission is Submission.ACCEPTED, "I6"
                if before.cufe is not None:
                    assert document.cufe == before.cufe, "A13"
            self.seen[document.document_id] = document
            at_pac = [d for d in self.world.engine.documents if d.cufe == document.expected_cufe]
            if document.legal_status is LegalStatus.DGI_AUTHORIZED:
                assert [d.legal_status for d in at_pac] == [DGI_AUTHORIZED], "A15"
            if document.submission is Submission.REFUSED:
                assert not [d for d in at_pac if d.legal_status in (PAC_AUTHORIZED, DGI_AUTHORIZED)], "I6"

    @invariant()
    def everything_unfinished_has_a_due_time(self):
        for document in self.all_documents():
            if not document.is_settled and document.submission is not Submission.QUARANTINED:
                assert document.next_action_at is not None, "I8"
            if document.legal_status is LegalStatus.DGI_AUTHORIZED and len(document.files) < 2:
                assert document.next_action_at is not None, "I8: its files are still wanted"

    @invariant()
    def the_pac_never_holds_two_documents_of_one_number(self):
        numbers = Counter((d.company_id, d.billing_point, d.numeration) for d in self.world.engine.documents)
        assert all(count == 1 for count in numbers.values()), "I3"

    @invariant()
    def files_are_current_once_and_whole(self):
        async def check():
            for document in documents:
                assert len({file.kind for file in document.files}) == len(document.files), "I9"
                for file in document.files:
                    content = await self.world.stores.files.get(document.tenant_id, file.digest)
                    assert hashlib.sha256(content).hexdigest() == file.digest, "I9"
                stored = await self.world.stores.journal.attachments(document.tenant_id, document.document_id)
                assert sorted(f.digest for f in stored) == sorted(f.digest for f in document.files), "I9"

        documents = self.all_documents()
        self.run(check())

    @invariant()
    def every_authentic_webhook_is_in_the_inbox_once(self):
        kept = Counter((d.tenant_id, d.body_digest) for d in self.memory.deliveries.values())
        assert all(count == 1 for count in kept.values()), "I10"
        assert set(kept) == self.authentic, "I10"

    @invariant()
    def no_read_crosses_tenants(self):
        async def check():
            for document in documents:
                other = next(s.tenant.tenant_id for s in self.shops if s.tenant.tenant_id != document.tenant_id)
                with pytest.raises(DocumentNotFoundError):
                    await self.world.stores.documents.get(other, document.document_id)
                found = await self.world.stores.documents.find_by_reference(
                    other, pac_document_id=document.pac_document_id, cufe=document.expected_cufe
                )
                assert found is None, "I13"

        documents = self.all_documents()
        self.run(check())
