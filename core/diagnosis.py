"""Why a document is where it is, what happens next and when, and what a person may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.circuits import Circuit
from core.documents import FiscalDocument, LegalStatus, Submission
from core.errors import Wording
from core.lifecycle.following import missing_files
from core.lifecycle.replacing import lives_beside_its_successor
from core.schedules import Schedules
from core.void_diagnosis import VoidFinding, void_finding


class OperatorAction(Enum):
    """What a person can do about a document."""

    ATTACH_PDF = "attachPacPdf"
    ADOPT_ID = "adoptPacDocument"
    CONFIRM_AT_DGI = "confirmAtDgi"
    GIVE_UP = "giveUpDocument"
    MEND_CREDENTIALS = "mendCredentials"
    REISSUE = "reissueDocument"
    CONFIRM_VOIDED = "confirmVoided"
    GIVE_UP_VOID = "giveUpVoid"
    CONVERT = "convertToDgi"
    VOID_OR_CREDIT = "voidOrCredit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """``next_action_at`` None: nothing happens by itself any more."""

    cause: Wording
    next_action: Wording
    next_action_at: datetime | None
    actions: tuple[OperatorAction, ...]
    is_overdue: bool


def overdue_before(now: datetime, schedules: Schedules) -> datetime:
    """A document that has waited since before this is overdue."""
    return now - timedelta(seconds=schedules.overdue_after)


def void_waits_since(document: FiscalDocument) -> datetime | None:
    """Since when a document whose own outcome is known waits for its void; None while it does not."""
    void = document.void
    return void.requested_at if void is not None and void.is_open and document.is_issued else None


def waits_since_before(document: FiscalDocument, moment: datetime) -> bool:
    """Whether a document has waited since before ``moment``, for time or for a person: since it was made, or, once its
    own outcome is known, since its void was asked for."""
    waits = document.next_action_at is not None or document.submission is Submission.QUARANTINED
    return waits and (void_waits_since(document) or document.created_at) < moment


def is_overdue(document: FiscalDocument, *, now: datetime, schedules: Schedules) -> bool:
    """Whether a document has waited for something longer than it should. It is still looked after."""
    return waits_since_before(document, overdue_before(now, schedules))


def diagnose(document: FiscalDocument, circuit: Circuit, *, now: datetime, schedules: Schedules) -> Diagnosis:
    """The diagnosis of a document, from its own state and its tenant's circuit."""
    own = _with_second_id(_of_submission(document, circuit), document)
    cause, next_action, actions = _with_void(own, void_finding(document, circuit))
    waits_for_circuit = circuit.is_open and document.submission is Submission.QUEUED
    due = circuit.probe_at if waits_for_circuit and circuit.probe_at else document.next_action_at
    return Diagnosis(
        cause=cause,
        next_action=next_action,
        next_action_at=due,
        actions=actions,
        is_overdue=is_overdue(document, now=now, schedules=schedules),
    )


Finding = tuple[Wording, Wording, tuple[OperatorAction, ...]]
NOTHING = Wording("Nothing; it is finished.", "Nada; está terminado.")
WATCHED = Wording(
    "It is watched until its settling time: the PAC may still have it. Then it can be reissued.",
    "Se vigila hasta su hora de asentamiento: el PAC aún puede tenerlo. Después se puede reemitir.",
)
LOOK_AT_HINTS = Wording(
    "The ids that were named for it are read at the PAC and compared.",
    "Se leen en el PAC los identificadores nombrados y se comparan.",
)


def _with_void(own: Finding, of_void: VoidFinding | None) -> Finding:
    """The void's part first: it is the later wish."""
    if of_void is None:
        return own
    cause, next_action, actions = own
    told = Wording(f"{of_void.cause.english} {cause.english}", f"{of_void.cause.spanish} {cause.spanish}")
    may = tuple(OperatorAction(name) for name in of_void.actions)
    return told, of_void.next_action or next_action, (*may, *actions)


