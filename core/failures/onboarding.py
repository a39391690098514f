"""A taxpayer on the way to its first document."""

from core.errors import Category, IstmoError, Wording


class OnboardingNotFoundError(IstmoError):
    """Taxpayer ``tenant_id`` was not onboarded here."""

    code = "onboarding_not_found"
    category = Category.NOT_FOUND
    wording = Wording(
        "There is no onboarding of {tenant_id}.",
        "No hay un registro de incorporación de {tenant_id}.",
    )
    advice = Wording(
        "List them with `istmo onboard status` or `onboardings`, or begin with `istmo onboard` or `onboardTaxpayer`.",
        "Consúltelas con `istmo onboard status` u `onboardings`, o comience con `istmo onboard` u `onboardTaxpayer`.",
    )


class MalformedOnboardingError(IstmoError):
    """What was said of the taxpayer is not well formed."""

    code = "malformed_onboarding"
    category = Category.INVALID
    wording = Wording(
        "The taxpayer is not well described: {problem}.", "El contribuyente no está bien descrito: {problem}."
    )
    advice = Wording("Correct the field and run it again.", "Corrija el campo y ejecútelo de nuevo.")


class OnboardingDiffersError(IstmoError):
    """The PAC was told something else of this taxpayer already."""

    code = "onboarding_differs"
    category = Category.CONFLICT
    wording = Wording(
        "RUC {ruc} is being onboarded with another {field}.",
        "El RUC {ruc} se está incorporando con otro valor de {field}.",
    )
    advice = Wording(
        "Use the values of the first run; what the PAC has already is changed there.",
        "Use los valores de la primera ejecución; lo que ya tiene el PAC se cambia allí.",
    )


class OnboardingOvertakenError(IstmoError):
    """Another run went on with the same onboarding meanwhile."""

    code = "onboarding_overtaken"
    category = Category.CONFLICT
    wording = Wording("Another run goes on with this onboarding.", "Otra ejecución continúa con esta incorporación.")
    advice = Wording(
        "Look how far it is and ask again: it goes on where it stands.",
        "Vea hasta dónde llegó y pídalo de nuevo: continúa donde está.",
    )


class OnboardingInDoubtError(IstmoError):
    """The PAC may have created the company without telling; at ``look_again_at`` it can be asked to create it anew."""

    code = "onboarding_in_doubt"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The PAC did not say whether it made the company. Until {look_again_at} it is only looked for.",
        "El PAC no dijo si creó la empresa. Hasta {look_again_at} solo se busca.",
    )
    advice = Wording(
        "Ask for the same again then. A second company of one RUC is never made.",
        "Pida lo mismo entonces. Nunca se crea una segunda empresa del mismo RUC.",
    )


class CompanyAmbiguousError(IstmoError):
    """The PAC has several active companies of one RUC."""

    code = "company_ambiguous"
    category = Category.CONFLICT
    wording = Wording(
        "The PAC has several active companies of RUC {ruc}: {companies}.",
        "El PAC tiene varias empresas activas del RUC {ruc}: {companies}.",
    )
    advice = Wording(
        "Have the PAC deactivate all but one, then run it again.",
        "Pida al PAC desactivar todas menos una y ejecútelo de nuevo.",
    )


class CertificatesNeededError(IstmoError):
    """The company is still to be made, and no certificate was given."""

    code = "certificates_needed"
    category = Category.INVALID
    wording = Wording(
        "The PAC makes a company only with its certificates.", "El PAC crea una empresa solo con sus certificados."
    )
    advice = Wording("Give the .p12 files with their passwords.", "Entregue los archivos .p12 con sus contraseñas.")


class CompanyNotReadyError(IstmoError):
    """The taxpayer may not issue yet: ``missing`` says what the PAC still has to say."""

    code = "company_not_ready"
    category = Category.CONFLICT
    wording = Wording("The taxpayer cannot issue yet: {missing}.", "El contribuyente aún no puede facturar: {missing}.")
    advice = Wording(
        "`istmo onboard status` says what to do next. No number was taken.",
        "`istmo onboard status` dice qué hacer. No se tomó ningún número.",
    )
