"""Rules about the receiver's identity and where they are (1601 to 1623)."""

import re
from collections.abc import Iterator

from core.codes import Destination, ForeignIdentityKind, ReceiverType, RucType
from core.countries import COUNTRY_NOT_LISTED, PANAMA_CODE, is_country_code
from core.drafts import DraftReceiver
from core.errors import Wording
from core.preflight.lengths import has_length
from core.preflight.verdict import Case, Confidence, Finding, Rule, Severity
from core.taxpayer import DvStatus, DvVerdict, MalformedRucError, Ruc, check_digit, parse_ruc, verify_dv

LONGEST_ADDRESS = 100
LONGEST_FOREIGN_NUMBER = 50
_LOCATION = re.compile(r"([1-9]|1[0-3])-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)

RUC_MISSING = Rule(
    code="receiver_ruc_missing",
    dgi="1601",
    confidence=Confidence.HIGH,
    message=Wording(
        "A receiver of type {receiver_type} needs a RUC and its type.",
        "Un receptor de tipo {receiver_type} requiere RUC y tipo de RUC.",
    ),
    hint=Wording("Give receiver.ruc and receiver.contributorType.", "Indique receiver.ruc y receiver.contributorType."),
)
RUC_MALFORMED = Rule(
    code="receiver_ruc_malformed",
    dgi="1601",
    confidence=Confidence.HIGH,
    message=Wording("{reason}", "{reason}"),
    hint=Wording("Check the RUC and its type.", "Revise el RUC y su tipo."),
)
RUC_TOO_LONG = Rule(
    code="receiver_ruc_too_long",
    dgi="1601",
    confidence=Confidence.HIGH,
    message=Wording("The RUC has more than 20 characters.", "El RUC tiene más de 20 caracteres."),
    hint=Wording("Check the RUC.", "Revise el RUC."),
)
DV_WRONG = Rule(
    code="receiver_dv_wrong",
    dgi=None,
    confidence=Confidence.HIGH,
    message=Wording("DV {dv} does not belong to RUC {ruc}.", "El DV {dv} no corresponde al RUC {ruc}."),
    hint=Wording("The DV of this RUC is {expected}.", "El DV de este RUC es {expected}."),
)
DV_UNKNOWN = Rule(
    code="receiver_dv_unknown",
    dgi=None,
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "Only the PAC can tell the DV of RUC {ruc}: sources disagree on this form.",
        "Solo el PAC puede indicar el DV del RUC {ruc}: las fuentes difieren sobre esta forma.",
    ),
    hint=Wording("Verify the RUC with the PAC first.", "Verifique antes el RUC con el PAC."),
)
CONSUMER_LEGAL_RUC = Rule(
    code="consumer_legal_ruc",
    dgi="1621",
    confidence=Confidence.HIGH,
    message=Wording(
        "A final consumer cannot have the RUC of a legal person.",
        "Un consumidor final no puede llevar RUC de persona jurídica.",
    ),
    hint=Wording("Bill a taxpayer (01), or leave the RUC out.", "Facture a un contribuyente (01) u omita el RUC."),
)
CONSUMER_RUC_LEFT_OUT = Rule(
    code="consumer_ruc_left_out",
    dgi=None,
    confidence=Confidence.MEDIUM,
    severity=Severity.WARNING,
    message=Wording(
        "The final consumer's RUC does not fit and is left out of the document.",
        "El RUC del consumidor final no es válido y se omite del documento.",
    ),
    hint=Wording("Correct it, or leave it out.", "Corríjalo u omítalo."),
)
FOREIGN_IDENTITY_MISSING = Rule(
    code="foreign_identity_missing",
    dgi="1618",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "A foreigner needs a foreign document: kind 01, 02 or 99, number and country.",
        "Un extranjero requiere documento extranjero: clase 01, 02 o 99, número y país.",
    ),
    hint=Wording("Give receiver.foreignIdentity.", "Indique receiver.foreignIdentity."),
)
FOREIGNER_WITH_RUC = Rule(
    code="foreigner_with_ruc",
    dgi="1619",
    confidence=Confidence.MEDIUM,
    message=Wording("A foreigner carries no RUC.", "Un extranjero no lleva RUC."),
    hint=Wording("Remove receiver.ruc.", "Quite receiver.ruc."),
)
FOREIGN_IDENTITY_NOT_EXPECTED = Rule(
    code="foreign_identity_not_expected",
    dgi="1618",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Only a foreigner (04) carries a foreign document.",
        "Solo un extranjero (04) lleva documento extranjero.",
    ),
    hint=Wording("Remove it, or use receiver type 04.", "Quítelo o use el tipo de receptor 04."),
)
NAME_MISSING = Rule(
    code="receiver_name_missing",
    dgi="1605",
    confidence=Confidence.MEDIUM,
    message=Wording("The receiver needs a name.", "El receptor requiere nombre o razón social."),
    hint=Wording("Give receiver.name.", "Indique receiver.name."),
)
NAME_LENGTH = Rule(
    code="receiver_name_length",
    dgi="1605",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "The name must have 2 to {longest} characters.", "El nombre debe tener de 2 a {longest} caracteres."
    ),
    hint=Wording("Shorten or complete it.", "Acórtelo o complételo."),
)
ADDRESS_MISSING = Rule(
    code="receiver_address_missing",
    dgi="1606",
    confidence=Confidence.MEDIUM,
    message=Wording("The receiver needs an address.", "El receptor requiere dirección."),
    hint=Wording("Give receiver.address.", "Indique receiver.address."),
)
ADDRESS_LENGTH = Rule(
    code="receiver_address_length",
    dgi="1606",
    confidence=Confidence.HIGH,
    message=Wording("The address must have 1 to 100 characters.", "La dirección debe tener de 1 a 100 caracteres."),
    hint=Wording("Shorten it.", "Acórtela."),
)
LOCATION_MISSING = Rule(
    code="receiver_location_missing",
    dgi="1607",
    confidence=Confidence.MEDIUM,
    message=Wording("The receiver needs a location code.", "El receptor requiere código de ubicación."),
    hint=Wording(
        "Give receiver.locationCode as province-district-corregimiento: 8-8-7.",
        "Indique receiver.locationCode como provincia-distrito-corregimiento: 8-8-7.",
    ),
)
LOCATION_MALFORMED = Rule(
    code="receiver_location_malformed",
    dgi="1608",
    confidence=Confidence.MEDIUM,
    message=Wording(
        'Location "{location}" is not province-district-corregimiento.',
        'La ubicación "{location}" no es provincia-distrito-corregimiento.',
    ),
    hint=Wording("Without zero fill, province 1 to 13: 8-8-7.", "Sin ceros de relleno, provincia 1 a 13: 8-8-7."),
)
COUNTRY_UNKNOWN = Rule(
    code="country_unknown",
    dgi="1611",
    confidence=Confidence.MEDIUM,
    message=Wording('"{country}" is no country code.', '"{country}" no es un código de país.'),
    hint=Wording(
        "Use two capital letters, or ZZ with a name of 5 to 50 characters.",
        "Use dos letras mayúsculas, o ZZ con un nombre de 5 a 50 caracteres.",
    ),
)
COUNTRY_AGAINST_DESTINATION = Rule(
    code="country_against_destination",
    dgi="1611",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Country {country} does not go with destination {destination}.",
        "El país {country} no corresponde al destino {destination}.",
    ),
    hint=Wording(
        "PA with destination 1, another country with destination 2.", "PA con destino 1, otro país con destino 2."
    ),
)
COUNTRY_NAME_WRONG = Rule(
    code="country_name_wrong",
    dgi="1612",
    confidence=Confidence.MEDIUM,
    message=Wording(
        "Country ZZ needs a name of 5 to 50 characters, and no other country has one.",
        "El país ZZ requiere un nombre de 5 a 50 caracteres, y ningún otro país lo lleva.",
    ),
    hint=Wording("Correct receiver.countryName.", "Corrija receiver.countryName."),
)


