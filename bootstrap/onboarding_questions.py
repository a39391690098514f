"""Asks on the terminal for what the JSON file of `istmo onboard` would say."""

import sys

from bootstrap.json_files import BadFileError

ANSWER_MAX = 2000
_RUC_TYPES = {"1": 1, "2": 2}


def ask_everything() -> dict[str, object]:
    """The object of the file. Passwords are asked for later. Raises BadFileError where nobody can be asked."""
    data: dict[str, object] = {
        "ruc": _ask("RUC, with its hyphens"),
        "rucType": _RUC_TYPES.get(_ask("1 natural person, 2 legal person", "2")),
        "dv": _ask("DV, two digits"),
        "name": _ask("name, as on the RUC certificate"),
    }
    data["tradeName"] = _ask("trade name", str(data["name"]))
    data["environment"] = _ask("TEST or PRODUCTION", "TEST").upper()
    data["companyType"] = _ask("main or associated company of the PAC's user", "associated")
    logo = _ask("address of the logo (empty: none)", "")
    if logo:
        data["logo"] = logo
    signature = _ask("file of the signature certificate (.p12; empty when the PAC has the company)", "")
    if signature:
        authentication = _ask("file of the authentication certificate", signature)
        data["certificates"] = {"signature": {"file": signature}, "authentication": {"file": authentication}}
    data["office"] = {
        "code": _ask("code of the first office", "0000"),
        "address": _ask("its address"),
        "coordinates": _ask("its coordinates, such as +8.9892,-79.5201"),
        "locationCode": _ask("its location, such as 8-8-7"),
        "telephone": _ask("its telephone, such as 200-0101"),
    }
    return data


def _ask(question: str, default: str | None = None) -> str:
    shown = question if not default else f"{question} [{default}]"
    while True:
        sys.stderr.write(f"{shown}: ")
        sys.stderr.flush()
        line = sys.stdin.readline(ANSWER_MAX)
        if not line:
            raise BadFileError("nobody answers: name a file")
        answer = line.strip() or default
        if answer is not None:
            return answer