def _with_second_id(own: Finding, document: FiscalDocument) -> Finding:
    """Two authorised ids of one CUFE are said before anything else of the document, with what to do about them."""
    if len(document.authorised_ids) < 2:
        return own
    cause, next_action, actions = own
    ids, cufe = ", ".join(document.authorised_ids), document.cufe or document.expected_cufe
    told = Wording(
        f"The PAC took its number twice: the DGI authorised CUFE {cufe} under the ids {ids}. {cause.english}",
        f"El PAC tomó su número dos veces: la DGI autorizó el CUFE {cufe} con los ids {ids}. {cause.spanish}",
    )
    then = Wording(
        f"Ask the PAC to take one of the ids back; a void would take back the CUFE of both. {next_action.english}",
        f"Pida al PAC retirar uno de los ids; anular revertiría el CUFE de ambos. {next_action.spanish}",
    )
    return told, then, actions


def _of_submission(document: FiscalDocument, circuit: Circuit) -> Finding:
    match document.submission:
        case Submission.QUEUED:
            return _of_queued(document, circuit)
        case Submission.SENDING:
            cause = Wording("It is being sent to the PAC now.", "Se está enviando al PAC en este momento.")
            then = Wording(
                "The answer is recorded; without one it is in doubt when the lease ends.",
                "Se registra la respuesta; si no llega, queda en duda al vencer el plazo.",
            )
            return cause, then, ()
        case Submission.IN_DOUBT:
            return _of_doubt(document)
        case Submission.QUARANTINED:
            reason = document.quarantine_reason or ""
            cause = Wording(f"A person has to decide: {reason}", f"Debe decidir una persona: {reason}")
            actions = (OperatorAction.ADOPT_ID, OperatorAction.CONFIRM_AT_DGI, OperatorAction.GIVE_UP)
            waits = Wording(
                "Nothing by itself, unless evidence arrives.", "Nada por sí solo, salvo que llegue evidencia."
            )
            return cause, LOOK_AT_HINTS if document.hinted_ids else waits, actions
        case Submission.REFUSED if document.replaced_by is not None:
            return _of_replaced(document)
        case Submission.REFUSED:
            told = "; ".join(document.refusal.messages) if document.refusal else ""
            codes = " ".join(document.refusal.codes) if document.refusal else ""
            cause = Wording(f"Refused ({codes}): {told}", f"Rechazado ({codes}): {told}")
            if document.is_watched:
                return cause, WATCHED, (OperatorAction.ADOPT_ID,)
            then = Wording("Nothing; its number is burnt.", "Nada; su número queda quemado.")
            return cause, then, (OperatorAction.REISSUE, OperatorAction.ADOPT_ID)
        case Submission.ISSUED_ID_UNKNOWN:
            cause = Wording(
                "It is legally issued, but the PAC's id for it is not known: no void and no PDF until it is.",
                "Está legalmente emitido, pero no se conoce su identificador en el PAC: sin anulación ni PDF.",
            )
            return cause, NOTHING, (OperatorAction.ADOPT_ID,)
        case Submission.ACCEPTED:
            return _of_accepted(document)
        case Submission.DRAFT | Submission.IMPORTED:
            return _of_unsent(document)


def _of_replaced(document: FiscalDocument) -> Finding:
    """Its successor stands for it, unless late evidence made it valid after all."""
    other = document.replaced_by
    if not lives_beside_its_successor(document):
        cause = Wording(f"Document {other} took its place.", f"El documento {other} ocupa su lugar.")
        return cause, NOTHING, ()
    cause = Wording(
        f"The PAC has it after all, and document {other} was issued in its place: two documents stand for one sale.",
        f"El PAC sí lo tiene, y en su lugar se emitió el documento {other}: dos documentos amparan una sola venta.",
    )
    then = Wording(
        "Unless that was done already: void or credit one of the two. Istmo does not choose.",
        "Si aún no se hizo: anule o acredite uno de los dos. Istmo no elige.",
    )
    return cause, then, (OperatorAction.VOID_OR_CREDIT,)


