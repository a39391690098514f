"""The use cases of drafts and of corrected successors."""

from dishka import Provider, Scope, provide

from core.use_cases.convert_draft import ConvertDraft
from core.use_cases.judge_draft import JudgeDraft
from core.use_cases.record_draft import RecordDraft
from core.use_cases.reissue_document import ReissueDocument
from core.use_cases.update_invoice import UpdateInvoice
from core.use_cases.withdraw_document import WithdrawDocument


class CorrectionProvider(Provider):
    """Saying anew what the DGI has not, and issuing again what was refused."""

    scope = Scope.APP

    judge_draft = provide(JudgeDraft)
    record_draft = provide(RecordDraft)
    update_invoice = provide(UpdateInvoice)
    withdraw = provide(WithdrawDocument)
    convert_draft = provide(ConvertDraft)
    reissue_document = provide(ReissueDocument)
