"""What can differ between a day as it is kept here and as the PAC shows it, in words and with what to do."""

from enum import Enum

from core.errors import Wording


class DifferenceCode(Enum):
    """Stable codes. Each difference of a statement has exactly one."""

    STATUS_DIFFERS = "status_differs"
    STATUS_CONTRADICTS = "status_contradicts"
    MISSING_AT_PAC = "missing_at_pac"
    CUFE_DIFFERS = "cufe_differs"
    AMOUNT_DIFFERS = "amount_differs"
    VOID_DIFFERS = "void_differs"
    UNDER_WAY = "under_way"
    IN_DOUBT = "in_doubt"
    QUARANTINED = "quarantined"
    ID_UNKNOWN = "id_unknown"
    REFUSED_BUT_HELD = "refused_but_held"
    SECOND_ID_AT_PAC = "second_id_at_pac"
    UNMATCHED_WEBHOOK = "unmatched_webhook"
    UNREADABLE_WEBHOOK = "unreadable_webhook"
    UNEXPLAINED_NUMBER = "unexplained_number"

    @property
    def meaning(self) -> Wording:
        """What it says."""
        return _WORDS[self][0]

    @property
    def advice(self) -> Wording:
        """What happens by itself, or what a person does."""
        return _WORDS[self][1]


INVISIBLE = Wording(
    "A document at the PAC whose id nobody told Istmo is invisible here: this PAC cannot list what it holds.",
    "Un documento en el PAC cuyo id nadie comunicó a Istmo es invisible aquí: este PAC no puede listar lo que tiene.",
)
INVISIBLE_TO_LISTING = Wording(
    "A document at the PAC whose id nobody told Istmo is invisible here: the statement reads ids and lists nothing.",
    "Un documento en el PAC cuyo id nadie comunicó a Istmo es invisible aquí: el estado lee ids y no lista nada.",
)
_FOLLOWED = Wording(
    "Nothing: it is followed, the next check learns it.", "Nada: se sigue, la próxima consulta lo toma."
)
_WORDS: dict[DifferenceCode, tuple[Wording, Wording]] = {
    DifferenceCode.STATUS_DIFFERS: (
        Wording("The PAC shows a later status than the one here.", "El PAC muestra un estado posterior al de aquí."),
        _FOLLOWED,
    ),
    DifferenceCode.STATUS_CONTRADICTS: (
        Wording(
            "The PAC shows a status that cannot follow the one here, or none.",
            "El PAC muestra un estado que no puede seguir al de aquí, o ninguno.",
        ),
        Wording(
            "The one here is kept. Make the statement again later; if it stays, ask the PAC.",
            "Se conserva el de aquí. Repita el estado más tarde; si persiste, pregunte al PAC.",
        ),
    ),
    DifferenceCode.MISSING_AT_PAC: (
        Wording(
            "The PAC says that it has no document with this id.", "El PAC dice que no tiene un documento con este id."
        ),
        Wording(
            "Ask the PAC with the evidence of `istmo evidence`. Do not issue it again.",
            "Pregunte al PAC con la evidencia de `istmo evidence`. No lo emita de nuevo.",
        ),
    ),
    DifferenceCode.CUFE_DIFFERS: (
        Wording("The PAC shows another CUFE under this id.", "El PAC muestra otro CUFE bajo este id."),
        Wording(
            "Look at the document's timeline, and ask the PAC.", "Vea la historia del documento y pregunte al PAC."
        ),
    ),
    DifferenceCode.AMOUNT_DIFFERS: (
        Wording("The XML states another total.", "El XML declara otro total."),
        Wording(
            "The XML binds. Ask the PAC; correct with a note.",
            "El XML es el que vale. Pregunte al PAC; corrija con una nota.",
        ),
    ),
    DifferenceCode.VOID_DIFFERS: (
        Wording("The PAC shows it void, here it is not.", "El PAC lo muestra anulado, aquí no lo está."),
        Wording(
            "It is learnt when the document is read again: attachPacPdf does that now.",
            "Se toma cuando el documento se lee de nuevo: attachPacPdf lo hace ahora.",
        ),
    ),
    DifferenceCode.UNDER_WAY: (
        Wording("It is recorded and not at the PAC yet.", "Está registrado y aún no está en el PAC."),
        Wording("Nothing, or see its diagnosis if it waits long.", "Nada, o vea su diagnóstico si espera mucho."),
    ),
    DifferenceCode.IN_DOUBT: (
        Wording("Whether the PAC has it is not known.", "No se sabe si el PAC lo tiene."),
        Wording(
            "Wait for its deadline; an operator who knows the id can adopt it.",
            "Espere su plazo; un operador que sepa el id puede adoptarlo.",
        ),
    ),
    DifferenceCode.QUARANTINED: (
        Wording("No proof came in time.", "No llegó una prueba a tiempo."),
        Wording("An operator decides: its diagnosis says how.", "Decide un operador: su diagnóstico dice cómo."),
    ),
    DifferenceCode.ID_UNKNOWN: (
        Wording(
            "It was seen at the DGI, and its id at the PAC is not known.",
            "Se vio en la DGI, y no se sabe su id en el PAC.",
        ),
        Wording("Ask the PAC for the id and adopt it.", "Pida el id al PAC y adóptelo."),
    ),
    DifferenceCode.REFUSED_BUT_HELD: (
        Wording("It counts as refused here, and the PAC has it.", "Aquí consta como rechazado, y el PAC lo tiene."),
        Wording("Adopt the id that the PAC shows.", "Adopte el id que el PAC muestra."),
    ),
    DifferenceCode.SECOND_ID_AT_PAC: (
        Wording("The PAC holds it under a second id, too.", "El PAC lo tiene también bajo un segundo id."),
        Wording(
            "Set the policy to park; ask the PAC what it shows of the other id. A void takes back the CUFE of both.",
            "Ponga la política park y pregunte al PAC qué muestra del otro id. Una anulación retira el CUFE de ambos.",
        ),
    ),
    DifferenceCode.UNMATCHED_WEBHOOK: (
        Wording(
            "A webhook names a document that is not known here.",
            "Un webhook nombra un documento que aquí no se conoce.",
        ),
        Wording(
            "Find out who issued it: another program, or a restored backup.",
            "Averigüe quién lo emitió: otro programa, o un respaldo restaurado.",
        ),
    ),
    DifferenceCode.UNREADABLE_WEBHOOK: (
        Wording("A webhook of the PAC could not be read.", "Un webhook del PAC no se pudo leer."),
        Wording("Look at its bytes, and ask the PAC.", "Vea sus bytes y pregunte al PAC."),
    ),
    DifferenceCode.UNEXPLAINED_NUMBER: (
        Wording("Numbers without a document and without a reason.", "Números sin documento y sin motivo."),
        Wording("Run `istmo doctor`: this must not happen.", "Ejecute `istmo doctor`: esto no debe ocurrir."),
    ),
}
