"""Counts of documents that cannot be made."""

from core.errors import Category, IstmoError, Wording


class MalformedReportError(IstmoError):
    """The period or another argument of a report is not well formed."""

    code = "malformed_report"
    category = Category.INVALID
    wording = Wording("The report cannot be made: {problem}.", "El reporte no se puede hacer: {problem}.")
    advice = Wording("Correct the argument.", "Corrija el argumento.")


class ReportTooLargeError(IstmoError):
    """The period has more than ``limit`` documents."""

    code = "report_too_large"
    category = Category.INVALID
    wording = Wording("The period has more than {limit} documents.", "El período tiene más de {limit} documentos.")
    advice = Wording("Ask for fewer days.", "Pida menos días.")