def judge(case: Case) -> Iterator[Finding]:
    """Identity by kind of receiver, name, address, location and country."""
    receiver = case.draft.receiver
    yield from _judge_identity(receiver)
    yield from _judge_name_and_place(receiver, case.settings.longest_name)
    yield from _judge_country(receiver, case.draft.destination)


def _judge_identity(receiver: DraftReceiver) -> Iterator[Finding]:
    kind = receiver.receiver_type
    if kind is ReceiverType.FOREIGNER:
        yield from _judge_foreigner(receiver)
        return
    if receiver.foreign_identity is not None:
        yield FOREIGN_IDENTITY_NOT_EXPECTED.at("receiver", "foreignIdentity")
    if kind is ReceiverType.FINAL_CONSUMER:
        yield from _judge_consumer(receiver)
    elif receiver.ruc is None or receiver.ruc_type is None:
        field = "ruc" if receiver.ruc is None else "contributorType"
        yield RUC_MISSING.at("receiver", field, receiver_type=kind)
    else:
        try:
            ruc = parse_ruc(receiver.ruc, receiver.ruc_type)
        except MalformedRucError as error:
            yield RUC_MALFORMED.at("receiver", "ruc", reason=error.message)
            return
        if not ruc.fits_a_document:
            yield RUC_TOO_LONG.at("receiver", "ruc")
        yield from _judge_dv(ruc, receiver.dv)


