"""When taxpayers' certificates end, as gauges: twelve series at most, however many taxpayers there are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric

from core.certificates import WARN_DAYS, CertificateKind, warning_days

_ENDS: Mapping[int | None, str] = (
    {0: "ended"} | {days: f"within_{days}_days" for days in WARN_DAYS} | {None: "later"}  # keys as warning_days says
)


def certificate_metrics(ends: Mapping[CertificateKind, Sequence[datetime]], now: datetime) -> Iterator[Metric]:
    """``istmo_certificates``, each certificate in one of its series, and ``istmo_certificate_next_end_seconds``.

    One that has ended is counted and no more the next: a taxpayer that left would hide the others for good.
    """
    counted = GaugeMetricFamily(
        "istmo_certificates", "Certificates of onboarded taxpayers by their end.", labels=["kind", "ends"]
    )
    following = GaugeMetricFamily(
        "istmo_certificate_next_end_seconds",
        "Until the next one ends; absent: none is in force.",
        labels=["kind"],
    )
    for kind in CertificateKind:
        moments = ends.get(kind, ())
        counts = Counter(warning_days(moment, now) for moment in moments)
        for days, name in _ENDS.items():
            counted.add_metric([kind.value, name], counts[days])
        in_force = [moment for moment in moments if moment > now]
        if in_force:
            following.add_metric([kind.value], (min(in_force) - now).total_seconds())
    yield counted
    yield following
