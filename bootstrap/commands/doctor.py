"""``istmo doctor``: what is wrong with an installation, in words a person can act on."""

import json
import sys
import traceback
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated, Any

from cyclopts import Parameter

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say, telling_failures
from core.identifiers import TenantId
from core.invariants.examination import Examination
from core.invariants.faults import Fault, Severity
from core.use_cases.examine_installation import Request

HEALTHY, FINDINGS, CANNOT_LOOK = 0, 1, 2


def doctor(
    *,
    tenant: str | None = None,
    fix: bool = False,
    quick: bool = False,
    stopped: bool = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Check every invariant over the database and the file store. Read-only without --fix; safe beside running work.

    Exit code 0: healthy. 1: something is wrong. 2: it could not look. See docs/doctor.md.

    Parameters
    ----------
    tenant
        Look at this taxpayer alone.
    fix
        Make the repairs that are provably safe, and say which.
    quick
        Only ask whether stored files are there; do not read and compare their bytes.
    stopped
        Web process and workers are stopped on purpose: work that waits is not late.
    as_json
        One JSON object for machines.
    """
    request = Request(
        tenant_id=None if tenant is None else TenantId(tenant),
        fix=fix,
        reads_files=not quick,
        workers_run=not stopped,
    )
    examination = _examine(request, shows_progress=sys.stderr.isatty() and not as_json)
    if as_json:
        say(json.dumps(as_object(examination), ensure_ascii=False, indent=2))
    else:
        say(f"nothing is deleted by its age; `istmo retention` lists what is past {_retention_years()} years")
        for line in as_lines(examination):
            say(line)
    raise SystemExit(HEALTHY if examination.is_healthy else FINDINGS)


def _retention_years() -> int:
    from bootstrap.settings import load_settings

    return load_settings().store.retention_years


def _examine(request: Request, *, shows_progress: bool) -> Examination:
    async def act(container: Installation) -> Examination:
        from bootstrap.examining import examining
        from bootstrap.settings import Settings

        async with examining(container, await container.get(Settings)) as examine:
            return await examine(request, told=complain if shows_progress else lambda _: None)

    try:
        with telling_failures():
            return run_with_container(act)
    except SystemExit as ended:
        raise SystemExit(CANNOT_LOOK if ended.code == 1 else ended.code) from None
    except Exception:  # noqa: BLE001 - a bug must not look like a finding to whoever watches the exit code
        traceback.print_exc()
        raise SystemExit(CANNOT_LOOK) from None


def as_object(examination: Examination) -> dict[str, Any]:
    """What ``--json`` prints; names and codes are stable."""
    return {
        "healthy": examination.is_healthy,
        "looked_at": dict(sorted(examination.looked_at.items())),
        "faults": [
            {
                "code": fault.value,
                "invariant": fault.invariant,
                "severity": fault.severity.value,
                "count": examination.counts[fault],
                "mended": examination.mended[fault],
                "advice": fault.advice,
            }
            for fault in _faults(examination)
        ],
        "findings": [
            {
                "code": finding.fault.value,
                "tenant": finding.tenant_id,
                "subject": finding.subject,
                "detail": finding.detail,
                "mendable": finding.remedy is not None,
            }
            for finding in examination.findings
        ],
        "actions": examination.actions,
    }


def as_lines(examination: Examination) -> Iterator[str]:
    """The same for people: grouped by what is wrong, each group with what to do."""
    order = list(_faults(examination))
    findings = sorted(examination.findings, key=lambda finding: order.index(finding.fault))
    for fault, group in groupby(findings, key=lambda finding: finding.fault):
        shown = list(group)
        count = examination.counts[fault]
        yield f"{fault.severity.value.upper()} {fault.value} ({fault.invariant}): {count}"
        yield from (f"  {finding.tenant_id}  {finding.subject}: {finding.detail}" for finding in shown)
        if count > len(shown):
            yield f"  and {count - len(shown)} more"
        yield f"  -> {fault.advice}"
    yield from (f"FIXED {action}" for action in examination.actions)
    looked = ", ".join(f"{count} {what}" for what, count in sorted(examination.looked_at.items()))
    yield f"looked at: {looked or 'nothing'}"
    yield "healthy" if examination.is_healthy else "NOT healthy"


def _faults(examination: Examination) -> Iterator[Fault]:
    """Those that were found, what is broken before what is worth a look."""
    found = [fault for fault in Fault if examination.counts[fault]]
    yield from (fault for fault in found if fault.severity is Severity.BROKEN)
    yield from (fault for fault in found if fault.severity is not Severity.BROKEN)
