"""What must be true when everything is at rest: at the fake PAC, in our database, and in what callers were told."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.torture.callers import Answered
from tests.torture.installation import Installation
from tests.torture.ledger import Row
from tests.torture.posts import Posts

REJECTED = ("PAC_REJECTED", "DGI_REJECTED")


@dataclass(slots=True)
class Verdict:
    """Empty lists are what we want."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    half_written: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing doubled, nothing half-written."""
        return not (self.lost or self.doubled or self.half_written)


def judge(
    installation: Installation, rows: list[Row], at_the_pac: list[dict[str, Any]], answered: Answered, posts: Posts
) -> Verdict:
    """Compare all four: the intents, the answers, our rows and the PAC's documents."""
    verdict = Verdict()
    company_of = {shop.tenant_id: shop.company_id for shop in installation.shops}
    _judge_intents(verdict, rows, answered)
    _judge_pac(verdict, rows, at_the_pac, company_of)
    _judge_rows(verdict, rows, at_the_pac)
    _judge_series(verdict, rows)
    verdict.half_written += [f"number {number} was posted with different bytes" for number in posts.changed_bodies()]
    return verdict


def _judge_intents(verdict: Verdict, rows: list[Row], answered: Answered) -> None:
    by_key: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row.tenant_id, row.idempotency_key].append(row)
    for key, shop in answered.wanted.items():
        own = by_key.pop((shop.tenant_id, key), [])
        told = answered.documents.get(key, set())
        if not own:
            verdict.lost.append(f"key {key} has no document; its caller was told {told or 'nothing'}")
        if len(own) > 1:
            verdict.doubled.append(f"key {key} has {len(own)} documents")
        if told != {row.document_id for row in own}:
            verdict.half_written.append(f"key {key}: told {told}, stored {[row.document_id for row in own]}")
        if answered.cufes.get(key, set()) != {row.expected_cufe for row in own}:
            verdict.half_written.append(f"key {key}: its caller was told another CUFE")
    verdict.half_written += [f"a document of a key that nobody used: {key}" for _, key in by_key]
    verdict.half_written += [f"refused: {refusal}" for refusal in answered.refused]


def _judge_pac(verdict: Verdict, rows: list[Row], at_the_pac: list[dict[str, Any]], company_of: dict[Any, str]) -> None:
    by_cufe = {row.expected_cufe: row for row in rows}
    live: Counter[tuple[str, str, str, int]] = Counter()
    for document in at_the_pac:
        if document["legalStatus"] in REJECTED:
            continue
        number = (document["companyId"], document["billingPoint"], document["documentType"])
        live[(*number, int(document["numeration"]))] += 1
        row = by_cufe.get(document["cufe"])
        if row is None:
            verdict.lost.append(f"the PAC has {document['id']} with CUFE {document['cufe']}, which nobody expects")
        elif row.submission != "ACCEPTED" or row.pac_document_id != document["id"]:
            verdict.lost.append(f"the PAC has {document['id']}; here it is {row.describes}")
        elif company_of[row.tenant_id] != document["companyId"] or row.number != int(document["numeration"]):
            verdict.half_written.append(f"{document['id']} has another number or company at the PAC: {row.describes}")
    verdict.doubled += [
        f"the PAC has {count} documents of number {number}" for number, count in live.items() if count > 1
    ]


def _judge_rows(verdict: Verdict, rows: list[Row], at_the_pac: list[dict[str, Any]]) -> None:
    by_id = {document["id"]: document for document in at_the_pac}
    for row in rows:
        if not row.is_at_rest:
            verdict.half_written.append(f"not at rest: {row.describes}")
        if row.submission == "REFUSED":
            verdict.half_written.append(f"refused although nothing is wrong with it: {row.describes}")
        if row.submission != "ACCEPTED":
            continue
        document = by_id.get(row.pac_document_id or "")
        if document is None or document["cufe"] != row.cufe or document["legalStatus"] != row.legal_status:
            shown = {name: document[name] for name in ("id", "cufe", "legalStatus")} if document else None
            verdict.half_written.append(f"here {row.describes} cufe={row.cufe}, at the PAC {shown}")


def _judge_series(verdict: Verdict, rows: list[Row]) -> None:
    numbers: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row in rows:
        numbers[row.tenant_id, row.billing_point, row.document_type].append(row.number)
    for series, taken in numbers.items():
        if sorted(taken) != list(range(1, len(taken) + 1)):
            verdict.half_written.append(f"series {series} has gaps or repetitions: {sorted(taken)}")
