"""``istmo preview``: what a document would be, from a file alone."""

import json
import sys
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Literal

from cyclopts import Parameter

from bootstrap.commands.speaking import complain, say
from bootstrap.json_files import BadFileError, faulty_place, read_json_object
from core.codes import Environment, RucType
from core.documents import Issuer
from core.errors import IstmoError
from core.previews import DocumentPreview

MISUSED = 2


def preview(
    file: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    *,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    schema: Annotated[bool, Parameter(negative="")] = False,
    at: datetime | None = None,
    issuer_ruc: str | None = None,
    issuer_type: Literal[1, 2] = 2,
    branch: str = "0000",
    production: Annotated[bool, Parameter(negative="")] = False,
    language: Literal["en", "es"] = "en",
) -> None:
    """Show what issuing would find and send, without a number. Exit code 1 when there are errors.

    Nothing is looked up and nothing is sent: no settings, no database, no network.

    Parameters
    ----------
    file
        The input of previewInvoice or createInvoice as JSON, amounts as strings; - reads standard input.
    as_json
        Print one JSON object instead of tables.
    schema
        Print the JSON schema of the file and do nothing else.
    at
        Judge as if issued then, such as 2026-03-04T10:15:00-05:00; without it: now.
    issuer_ruc
        The issuer's RUC, for the CUFE's fixed parts; without it they stay open.
    issuer_type
        1 natural person, 2 legal person.
    branch
        The office's code, four characters.
    production
        The issuer issues in production, not in the test environment.
    language
        Of findings: en or es.
    """
    if schema:
        _print_schema()
        return
    try:
        made = _preview(
            _named(file), _moment(at), _issuer(issuer_ruc, RucType(issuer_type), branch, production=production)
        )
    except BadFileError as error:
        complain(f"error file: {error}")
        raise SystemExit(MISUSED) from None
    if as_json:
        from bootstrap.preview_json import preview_bytes

        sys.stdout.flush()
        sys.stdout.buffer.write(preview_bytes(made) + b"\n")
    else:
        from bootstrap.preview_tables import print_preview

        print_preview(made, spanish=language == "es")
    if made.verdict.is_refused:
        raise SystemExit(1)


def _named(file: str | None) -> str:
    if file is None:
        raise BadFileError("name one, or - for standard input; --schema prints its schema")
    return file


def _print_schema() -> None:
    from bootstrap.draft_schema import preview_schema

    say(json.dumps(preview_schema(), indent=2))


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.now(UTC).replace(microsecond=0)
    if at.utcoffset() is None:
        raise BadFileError("--at needs its offset, such as 2026-03-04T10:15:00-05:00")
    return at.replace(microsecond=0)


def _issuer(ruc: str | None, ruc_type: RucType, branch: str, *, production: bool) -> Issuer | None:
    from core.taxpayer import check_digit, parse_ruc

    if ruc is None:
        return None
    try:
        parsed = parse_ruc(ruc, ruc_type)
    except IstmoError as error:
        raise BadFileError(f"--issuer-ruc: {faulty_place(error)}") from error
    dv = check_digit(parsed).dv
    if dv is None:
        raise BadFileError("--issuer-ruc: only the PAC can tell the DV of this RUC, so the CUFE is not known")
    return Issuer(
        ruc=parsed.normalised,
        ruc_type=ruc_type,
        dv=dv,
        name="",
        environment=Environment.PRODUCTION if production else Environment.TEST,
        branch=branch,
        pac_office_id=None,
    )


def _preview(file: str, at: datetime, issuer: Issuer | None) -> DocumentPreview:
    from dataclasses import replace

    from adapters.alanube.mapping import encode
    from adapters.alanube.settings import WireOptions
    from bootstrap.draft_files import read_previewed_object
    from core.preflight import PreflightSettings
    from core.previews import preview_draft
    from core.receivers import resolve_receiver

    invoice = read_previewed_object(read_json_object(file))
    if invoice.client_id is not None and invoice.receiver is None:
        raise BadFileError("clientId: no client can be looked up here; give the receiver's values in receiver")
    return preview_draft(
        replace(invoice.draft, receiver=resolve_receiver(None, invoice.receiver)),
        issuer=issuer,
        billing_point=invoice.billing_point,
        now=at,
        encode=partial(encode, options=WireOptions()),
        settings=PreflightSettings(),
    )
