"""Archives and evidence for a download."""

from core.errors import Category, IstmoError, Wording


class ArchiveTooLargeError(IstmoError):
    """More than a download may hold: ``documents`` documents or ``megabytes`` MB. ``command`` has no limit."""

    code = "archive_too_large"
    category = Category.INVALID
    wording = Wording(
        "An archive for download holds at most {documents} documents and {megabytes} MB.",
        "Un archivo para descargar contiene a lo sumo {documents} documentos y {megabytes} MB.",
    )
    advice = Wording("Use `{command}`, which has no such limit.", "Use `{command}`, que no tiene ese límite.")


class ArchiveBusyError(IstmoError):
    """Another archive is being made."""

    code = "archive_busy"
    category = Category.UNAVAILABLE
    wording = Wording("Another archive is being made.", "Se está haciendo otro archivo.")
    advice = Wording("Ask again in a few seconds.", "Pida de nuevo en unos segundos.")
