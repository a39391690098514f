"""What a restore leaves to be decided."""

from core.errors import Category, IstmoError, Wording


class IssuedBeforeRestoreError(IstmoError):
    """Document ``document_id`` with ``number`` and ``cufe`` was sent before the database went back in time."""

    code = "issued_before_restore"
    category = Category.CONFLICT
    wording = Wording(
        "This was sent already, as document {document_id}, number {number}, CUFE {cufe}, before the database was "
        "restored from a backup. It is not issued again.",
        "Esto ya se envió como documento {document_id}, número {number}, CUFE {cufe}, antes de que la base de datos "
        "se restaurara de un respaldo. No se emite otra vez.",
    )
    advice = Wording(
        "The first request repeated exactly, with the same key, may bring the document back. Else an operator looks "
        "the CUFE up at the PAC or the DGI, and says so with `istmo lost issued` or `istmo lost never-issued`.",
        "La primera solicitud repetida tal cual, con la misma clave, puede recuperar el documento. Si no, un operador "
        "busca el CUFE en el PAC o la DGI y lo indica con `istmo lost issued` o `istmo lost never-issued`.",
    )
