"""From which office and billing point a document is issued."""

from collections.abc import Sequence

from core.failures import BillingPointNotOfOfficeError, NoOfficeError, OfficeNotFoundError
from core.identifiers import OfficeId
from core.tenants import Office


def choose_office(
    offices: Sequence[Office], *, office_id: OfficeId | None, billing_point: str | None
) -> tuple[Office, str]:
    """The office named, else the one that has the billing point, else the first; and the point, else its first.

    Raises NoOfficeError, OfficeNotFoundError and BillingPointNotOfOfficeError.
    """
    if not offices:
        raise NoOfficeError
    if office_id is not None:
        office = next((each for each in offices if each.office_id == office_id), None)
        if office is None:
            raise OfficeNotFoundError(path=("officeId",), office_id=office_id)
    else:
        office = next((each for each in offices if billing_point in each.billing_points), offices[0])
    point = billing_point if billing_point is not None else office.billing_points[0]
    if point not in office.billing_points:
        raise BillingPointNotOfOfficeError(
            path=("billingPoint",),
            billing_point=point,
            office_code=office.code,
            billing_points=", ".join(office.billing_points),
        )
    return office, point
