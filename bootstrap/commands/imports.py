"""``istmo import``: a received document from its PDF or photo."""

import getpass
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from bootstrap.commands.session import Installation, run_with_container
from bootstrap.commands.speaking import complain, say
from core.documents import DocumentKind, FiscalDocument
from core.identifiers import TenantId

Amount = Annotated[str | None, Parameter()]


def import_file(
    file: Path,
    *,
    tenant: str,
    source: Annotated[Literal["invoice", "credit", "debit"], Parameter(name="--type")] = "invoice",
    net: Amount = None,
    itbms: Amount = None,
    total: Amount = None,
    issuer_name: str = "",
) -> None:
    """Keep a received document, read by the QR code on its PDF or photo. Prints its id alone on a line.

    Parameters
    ----------
    file
        A PDF, PNG or JPEG of at most 10 MiB.
    tenant
        The taxpayer who received it.
    source
        What you take it for; another type of document is refused.
    net
        The amount before taxes, as printed; net, ITBMS and total together, or none: then those of the PDF's text.
    itbms
        The ITBMS, as printed.
    total
        The total, as printed.
    issuer_name
        As printed; a CUFE holds no name.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        complain(f"error file: cannot read {file}: {error.strerror}")
        raise SystemExit(2) from None
    given = (net, itbms, total)
    if any(given) and not all(given):
        complain("error amounts: give --net, --itbms and --total, or none of them")
        raise SystemExit(2)

    async def act(container: Installation) -> FiscalDocument:
        from core.drafts import AmountSource
        from core.ports.tenant_resolver import TenantResolver
        from core.received import ReceivedAmounts
        from core.use_cases.import_document import ImportDocument, ImportWish
        from core.use_cases.upload_file import UploadFile

        known = await (await container.get(TenantResolver)).get(TenantId(tenant))
        upload = (await (await container.get(UploadFile))(known.tenant_id, content)).upload
        amounts = None
        if net and itbms and total:
            amounts = ReceivedAmounts(
                net=_amount(net), itbms=_amount(itbms), total=_amount(total), source=AmountSource.CALLER
            )
        wish = ImportWish(upload=upload, source=DocumentKind(source.upper()), amounts=amounts, issuer_name=issuer_name)
        key = f"cli-{hashlib.sha256(content).hexdigest()}"
        import_document = await container.get(ImportDocument)
        return await import_document(known.tenant_id, wish, idempotency_key=key, actor=f"cli:{getpass.getuser()}")

    say(run_with_container(act).document_id)


def _amount(text: str) -> Decimal:
    from core.money import TOTAL_INTEGER_DIGITS, parse_amount

    return parse_amount(text, integer_digits=TOTAL_INTEGER_DIGITS, decimals=2)
