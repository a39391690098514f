"""E-mails and webhooks that the PAC is asked for: what is not possible, and why."""

from core.errors import Category, IstmoError, Wording


class NoticeNotPossibleError(IstmoError):
    """The PAC has no document that it could tell somebody of. ``state`` says what there is instead."""

    code = "notice_not_possible"
    category = Category.CONFLICT
    wording = Wording(
        "The PAC can tell nobody of this document: it is {state}.",
        "El PAC no puede avisar de este documento: está {state}.",
    )
    advice = Wording(
        "Wait until the PAC has authorised it; its diagnosis says what happens next.",
        "Espere a que el PAC lo autorice; su diagnóstico dice qué sigue.",
    )


class EmailOfDebitError(IstmoError):
    """No endpoint of the PAC is known that mails a debit note."""

    code = "email_of_debit"
    category = Category.CONFLICT
    wording = Wording(
        "No way is known to have the PAC mail a debit note.",
        "No se conoce forma de que el PAC envíe por correo una nota de débito.",
    )
    advice = Wording("Send its PDF from attachments yourself.", "Envíe usted mismo su PDF, que está en attachments.")


class EmailAddressMissingError(IstmoError):
    """Neither the call nor the document's receiver names an address."""

    code = "email_address_missing"
    wording = Wording(
        "Neither the call nor the document's receiver names an e-mail address.",
        "Ni la llamada ni el receptor del documento indican un correo.",
    )
    advice = Wording("Give emails.", "Indique emails.")


class MalformedEmailAddressError(IstmoError):
    """An address that is not plain: only one mailbox, in ASCII, without a name, at most 50 characters."""

    code = "malformed_email_address"
    wording = Wording(
        '"{email}" is no plain e-mail address of at most {limit} characters.',
        '"{email}" no es un correo simple de hasta {limit} caracteres.',
    )
    advice = Wording(
        "Give one address an entry, such as compras@example.com: no name, no spaces, no commas.",
        "Indique una dirección por entrada, como compras@example.com: sin nombre, espacios ni comas.",
    )


class TooManyEmailAddressesError(IstmoError):
    """More addresses than one call may name."""

    code = "too_many_email_addresses"
    wording = Wording(
        "{count} addresses are too many: at most {limit} fit.", "{count} direcciones son demasiadas: caben {limit}."
    )
    advice = Wording("Name the addresses that matter.", "Indique las direcciones que importan.")


class MalformedEmailMessageError(IstmoError):
    """The text of an e-mail is too long or holds control characters."""

    code = "malformed_email_message"
    wording = Wording(
        "The message has at most {limit} characters and no control characters but line ends.",
        "El mensaje tiene hasta {limit} caracteres y ningún carácter de control salvo saltos de línea.",
    )
    advice = Wording("Shorten it, or send it without a message.", "Acórtelo o envíelo sin mensaje.")


class NoticeLimitError(IstmoError):
    """The PAC was asked about this document so often that it is asked no more for a while."""

    code = "notice_limit_reached"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The PAC was asked for this {limit} times within {hours} hours.",
        "Esto ya se pidió al PAC {limit} veces en {hours} horas.",
    )
    advice = Wording("Ask again after {again_at}.", "Pida de nuevo después de {again_at}.")


class WebhookSecretMissingError(IstmoError):
    """The taxpayer has no webhook secret, so that a webhook could not prove where it comes from."""

    code = "webhook_secret_missing"
    category = Category.CONFLICT
    wording = Wording("The taxpayer has no webhook secret.", "El contribuyente no tiene secreto de webhook.")
    advice = Wording("Set it with `istmo tenant webhook-secret`.", "Configúrelo con `istmo tenant webhook-secret`.")
