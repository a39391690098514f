"""What `istmo onboard` says of a taxpayer's way: each step, what is missing, what to do."""

from collections.abc import Iterator
from datetime import datetime

from core.certificates import KeptCertificate
from core.onboarding import Onboarding, Step

NAMES = {
    Step.COMPANY: "company at the PAC",
    Step.TENANT: "taxpayer here",
    Step.AFFILIATION: "affiliation asked for",
    Step.CUSTOMER: "affiliation accepted in eTax",
    Step.SECURITY_CODE: "security code",
    Step.OFFICE: "first office",
}


def as_lines(onboarding: Onboarding, now: datetime) -> Iterator[str]:
    """Everything about one taxpayer, for people."""
    taxpayer = onboarding.taxpayer
    yield f"{onboarding.tenant_id}  {taxpayer.ruc} DV {taxpayer.dv}  {taxpayer.name}"
    following = onboarding.next_step()
    steps = list(Step)
    for step in steps:
        is_done = following is None or steps.index(step) < steps.index(following) or _is_done(onboarding, step)
        yield f"  [{'x' if is_done else ' '}] {NAMES[step]}{_detail(onboarding, step)}"
    for certificate in onboarding.certificates:
        yield f"  {_certificate(certificate, now)}"
    if onboarding.pac_company_id is not None and not onboarding.certificates:
        yield "  certificates: the PAC had the company before; put known ones in with `istmo onboard certificate`"
    yield f"  -> {what_to_do(onboarding)}"


def what_to_do(onboarding: Onboarding) -> str:
    """The next thing that a person does."""
    again = f"istmo onboard continue {onboarding.tenant_id}"
    match onboarding.next_step():
        case Step.COMPANY if onboarding.company_asked_at is not None:
            return "the PAC did not say whether it made the company: run `istmo onboard FILE` again, it looks first"
        case Step.COMPANY:
            return "run `istmo onboard FILE` with the certificates"
        case Step.CUSTOMER:
            where = f" ({onboarding.affiliation_address})" if onboarding.affiliation_address else ""
            return f"the taxpayer accepts the affiliation in eTax{where}; then run `{again}`"
        case None:
            return "nothing: it may issue"
        case _:
            return f"run `{again}`"


def as_row(onboarding: Onboarding, now: datetime) -> tuple[str, ...]:
    """One line of the list."""
    days = [each.warning_days(now) for each in onboarding.certificates]
    known = [each for each in days if each is not None]
    ends = "" if not known else "certificate ended" if min(known) == 0 else f"certificate ends within {min(known)} days"
    step = onboarding.next_step()
    missing = onboarding.missing()
    state = "finished" if step is None else missing.english if missing else NAMES[step]
    return onboarding.tenant_id, onboarding.taxpayer.ruc, onboarding.taxpayer.name, state, ends or "-"


def _is_done(onboarding: Onboarding, step: Step) -> bool:
    return step is Step.SECURITY_CODE and onboarding.security_code is not None


def _detail(onboarding: Onboarding, step: Step) -> str:
    match step:
        case Step.COMPANY if onboarding.pac_company_id:
            return f": {onboarding.pac_company_id}"
        case Step.CUSTOMER if onboarding.affiliation_state:
            return f": {onboarding.affiliation_state}"
        case Step.OFFICE:
            return f": {onboarding.office.code}"
        case _:
            return ""


def _certificate(certificate: KeptCertificate, now: datetime) -> str:
    days = certificate.warning_days(now)
    told = "" if days is None else " ENDED" if days == 0 else f" ENDS WITHIN {days} DAYS"
    return f"{certificate.kind.value} certificate: {certificate.subject}, until {certificate.not_after:%Y-%m-%d}{told}"
