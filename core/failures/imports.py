"""What keeps somebody else's document from being imported."""

from core.errors import Category, IstmoError, Wording


class UploadRefusedError(IstmoError):
    """The upload is no file that can be imported: ``reason``."""

    code = "upload_refused"
    wording = Wording("The file cannot be taken: {reason}.", "No se puede recibir el archivo: {reason}.")
    advice = Wording(
        "Send a PDF, PNG or JPEG of at most 10 MiB as the whole body.",
        "Envíe un PDF, PNG o JPEG de hasta 10 MiB como cuerpo de la solicitud.",
    )


class UploadNotFoundError(IstmoError):
    """The upload token is forged, expired, or another taxpayer's."""

    code = "upload_not_found"
    category = Category.NOT_FOUND
    wording = Wording("There is no such upload, or it has expired.", "No existe esa carga o ya venció.")
    advice = Wording("Upload the file again; a token lives for an hour.", "Cargue el archivo de nuevo; vale una hora.")


class FileUnreadableError(IstmoError):
    """The file is damaged, too large inside, or not what it says: ``reason``."""

    code = "file_unreadable"
    wording = Wording("The file cannot be read: {reason}.", "No se puede leer el archivo: {reason}.")
    advice = Wording(
        "Open it yourself; save it anew as PDF, or take a sharper photo.",
        "Ábralo usted; guárdelo de nuevo como PDF o tome una foto más nítida.",
    )


class QrMissingError(IstmoError):
    """No QR code was found in the file."""

    code = "qr_missing"
    wording = Wording("No QR code was found in the file.", "No se encontró ningún código QR en el archivo.")
    advice = Wording(
        "Take the photo closer and straight, or use the PDF that the issuer sent.",
        "Tome la foto de cerca y de frente, o use el PDF que envió el emisor.",
    )


class QrNotDgiError(IstmoError):
    """The file has a QR code, but none of a DGI document."""

    code = "qr_not_dgi"
    wording = Wording(
        "The QR code is not that of a document of the DGI: {reason}.",
        "El código QR no es el de un documento de la DGI: {reason_es}.",
    )
    advice = Wording("Use the page that has the DGI's QR code.", "Use la página que tiene el código QR de la DGI.")


class QrNotReadyError(IstmoError):
    """The QR code leads to the DGI, but names no document yet."""

    code = "qr_not_ready"
    wording = Wording(
        "The QR code leads to the DGI but names no CUFE yet.",
        "El código QR lleva a la DGI pero todavía no indica un CUFE.",
    )
    advice = Wording(
        "The issuer printed it before it was authorised: ask for the final one.",
        "El emisor lo imprimió antes de la autorización: pida la versión final.",
    )


class ImportedCufeWrongError(IstmoError):
    """The CUFE in the QR code does not hold together: ``reason``."""

    code = "imported_cufe_wrong"
    wording = Wording("The CUFE does not hold together: {reason}.", "El CUFE no es válido: {reason}.")
    advice = Wording("Ask the issuer; do not pay on it.", "Consulte al emisor; no pague con base en él.")


class AlreadyImportedError(IstmoError):
    """The document was imported already, as ``document_id``."""

    code = "already_imported"
    category = Category.CONFLICT
    wording = Wording(
        "This document was imported already: {document_id}.", "Este documento ya se importó: {document_id}."
    )
    advice = Wording(
        "Read that one, or withdraw it first: cancelInvoice.",
        "Consulte ese documento, o retírelo antes: cancelInvoice.",
    )


class OwnDocumentError(IstmoError):
    """The document is the taxpayer's own, ``document_id`` where it is known."""

    code = "own_document"
    category = Category.CONFLICT
    wording = Wording(
        "This document was issued by this taxpayer itself.", "Este documento lo emitió este mismo contribuyente."
    )
    advice = Wording("Only received documents are imported.", "Solo se importan documentos recibidos.")


class SourceTypeMismatchError(IstmoError):
    """The CUFE is of a document of type ``found``, which is no ``wanted``."""

    code = "source_type_mismatch"
    wording = Wording("The file is a {found}, not a {wanted}.", "El archivo es: {found}; no: {wanted}.")
    advice = Wording("Give the right sourceType.", "Indique el sourceType correcto.")


class AmountsNeededError(IstmoError):
    """A CUFE holds no amounts, and the file's text has none that add up."""

    code = "amounts_needed"
    wording = Wording("The amounts cannot be read from the file.", "No se pueden leer los montos del archivo.")
    advice = Wording(
        "Give net, itbms and total as they are printed; net and itbms add up to the total.",
        "Indique net, itbms y total como están impresos; net más itbms da el total.",
    )
