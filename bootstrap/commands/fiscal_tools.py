"""Commands that need nothing but their arguments: no settings, no database, no network."""

import json
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from bootstrap.commands.speaking import complain, say, say_table
from bootstrap.json_files import BadFileError, faulty_place, one_line, printable, read_json_object
from core.codes import RucType
from core.cufe import CufeParts, verify_cufe
from core.dgi_totals_check import check_dgi_document
from core.dgi_totals_rules import TOTALS_RULES
from core.errors import IstmoError
from core.taxpayer import MalformedRucError, Ruc, check_digit, parse_ruc

AsJson = Annotated[bool, Parameter(name="--json", negative="")]
LONGEST_ECHO = 100


def ruc(
    ruc: str,
    *,
    ruc_type: Annotated[Literal[1, 2], Parameter(name="--type")],
    as_json: AsJson = False,
) -> None:
    """Compute the check digit (DV) of a RUC. Exit code 1 when the RUC is malformed.

    Where sources disagree about a form the status is ask_pac and there is no DV: only the PAC can tell.

    Parameters
    ----------
    ruc
        With its hyphens, such as 155596713-2-2015.
    ruc_type
        1 natural person, 2 legal person. One number can have two check digits.
    as_json
        Print one JSON object.
    """
    kind = RucType(ruc_type)
    try:
        parsed = parse_ruc(ruc, kind)
    except MalformedRucError as error:
        if not as_json:
            complain(f"error {error.code}: {one_line(error.message.english)}")
            complain(f"  {error.hint.english}")
            raise SystemExit(1) from None
        reason = {"en": error.message.english, "es": error.message.spanish}
        _say_json({"ruc": ruc[:LONGEST_ECHO], "type": ruc_type, "dv": None, "status": "malformed", "reason": reason})
        raise SystemExit(1) from None
    told = _told_ruc(parsed)
    if as_json:
        _say_json(told)
        return
    shown = {**told, "type": f"{ruc_type} {kind.label.lower()}", "parts": " ".join(told["parts"])}
    _say_facts({name: value for name, value in shown.items() if value is not None})


def cufe(cufe: str, *, as_json: AsJson = False) -> None:
    """Take a CUFE apart and verify its check digit and the RUC inside. Exit code 1 when it does not verify.

    Parameters
    ----------
    cufe
        All 66 characters.
    as_json
        Print one JSON object.
    """
    verdict = verify_cufe(cufe)
    parts = _told_parts(verdict.parts) if verdict.parts is not None else None
    if as_json:
        reason = {"en": verdict.reason.english, "es": verdict.reason.spanish} if verdict.reason else None
        _say_json({"cufe": cufe[:LONGEST_ECHO], "valid": verdict.valid, "parts": parts, "reason": reason})
    else:
        _say_facts({**(parts or {}), "valid": "yes" if verdict.valid else "no"})
        if verdict.reason is not None:
            complain(f"error cufe: {printable(verdict.reason.english)}")
    if not verdict.valid:
        raise SystemExit(1)


def totals(file: Annotated[str, Parameter(allow_leading_hyphen=True)], *, as_json: AsJson = False) -> None:
    """Check the arithmetic of a document in the DGI's own field names. Exit code 1 when a rule is broken.

    Parameters
    ----------
    file
        JSON: {"items": [...], "tot": {...}} with amounts as strings; - reads standard input.
    as_json
        Print {"broken": ["2503", ...]} alone.
    """
    try:
        broken = check_dgi_document(read_json_object(file))
    except BadFileError as error:
        complain(f"error file: {error}")
        raise SystemExit(2) from None
    except IstmoError as error:
        complain(f"error file: {faulty_place(error)}")
        raise SystemExit(2) from None
    if as_json:
        _say_json({"broken": broken})
    elif broken:
        say_table(("rule", "what it says"), [(rule, TOTALS_RULES[rule].english) for rule in broken])
    else:
        say("no rule is broken")
    if broken:
        raise SystemExit(1)


def _told_ruc(ruc: Ruc) -> dict[str, Any]:
    digit = check_digit(ruc)
    return {
        "ruc": ruc.normalised,
        "type": int(ruc.ruc_type),
        "dv": digit.dv,
        "status": digit.status.value,
        "form": ruc.form.value,
        "letters": ruc.letters or None,
        "parts": list(ruc.numbers),
        "fitsADocument": ruc.fits_a_document,
    }


def _told_parts(parts: CufeParts) -> dict[str, str]:
    return {
        "documentType": parts.document_type.value,
        "rucType": f"{parts.ruc_type:d}",
        "ruc": parts.ruc,
        "dv": parts.dv,
        "branch": parts.branch,
        "issuedOn": parts.issued_on.isoformat(),
        "number": f"{parts.number:010d}",
        "billingPoint": parts.billing_point,
        "emission": parts.emission.value,
        "environment": f"{parts.environment:d}",
        "securityCode": parts.security_code,
    }


def _say_facts(facts: dict[str, Any]) -> None:
    say_table(("what", "value"), [(name, printable(str(value))) for name, value in facts.items()])


def _say_json(value: object) -> None:
    say(json.dumps(value, ensure_ascii=True))
