"""What a document's void adds to its diagnosis."""

from dataclasses import dataclass

from core.circuits import Circuit
from core.documents import FiscalDocument
from core.errors import Wording
from core.issue_time import wire_time
from core.voids import Void, VoidState

CONFIRM, GIVE_UP = "confirmVoided", "giveUpVoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidFinding:
    """``cause`` stands before the document's own. ``next_action`` None: what the document itself waits for."""

    cause: Wording
    next_action: Wording | None = None
    actions: tuple[str, ...] = ()  # mutations


def void_finding(document: FiscalDocument, circuit: Circuit) -> VoidFinding | None:
    """What there is to say of the last void; None when none was ever asked for."""
    void = document.void
    if void is None:
        return None
    match void.state:
        case VoidState.REQUESTED:
            return _of_requested(void, circuit)
        case VoidState.IN_DOUBT:
            return _of_doubt(void)
        case VoidState.VOIDED:
            return VoidFinding(cause=Wording("It is void.", "Está anulado."))
        case VoidState.FAILED:
            return _of_failed(document, void)


def _of_requested(void: Void, circuit: Circuit) -> VoidFinding:
    if void.waits:
        cause = Wording(
            "A void is asked for and waits until the document is authorised.",
            "Se pidió anularlo; la anulación espera a que el documento esté autorizado.",
        )
        return VoidFinding(cause=cause, actions=(GIVE_UP,))
    if void.claim is not None:
        cause = Wording("Its void is being sent to the PAC now.", "Su anulación se está enviando al PAC.")
        then = Wording(
            "The answer is recorded; without one the void is in doubt when the lease ends.",
            "Se registra la respuesta; si no llega, la anulación queda en duda al vencer el plazo.",
        )
        return VoidFinding(cause=cause, next_action=then)
    cause = Wording("Its void waits to be sent.", "Su anulación espera ser enviada.")
    if circuit.is_open:
        cause = Wording(
            f"Its void waits to be sent; sending is paused: {circuit.reason}.",
            f"Su anulación espera ser enviada; el envío está en pausa: {circuit.reason}.",
        )
    return VoidFinding(
        cause=cause, next_action=Wording("It is sent.", "Se envía."), actions=() if void.maybe_executed else (GIVE_UP,)
    )


def _of_doubt(void: Void) -> VoidFinding:
    said = f" The PAC said: {' '.join(void.codes)} {void.message}." if void.message else ""
    dicho = f" El PAC dijo: {' '.join(void.codes)} {void.message}." if void.message else ""
    cause = Wording(
        f"It may be void: the PAC's answer was lost ({void.doubt_reason}).{said}",
        f"Puede estar anulado: se perdió la respuesta del PAC ({void.doubt_reason}).{dicho}",
    )
    then = Wording(
        "The void is asked for again; only success, or that it is void already, settles it. Do not credit it now.",
        "Se pide de nuevo la anulación; solo la resuelve que se logre o que ya conste. No lo acredite mientras tanto.",
    )
    return VoidFinding(cause=cause, next_action=then, actions=(CONFIRM, GIVE_UP))


def _of_failed(document: FiscalDocument, void: Void) -> VoidFinding:
    when = wire_time(void.settled_at) if void.settled_at else ""
    told = void.message.rstrip(".") or "-"
    codes = " ".join(void.codes)
    instead = _instead(document, void)
    cause = Wording(
        f"Its void failed at {when} ({codes}): {told}.{instead.english}",
        f"Su anulación falló el {when} ({codes}): {told}.{instead.spanish}",
    )
    return VoidFinding(cause=cause, actions=() if void.is_recognised else (CONFIRM,))


def _instead(document: FiscalDocument, void: Void) -> Wording:
    """What takes the document back otherwise. Of a void that may have happened all the same the PAC is asked first."""
    if not void.is_recognised:
        return Wording(
            " It may be void all the same: ask the PAC before you credit it.",
            " Puede estar anulado de todos modos: consulte al PAC antes de acreditarlo.",
        )
    if not document.is_issued or not document.document_type.is_invoice:
        return Wording("", "")
    return Wording(" A credit note takes it back as well.", " También se revierte con una nota de crédito.")
