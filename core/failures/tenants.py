"""Taxpayers, their offices and series."""

from core.errors import Category, IstmoError, Wording


class TenantNotFoundError(IstmoError):
    """Tenant ``tenant_id`` does not exist."""

    code = "tenant_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Tenant {tenant_id} does not exist.", "El contribuyente {tenant_id} no existe.")
    advice = Wording(
        "List the tenants with `istmo tenant list`.", "Consulte los contribuyentes con `istmo tenant list`."
    )


class OfficeNotFoundError(IstmoError):
    """Office ``office_id`` does not exist."""

    code = "office_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Office {office_id} does not exist.", "La sucursal {office_id} no existe.")
    advice = Wording(
        "Create it with createOffice, or check the id.", "Créela con createOffice o revise el identificador."
    )


class NoOfficeError(IstmoError):
    """The tenant has no office yet, so there is no series to number from."""

    code = "no_office"
    category = Category.CONFLICT
    wording = Wording(
        "The tenant has no office yet, so there is no series to number from.",
        "El contribuyente aún no tiene sucursal, por lo que no hay serie para numerar.",
    )
    advice = Wording(
        "Create the first office with createOffice or `istmo office create`.",
        "Cree la primera sucursal con createOffice o `istmo office create`.",
    )


class BillingPointNotOfOfficeError(IstmoError):
    """Billing point ``billing_point`` does not belong to office ``office_code``."""

    code = "billing_point_not_of_office"
    category = Category.INVALID
    wording = Wording(
        "Billing point {billing_point} does not belong to office {office_code}.",
        "El punto de facturación {billing_point} no pertenece a la sucursal {office_code}.",
    )
    advice = Wording("Use one of: {billing_points}.", "Use uno de: {billing_points}.")


class OfficeCodeTakenError(IstmoError):
    """The tenant already has an office with code ``code``."""

    code = "office_code_taken"
    category = Category.CONFLICT
    wording = Wording(
        "The tenant already has an office with code {code}.",
        "El contribuyente ya tiene una sucursal con el código {code}.",
    )
    advice = Wording("Use the office that exists, or another code.", "Use la sucursal existente u otro código.")


class BillingPointTakenError(IstmoError):
    """Billing point ``billing_point`` already belongs to another office."""

    code = "billing_point_taken"
    category = Category.CONFLICT
    wording = Wording(
        "Billing point {billing_point} already belongs to another office.",
        "El punto de facturación {billing_point} ya pertenece a otra sucursal.",
    )
    advice = Wording(
        "A billing point belongs to exactly one office: choose a free one.",
        "Un punto de facturación pertenece a una sola sucursal: elija uno libre.",
    )


class MalformedOfficeError(IstmoError):
    """The office is not well formed."""

    code = "malformed_office"
    category = Category.INVALID
    wording = Wording("The office is not well formed: {problem}.", "La sucursal no está bien formada: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


class CompanyTakenError(IstmoError):
    """Another tenant already uses this PAC company."""

    code = "company_taken"
    category = Category.CONFLICT
    wording = Wording(
        "Another tenant already uses this PAC company.", "Otro contribuyente ya usa esta empresa del PAC."
    )
    advice = Wording("One PAC company belongs to one tenant.", "Una empresa del PAC pertenece a un solo contribuyente.")


class SeriesExhaustedError(IstmoError):
    """The series ``billing_point``/``document_type`` has no number left after 9999999999."""

    code = "series_exhausted"
    category = Category.CONFLICT
    wording = Wording(
        "The series {billing_point}/{document_type} has no number left after 9999999999.",
        "La serie {billing_point}/{document_type} no tiene más números después de 9999999999.",
    )
    advice = Wording("Issue from another billing point.", "Facture desde otro punto de facturación.")


class SeriesNotForwardError(IstmoError):
    """The series is already at ``next_number``; it moves forward only, ``asked`` would go back."""

    code = "series_not_forward"
    category = Category.CONFLICT
    wording = Wording(
        "The series is already at {next_number}; it moves forward only, {asked} would go back.",
        "La serie ya está en {next_number}; solo avanza, {asked} sería retroceder.",
    )
    advice = Wording("Give a number above {next_number}.", "Indique un número mayor que {next_number}.")


class MalformedSeriesError(IstmoError):
    """A series needs a billing point from 001 to 999 and a number from 1 to 9999999999."""

    code = "malformed_series"
    category = Category.INVALID
    wording = Wording(
        "A series needs a billing point from 001 to 999 and a number from 1 to 9999999999.",
        "Una serie necesita un punto de facturación de 001 a 999 y un número de 1 a 9999999999.",
    )
    advice = Wording("Correct the value.", "Corrija el valor.")


class MalformedTenantError(IstmoError):
    """The tenant is not well formed."""

    code = "malformed_tenant"
    category = Category.INVALID
    wording = Wording("The tenant is not well formed: {problem}.", "El contribuyente no está bien formado: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")
