"""Who a document is for: the client's data with the ad-hoc values of this one document laid over it."""

from dataclasses import dataclass

from core.codes import ReceiverType, RetentionCode, RucType
from core.drafts import DraftReceiver, ForeignIdentity
from core.failures import RetentionCodeMissingError
from core.taxpayer import MalformedRucError, parse_ruc
from core.trade import Client

FINAL_CONSUMER_NAME = "CONSUMIDOR FINAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHocReceiver:
    """Values for this document only. None keeps the client's; an empty tuple of e-mails means none."""

    receiver_type: ReceiverType | None = None
    name: str | None = None
    ruc: str | None = None
    ruc_type: RucType | None = None
    dv: str | None = None
    address: str | None = None
    location_code: str | None = None
    country: str | None = None
    country_name: str | None = None  # goes with its country alone: ZZ (1612)
    emails: tuple[str, ...] | None = None
    phones: tuple[str, ...] | None = None
    foreign_identity: ForeignIdentity | None = None


def resolve_receiver(client: Client | None, ad_hoc: AdHocReceiver | None) -> DraftReceiver:
    """The receiver of a document. Without a client and without values: a final consumer without a name.

    An ad-hoc RUC replaces the client's together with its type and DV: a DV never outlives its RUC.
    """
    own = ad_hoc or AdHocReceiver()
    brings_ruc = own.ruc is not None
    receiver_type = own.receiver_type or (client.receiver_type if client else ReceiverType.FINAL_CONSUMER)
    ruc_type = own.ruc_type or (client.contributor_type if client else None)
    ruc = own.ruc if brings_ruc or client is None else client.ruc
    name = own.name or (client.name if client else None)
    if name is None and receiver_type is ReceiverType.FINAL_CONSUMER:
        name = FINAL_CONSUMER_NAME
    return DraftReceiver(
        receiver_type=receiver_type,
        ruc=_normalised(ruc, ruc_type),
        ruc_type=ruc_type if ruc else None,
        dv=own.dv if brings_ruc or client is None else own.dv or client.dv,
        name=name,
        address=own.address or (client.address if client else None),
        location_code=own.location_code or (client.location_code if client else None),
        country=own.country or (client.country if client else "PA"),
        country_name=own.country_name,
        phones=own.phones if own.phones is not None else (client.phones if client else ()),
        emails=own.emails if own.emails is not None else (client.emails if client else ()),
        foreign_identity=own.foreign_identity or (client.foreign_identity if client else None),
    )


def lay_over(receiver: DraftReceiver, own: AdHocReceiver) -> DraftReceiver:
    """The receiver of another document with values of one's own, as ``resolve_receiver`` lays them over a client's."""
    brings_ruc = own.ruc is not None
    ruc_type = own.ruc_type or receiver.ruc_type
    ruc = own.ruc if brings_ruc else receiver.ruc
    country_name = own.country_name if own.country is not None else own.country_name or receiver.country_name
    return DraftReceiver(
        receiver_type=own.receiver_type or receiver.receiver_type,
        ruc=_normalised(ruc, ruc_type),
        ruc_type=ruc_type if ruc else None,
        dv=own.dv if brings_ruc else own.dv or receiver.dv,
        name=own.name or receiver.name,
        address=own.address or receiver.address,
        location_code=own.location_code or receiver.location_code,
        country=own.country or receiver.country,
        country_name=country_name,
        phones=own.phones if own.phones is not None else receiver.phones,
        emails=own.emails if own.emails is not None else receiver.emails,
        foreign_identity=own.foreign_identity or receiver.foreign_identity,
    )


def resolve_retention(own: RetentionCode | None, client: Client | None) -> RetentionCode | None:
    """The document's own code, else the client's default. Raises RetentionCodeMissingError when one is due."""
    code = own or (client.retention if client else None)
    if code is None and client is not None and client.withholds:
        raise RetentionCodeMissingError(path=("retention",))
    return code


def ruc_as_stored(text: str) -> str:
    """The form that documents keep of a RUC of either kind, for finding them; a text that is no RUC stays as it is."""
    for ruc_type in RucType:
        try:
            return parse_ruc(text, ruc_type).normalised
        except MalformedRucError:
            continue
    return text


def _normalised(ruc: str | None, ruc_type: RucType | None) -> str | None:
    """The form that is sent; a malformed RUC stays as it is, for preflight to name what is wrong with it."""
    if ruc is None or ruc_type is None:
        return ruc
    try:
        return parse_ruc(ruc, ruc_type).normalised
    except MalformedRucError:
        return ruc
