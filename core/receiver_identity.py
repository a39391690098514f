"""Which identity of a receiver a document carries, by the kind of receiver (section 2 of the format)."""

from core.codes import ReceiverType, RucType
from core.drafts import DraftReceiver
from core.taxpayer import MalformedRucError, Ruc, parse_ruc


def ruc_as_sent(receiver: DraftReceiver) -> Ruc | None:
    """The RUC that the document carries, or None when it carries none.

    A final consumer's RUC is kept only when it is a well-formed natural one; a foreigner with a foreign identity has
    none (1619). For taxpayers and the government a malformed RUC is None here and an error in preflight (1601).
    """
    if receiver.ruc is None or receiver.ruc_type is None:
        return None
    if receiver.receiver_type is ReceiverType.FOREIGNER and receiver.foreign_identity is not None:
        return None
    if receiver.receiver_type is ReceiverType.FINAL_CONSUMER and receiver.ruc_type is not RucType.NATURAL:
        return None
    try:
        ruc = parse_ruc(receiver.ruc, receiver.ruc_type)
    except MalformedRucError:
        return None
    return ruc if ruc.fits_a_document else None
