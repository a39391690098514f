"""Databases, files and secrets."""

from core.errors import Category, IstmoError, Wording


class StoreUnavailableError(IstmoError):
    """The store cannot be reached or cannot write."""

    code = "store_unavailable"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The store cannot be reached or cannot write.", "No se puede acceder al almacén o escribir en él."
    )
    advice = Wording(
        "An operator checks the database and the disk; the same call may be repeated with the same key.",
        "Un operador revisa la base de datos y el disco; la misma llamada puede repetirse con la misma clave.",
    )


class FileNotStoredError(IstmoError):
    """The file is not stored."""

    code = "file_not_stored"
    category = Category.NOT_FOUND
    wording = Wording("The file is not stored.", "El archivo no está almacenado.")
    advice = Wording("Ask for it with attachPacPdf.", "Solicítelo con attachPacPdf.")


class FileCorruptError(IstmoError):
    """The stored file no longer matches its digest."""

    code = "file_corrupt"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The stored file no longer matches its digest.", "El archivo almacenado ya no coincide con su huella."
    )
    advice = Wording(
        "An operator restores it from the backup or fetches it again with attachPacPdf.",
        "Un operador lo restaura del respaldo o lo obtiene de nuevo con attachPacPdf.",
    )


class SecretUnreadableError(IstmoError):
    """A stored secret cannot be opened with the key of this installation."""

    code = "secret_unreadable"
    category = Category.UNAVAILABLE
    wording = Wording(
        "A stored secret cannot be opened with the key of this installation.",
        "Un secreto almacenado no se puede abrir con la llave de esta instalación.",
    )
    advice = Wording(
        "Set ISTMO_SECRETS_KEY to the key that sealed it.",
        "Configure ISTMO_SECRETS_KEY con la llave que lo selló.",
    )
