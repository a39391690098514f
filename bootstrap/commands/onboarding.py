"""Commands that bring a taxpayer to its first document."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from bootstrap.commands.session import Installation, operator, run_with_container
from bootstrap.commands.speaking import complain, say, say_table
from bootstrap.json_files import BadFileError, read_json_object
from core.certificates import CERTIFICATE_BYTES_MAX, CertificateFile, CertificateKind
from core.identifiers import TenantId
from core.onboarding import Onboarding

MISUSED, WAITS = 2, 3
POLL_SECONDS = 5.0
MOST = 1000
Wait = Annotated[float, Parameter(name="--wait", validator=Number(gte=0, lte=86400))]


def onboard(file: Path | None = None, /, *, wait: Wait = 0) -> None:
    """Bring a taxpayer to its first document. Stop it anywhere and run it again: it goes on where it stands.

    Exit code 0: finished. 3: it waits for the taxpayer, who accepts the affiliation in eTax. See docs/onboarding.md.

    Parameters
    ----------
    file
        JSON with everything; without it you are asked on the terminal.
    wait
        How long to wait for the taxpayer's step, in seconds.
    """
    from bootstrap.onboarding_files import read_certificates, read_first_office, read_taxpayer

    try:
        if file is None:
            from bootstrap.onboarding_questions import ask_everything

            data: Mapping[str, object] = ask_everything()
        else:
            data = read_json_object(str(file))
        taxpayer, office = read_taxpayer(data), read_first_office(data)
        certificates = read_certificates(data, file.parent if file else Path(), _ask_password)
    except BadFileError as error:
        complain(f"error file: {error}")
        raise SystemExit(MISUSED) from None

    async def act(container: Installation) -> Onboarding:
        from core.use_cases.administer_onboarding import AdministerOnboarding

        administer = await container.get(AdministerOnboarding)
        waiting = partial(_waited, container, seconds=wait)
        return await administer.onboard(operator(), taxpayer, office, certificates, told=_tell, then=waiting)

    _end(run_with_container(act))


def resume(tenant: str, /, *, wait: Wait = 0) -> None:
    """Go on with a taxpayer whose company the PAC has. Exit codes are those of `istmo onboard`.

    Parameters
    ----------
    tenant
        The taxpayer's id, from `istmo onboard status`.
    wait
        How long to wait for the taxpayer's step, in seconds.
    """

    async def act(container: Installation) -> Onboarding:
        from core.use_cases.administer_onboarding import AdministerOnboarding

        administer = await container.get(AdministerOnboarding)
        waiting = partial(_waited, container, seconds=wait)
        return await administer.resume(operator(), TenantId(tenant), told=_tell, then=waiting)

    _end(run_with_container(act))


def status(tenant: str | None = None, /) -> None:
    """Say how far each taxpayer is, what is missing and what to do. Nobody is asked: `continue` asks the PAC.

    Parameters
    ----------
    tenant
        Say everything about this taxpayer; without it, one line for each.
    """
    from bootstrap.onboarding_words import as_lines, as_row

    async def act(container: Installation) -> None:
        from core.failures import OnboardingNotFoundError
        from core.ports.clock import Clock
        from core.ports.onboarding_book import OnboardingBook

        book: OnboardingBook = await container.get(OnboardingBook)
        now = (await container.get(Clock)).now()
        if tenant is None:
            rows = [as_row(each, now) for each in await book.everyone(limit=MOST)]
            say_table(("tenant", "ruc", "name", "missing", "certificates"), rows)
            return
        found = await book.find(TenantId(tenant))
        if found is None:
            raise OnboardingNotFoundError(tenant_id=tenant)
        for line in as_lines(found, now):
            say(line)

    run_with_container(act)


def certificate(tenant: str, /, *, signature: Path | None = None, authentication: Path | None = None) -> None:
    """Replace a taxpayer's certificates at the PAC. Each is opened here first; its password is read, never kept.

    On a pipe, one password a line, in the order signature, authentication.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    signature
        The .p12 that signs documents.
    authentication
        The .p12 that authenticates at the DGI; may be the same file.
    """
    from bootstrap.onboarding_files import read_bounded

    named = {CertificateKind.SIGNATURE: signature, CertificateKind.AUTHENTICATION: authentication}
    try:
        files = {
            kind: CertificateFile(content=read_bounded(path, CERTIFICATE_BYTES_MAX + 1), password=_ask_password(kind))
            for kind, path in named.items()
            if path is not None
        }
    except BadFileError as error:
        complain(f"error file: {error}")
        raise SystemExit(MISUSED) from None

    async def act(container: Installation) -> Onboarding:
        from core.use_cases.administer_onboarding import AdministerOnboarding

        administer = await container.get(AdministerOnboarding)
        return await administer.replace_certificates(operator(), TenantId(tenant), files)

    for kept in run_with_container(act).certificates:
        say(f"{kept.kind.value}\t{kept.not_after:%Y-%m-%d}\t{kept.subject}")


async def _waited(container: Installation, reached: Onboarding, seconds: float) -> Onboarding:
    from core.onboarding import Step
    from core.ports.clock import Clock
    from core.use_cases.onboard_taxpayer import OnboardTaxpayer

    clock: Clock = await container.get(Clock)
    use_case = await container.get(OnboardTaxpayer)
    until = clock.monotonic() + seconds
    while reached.next_step() is Step.CUSTOMER and clock.monotonic() < until:
        await clock.sleep(POLL_SECONDS)
        reached = await use_case.resume(reached.tenant_id)
    return reached


def _tell(onboarding: Onboarding) -> None:
    from bootstrap.onboarding_words import NAMES

    step = onboarding.next_step()
    complain(f"... next: {NAMES[step]}" if step is not None else "... every step is done")


def _end(onboarding: Onboarding) -> None:
    from bootstrap.onboarding_words import what_to_do

    say(onboarding.tenant_id)
    complain(what_to_do(onboarding))
    if onboarding.next_step() is not None:
        raise SystemExit(WAITS)


def _ask_password(kind: CertificateKind) -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"Password of the {kind.value} certificate: ")
    return sys.stdin.readline().rstrip("\n")
