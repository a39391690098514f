"""What is wrong with a certificate's file, said before anything is sent."""

from core.errors import Category, IstmoError, Wording


class CertificateTooLargeError(IstmoError):
    """The file has more than ``limit`` bytes."""

    code = "certificate_too_large"
    category = Category.INVALID
    wording = Wording(
        "The {kind} certificate has more than {limit} bytes.",
        "El certificado de {kind} tiene más de {limit} bytes.",
    )
    advice = Wording(
        "Give the .p12 file itself; one has a few thousand bytes.",
        "Entregue el archivo .p12 mismo; tiene unos miles de bytes.",
    )


class NotACertificateError(IstmoError):
    """The file is no PKCS #12 (.p12) with a certificate and its private key; ``problem`` says what is missing."""

    code = "not_a_certificate"
    category = Category.INVALID
    wording = Wording(
        "The {kind} certificate cannot be used: {problem}.", "El certificado de {kind} no se puede usar: {problem}."
    )
    advice = Wording(
        "Give the .p12 file that the certificate authority issued, complete.",
        "Entregue el archivo .p12 que emitió la autoridad certificadora, completo.",
    )


class CertificatePasswordWrongError(IstmoError):
    """The password does not open the file."""

    code = "certificate_password_wrong"
    category = Category.INVALID
    wording = Wording(
        "The password does not open the {kind} certificate.", "La contraseña no abre el certificado de {kind}."
    )
    advice = Wording(
        "Type it again. If it is right, the file is damaged: export it anew.",
        "Escríbala de nuevo. Si es correcta, el archivo está dañado: expórtelo otra vez.",
    )


class CertificateExpiredError(IstmoError):
    """The certificate ended at ``not_after``."""

    code = "certificate_expired"
    category = Category.INVALID
    wording = Wording(
        "The {kind} certificate expired at {not_after}.", "El certificado de {kind} venció el {not_after}."
    )
    advice = Wording("Use the renewed certificate.", "Use el certificado renovado.")


class CertificateNotYetValidError(IstmoError):
    """The certificate begins at ``not_before``."""

    code = "certificate_not_yet_valid"
    category = Category.INVALID
    wording = Wording(
        "The {kind} certificate is valid only from {not_before}.",
        "El certificado de {kind} es válido solo desde el {not_before}.",
    )
    advice = Wording(
        "Wait until then, or check this machine's clock.", "Espere hasta entonces o revise el reloj de esta máquina."
    )


class CertificateOfAnotherRucError(IstmoError):
    """The certificate's subject names ``found`` and not ``ruc``."""

    code = "certificate_of_another_ruc"
    category = Category.INVALID
    wording = Wording(
        "The {kind} certificate belongs to RUC {found}, not to {ruc}.",
        "El certificado de {kind} pertenece al RUC {found}, no al {ruc}.",
    )
    advice = Wording("Give the taxpayer's own certificate.", "Entregue el certificado del propio contribuyente.")
