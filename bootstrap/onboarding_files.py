"""What is said of a taxpayer to be onboarded, read from a JSON file: see docs/onboarding.md."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from bootstrap.json_files import BadFileError, one_line
from core.certificates import CERTIFICATE_BYTES_MAX, CertificateFile, CertificateKind, for_both_slots
from core.codes import Environment, RucType
from core.onboarding import FirstOffice, Taxpayer

PASSWORD_BYTES_MAX = 1000
AskPassword = Callable[[CertificateKind], str]
_TAXPAYER = frozenset({"name", "tradeName", "ruc", "rucType", "dv", "environment", "companyType", "logo"})
_PARTS = frozenset({"office", "certificates"})
_OFFICE = frozenset({"code", "address", "coordinates", "locationCode", "telephone", "billingPoints"})
_CERTIFICATE = frozenset({"file", "passwordFile", "passwordVariable"})


def read_taxpayer(data: Mapping[str, object]) -> Taxpayer:
    """Raises BadFileError with the path of the first bad field; values are judged by the use case."""
    _only(data, _TAXPAYER | _PARTS, "")
    logo = data.get("logo")
    return Taxpayer(
        name=_text(data, "name"),
        trade_name=_text(data, "tradeName") if "tradeName" in data else _text(data, "name"),
        ruc=_text(data, "ruc"),
        ruc_type=RucType.NATURAL if _choice(data, "rucType", (1, 2)) == 1 else RucType.LEGAL,
        dv=_text(data, "dv"),
        environment=Environment[str(_choice(data, "environment", ("TEST", "PRODUCTION"), "TEST"))],
        is_main=_choice(data, "companyType", ("main", "associated"), "associated") == "main",
        logo=None if logo is None else _text(data, "logo"),
    )


def read_first_office(data: Mapping[str, object]) -> FirstOffice:
    """Raises BadFileError."""
    office = _object(data, "office")
    _only(office, _OFFICE, "office.")
    points = office.get("billingPoints", [])
    if not isinstance(points, list) or not all(isinstance(each, str) for each in points):
        raise BadFileError("office.billingPoints: a list of texts such as 001")
    return FirstOffice(
        code=_text(office, "code", "office."),
        address=_text(office, "address", "office."),
        coordinates=_text(office, "coordinates", "office."),
        location_code=_text(office, "locationCode", "office."),
        telephone=_text(office, "telephone", "office."),
        billing_points=tuple(points),
    )


def read_certificates(
    data: Mapping[str, object], folder: Path, ask: AskPassword
) -> dict[CertificateKind, CertificateFile]:
    """The .p12 files, relative to ``folder``. Without ``authentication`` the signature's is used for both.

    Empty where the file names none. Raises BadFileError.
    """
    if "certificates" not in data:
        return {}
    given = _object(data, "certificates")
    _only(given, frozenset(kind.value for kind in CertificateKind), "certificates.")
    found = {}
    for kind in CertificateKind:
        if kind.value in given:
            place = f"certificates.{kind.value}."
            entry = _object(given, kind.value, "certificates.")
            _only(entry, _CERTIFICATE, place)
            path = folder / _text(entry, "file", place)
            content = read_bounded(
                path, CERTIFICATE_BYTES_MAX + 1
            )  # one more, so that the use case sees it is too large
            found[kind] = CertificateFile(content=content, password=_password(entry, place, folder, kind, ask))
    return for_both_slots(found)


def read_bounded(path: Path, limit: int) -> bytes:
    """At most ``limit`` bytes of a file. Raises BadFileError."""
    try:
        with path.open("rb") as stream:
            return stream.read(limit)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a file name"
        raise BadFileError(f"cannot read {one_line(str(path))}: {reason}") from error


def _password(entry: Mapping[str, object], place: str, folder: Path, kind: CertificateKind, ask: AskPassword) -> str:
    if "passwordVariable" in entry:
        variable = _text(entry, "passwordVariable", place)
        if variable not in os.environ:
            raise BadFileError(f"{place}passwordVariable: {one_line(variable)} is not set")
        return os.environ[variable]
    if "passwordFile" in entry:
        content = read_bounded(folder / _text(entry, "passwordFile", place), PASSWORD_BYTES_MAX)
        try:
            return content.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise BadFileError(f"{place}passwordFile: is not UTF-8 text") from error
    return ask(kind)


def _only(data: Mapping[str, object], known: frozenset[str], place: str) -> None:
    for name in data:
        if name not in known:
            raise BadFileError(f"{place}{one_line(name)}: is not known; {', '.join(sorted(known))} are")


def _object(data: Mapping[str, object], name: str, place: str = "") -> Mapping[str, object]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise BadFileError(f"{place}{name}: an object is needed")
    return value


def _text(data: Mapping[str, object], name: str, place: str = "") -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise BadFileError(f"{place}{name}: a text is needed")
    return value


def _choice(data: Mapping[str, object], name: str, choices: tuple[object, ...], default: object = None) -> str | int:
    value = data.get(name, default)
    if value not in choices or isinstance(value, bool) or not isinstance(value, str | int):
        raise BadFileError(f"{name}: one of {', '.join(map(str, choices))}")
    return value
