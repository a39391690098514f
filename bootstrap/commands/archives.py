"""Archives for the accountant and evidence for whoever must prove something."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say, telling_failures
from core.identifiers import DocumentId, TenantId
from core.months import read_month

Target = Annotated[Path | None, Parameter(name="--to")]


def archive(*, tenant: str, month: str, target: Target = None) -> None:
    """Write a ZIP with the PDF, XML and authorisation of every document of a month, and an index with digests.

    Parameters
    ----------
    tenant
        The taxpayer's id.
    month
        Such as 2026-03; the months of Panama's clocks.
    target
        The ZIP; archive-TENANT-MONTH.zip when left out. What is there is never overwritten.
    """
    from adapters.bundles.zip_files import writing_zip
    from core.ports.tenant_resolver import TenantResolver
    from core.use_cases.archive_month import ArchiveMonth

    wanted = read_month(month)
    path = target or Path(f"archive-{tenant}-{wanted}.zip")

    async def act(container: Installation) -> int:
        known = await (await container.get(TenantResolver)).get(TenantId(tenant))
        archived = await container.get(ArchiveMonth)
        written = 0
        with writing_zip(path) as sink:
            async for file in archived(known.tenant_id, wanted):
                sink.add(file.name, file.content)
                written += 1
        return written

    written = run_with_container(act)
    say(f"{path}: {written} files")


def evidence(document: str, *, tenant: str, target: Target = None) -> None:
    """Write a ZIP with everything that is known of one document: request, answers, webhooks, files and timeline.

    `istmo evidence verify FILE` checks it anywhere, without a database. It is not signed.

    Parameters
    ----------
    document
        The document's id.
    tenant
        The taxpayer's id.
    target
        The ZIP; evidence-DOCUMENT.zip when left out. What is there is never overwritten.
    """
    from adapters.bundles.zip_files import write_zip
    from core.use_cases.gather_evidence import GatherEvidence

    path = target or Path(f"evidence-{document}.zip")

    async def act(container: Installation) -> int:
        entries = await (await container.get(GatherEvidence))(TenantId(tenant), DocumentId(document))
        write_zip(path, entries)
        return len(entries)

    written = run_with_container(act)
    say(f"{path}: {written} files")


def verify_evidence(file: Path) -> None:
    """Check a bundle of evidence: every digest, the chain of the timeline, the request, the CUFE. Exit code 1 when
    something does not agree.

    Parameters
    ----------
    file
        The ZIP that `istmo evidence` wrote.
    """
    from adapters.bundles.zip_files import read_zip
    from core.evidence_check import check

    with telling_failures():
        checks = check(read_zip(file))
    for each in checks:
        (complain if each.problem else say)(f"{'WRONG' if each.problem else 'ok'}  {each.about}")
        if each.problem:
            complain(f"       {each.problem}")
    say("It is not signed: the DGI's signature in the XML is what binds.")
    raise SystemExit(1 if any(each.problem for each in checks) else 0)