def _of_unsent(document: FiscalDocument) -> Finding:
    if document.withdrawn_at is not None:
        cause = Wording("It was taken back.", "Fue retirado.")
        return cause, NOTHING, ()
    if document.submission is Submission.IMPORTED:
        cause = Wording("It is somebody else's document, kept here.", "Es un documento de otro, guardado aquí.")
        return cause, NOTHING, ()
    cause = Wording(
        "It is a draft: it has no CUFE, and nothing of it is sent.",
        "Es un borrador: no tiene CUFE y nada de él se envía.",
    )
    then = Wording("Nothing, until somebody issues it.", "Nada, hasta que alguien lo emita.")
    return cause, then, (OperatorAction.CONVERT,)


def _of_queued(document: FiscalDocument, circuit: Circuit) -> Finding:
    if circuit.is_open:
        cause = Wording(f"Sending is paused: {circuit.reason}.", f"El envío está en pausa: {circuit.reason}.")
        then = Wording(
            "One document tries again; an answer resumes all.", "Un documento prueba; una respuesta reanuda."
        )
        return cause, then, (OperatorAction.MEND_CREDENTIALS,)
    if document.hinted_ids:
        cause = Wording("A webhook named it before it was sent.", "Un webhook lo nombró antes de enviarse.")
        return cause, LOOK_AT_HINTS, (OperatorAction.ADOPT_ID,)
    if document.attempts:
        cause = Wording("The PAC was not reached.", "No se pudo contactar al PAC.")
    else:
        cause = Wording("It waits to be sent.", "Espera ser enviado.")
    return cause, Wording("It is sent.", "Se envía."), ()


def _of_doubt(document: FiscalDocument) -> Finding:
    reason = document.doubt_reason or ""
    cause = Wording(
        f"The PAC's answer was lost ({reason}); it may hold the document.",
        f"Se perdió la respuesta del PAC ({reason}); puede tener el documento.",
    )
    wait = Wording(
        "Evidence is awaited: a webhook with its CUFE, or, by policy, the identical bytes once more.",
        "Se espera evidencia: un webhook con su CUFE o, según la política, los mismos bytes otra vez.",
    )
    actions = (OperatorAction.ADOPT_ID, OperatorAction.CONFIRM_AT_DGI, OperatorAction.GIVE_UP)
    return cause, LOOK_AT_HINTS if document.hinted_ids else wait, actions


def _of_accepted(document: FiscalDocument) -> Finding:
    status = document.raw_legal_status or document.legal_status.value
    if document.replaced_by is not None:
        return _of_replaced(document)
    if document.standing_status.is_rejected:
        cause = Wording(f"Rejected: {status}.", f"Rechazado: {status}.")
        return cause, NOTHING, (OperatorAction.REISSUE,)
    if document.standing_status is not LegalStatus.DGI_AUTHORIZED:
        cause = Wording(f"The DGI has not decided yet ({status}).", f"La DGI aún no decide ({status}).")
        return cause, Wording("Its status is read at the PAC.", "Se lee su estado en el PAC."), ()
    missing = " ".join(kind.value for kind in missing_files(document))
    if missing:
        cause = Wording(f"Authorised; still without {missing}.", f"Autorizado; aún sin {missing}.")
        return cause, Wording("The file is fetched.", "Se obtiene el archivo."), (OperatorAction.ATTACH_PDF,)
    if document.standing_status is not document.legal_status:
        return _authorised_beside(document), NOTHING, ()
    return Wording("Authorised by the DGI.", "Autorizado por la DGI."), NOTHING, ()


def _authorised_beside(document: FiscalDocument) -> Wording:
    rejected, valid = document.pac_document_id, document.standing_id
    return Wording(
        f"Authorised by the DGI under the PAC's id {valid}; what the PAC holds under {rejected} was rejected.",
        f"Autorizado por la DGI con el identificador {valid} del PAC; lo que el PAC tiene con {rejected} se rechazó.",
    )