def _judge_consumer(receiver: DraftReceiver) -> Iterator[Finding]:
    if receiver.ruc is None:
        return
    if receiver.ruc_type is RucType.LEGAL:
        yield CONSUMER_LEGAL_RUC.at("receiver", "ruc")
        return
    try:
        ruc = parse_ruc(receiver.ruc, receiver.ruc_type or RucType.NATURAL)
    except MalformedRucError:
        yield CONSUMER_RUC_LEFT_OUT.at("receiver", "ruc")
        return
    if receiver.ruc_type is None:
        yield CONSUMER_RUC_LEFT_OUT.at("receiver", "contributorType")
    elif receiver.dv is not None:
        yield from _judge_dv(ruc, receiver.dv)


def _judge_dv(ruc: Ruc, dv: str | None) -> Iterator[Finding]:
    computed = check_digit(ruc)
    if computed.status is DvStatus.ASK_PAC:
        yield DV_UNKNOWN.at("receiver", "dv", ruc=ruc.normalised)
    if dv is not None and verify_dv(ruc, dv) is DvVerdict.WRONG:
        yield DV_WRONG.at("receiver", "dv", dv=dv[:10], ruc=ruc.normalised, expected=computed.dv or "00-99")


def _judge_foreigner(receiver: DraftReceiver) -> Iterator[Finding]:
    identity = receiver.foreign_identity
    if identity is None:
        yield FOREIGN_IDENTITY_MISSING.at("receiver", "foreignIdentity")
    else:
        if identity.kind not in set(ForeignIdentityKind):
            yield FOREIGN_IDENTITY_MISSING.at("receiver", "foreignIdentity", "kind")
        if not has_length(identity.number, 1, LONGEST_FOREIGN_NUMBER):
            yield FOREIGN_IDENTITY_MISSING.at("receiver", "foreignIdentity", "number")
        if not is_country_code(identity.country):
            yield COUNTRY_UNKNOWN.at("receiver", "foreignIdentity", "country", country=identity.country[:10])
    if receiver.ruc is not None:
        yield FOREIGNER_WITH_RUC.at("receiver", "ruc")


def _judge_name_and_place(receiver: DraftReceiver, longest_name: int) -> Iterator[Finding]:
    needs_all = receiver.receiver_type in {ReceiverType.TAXPAYER, ReceiverType.GOVERNMENT}
    if receiver.name is None:
        if receiver.receiver_type is not ReceiverType.FINAL_CONSUMER:
            yield NAME_MISSING.at("receiver", "name")
    elif not has_length(receiver.name, 2, longest_name):
        yield NAME_LENGTH.at("receiver", "name", longest=longest_name)
    if receiver.address is None:
        if needs_all:
            yield ADDRESS_MISSING.at("receiver", "address")
    elif not has_length(receiver.address, 1, LONGEST_ADDRESS):
        yield ADDRESS_LENGTH.at("receiver", "address")
    if receiver.location_code is None:
        if needs_all:
            yield LOCATION_MISSING.at("receiver", "locationCode")
    elif _LOCATION.fullmatch(receiver.location_code) is None:
        yield LOCATION_MALFORMED.at("receiver", "locationCode", location=receiver.location_code[:20])


def _judge_country(receiver: DraftReceiver, destination: Destination) -> Iterator[Finding]:
    if not is_country_code(receiver.country):
        yield COUNTRY_UNKNOWN.at("receiver", "country", country=receiver.country[:10])
        return
    if (receiver.country == PANAMA_CODE) != (destination is Destination.PANAMA):
        yield COUNTRY_AGAINST_DESTINATION.at("receiver", "country", country=receiver.country, destination=destination)
    name = receiver.country_name
    if receiver.country == COUNTRY_NOT_LISTED:
        if name is None or not has_length(name, 5, 50):
            yield COUNTRY_NAME_WRONG.at("receiver", "countryName")
    elif name is not None:
        yield COUNTRY_NAME_WRONG.at("receiver", "countryName")
