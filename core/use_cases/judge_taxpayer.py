"""What is said of a taxpayer is checked before anything is kept or sent."""

from dataclasses import replace

from core.errors import Wording
from core.failures import MalformedOfficeError, MalformedOnboardingError
from core.onboarding import FirstOffice, Taxpayer
from core.taxpayer import DvVerdict, parse_ruc, verify_dv
from core.tenants import first_billing_point
from core.use_cases.create_office import refuse_malformed

LOGO_MAX = 2000


def judge_taxpayer(taxpayer: Taxpayer) -> Taxpayer:
    """The same with its RUC normalised and texts trimmed (lengths: contract section 2.5).

    Raises MalformedRucError and MalformedOnboardingError.
    """
    ruc = parse_ruc(taxpayer.ruc, taxpayer.ruc_type, path=("ruc",))
    if len(taxpayer.dv) != 2 or not taxpayer.dv.isdecimal() or verify_dv(ruc, taxpayer.dv) is DvVerdict.WRONG:
        wrong = Wording(f"the DV of RUC {ruc} is not {taxpayer.dv}", f"el DV del RUC {ruc} no es {taxpayer.dv}")
        raise MalformedOnboardingError(path=("dv",), problem=wrong)
    name, trade_name = taxpayer.name.strip(), taxpayer.trade_name.strip()
    for place, text in (("name", name), ("tradeName", trade_name)):
        if not 2 <= len(text) <= 100 or not text.isprintable():
            problem = Wording(
                f"{place} has 2 to 100 printable characters", f"{place} tiene de 2 a 100 caracteres imprimibles"
            )
            raise MalformedOnboardingError(path=(place,), problem=problem)
    logo = taxpayer.logo
    if logo is not None and not (logo.startswith(("https://", "http://")) and len(logo) <= LOGO_MAX):
        problem = Wording(
            "the logo is an address of at most 2000 characters that begins with https://",
            "el logo es una dirección de máximo 2000 caracteres que comienza con https://",
        )
        raise MalformedOnboardingError(path=("logo",), problem=problem)
    return replace(taxpayer, ruc=ruc.normalised, name=name, trade_name=trade_name)


def judge_first_office(office: FirstOffice) -> None:
    """What CreateOffice would refuse after everything else is done. Raises MalformedOfficeError."""
    try:
        refuse_malformed(
            {
                "code": office.code,
                "coordinates": office.coordinates,
                "location_code": office.location_code,
                "telephone": office.telephone,
            },
            office.address,
            office.billing_points or (first_billing_point(office.code, "001"),),
        )
    except MalformedOfficeError as error:
        error.path = ("office", *error.path)
        raise
