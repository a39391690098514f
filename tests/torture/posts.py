"""The POSTs of documents that reached the fake PAC, kept across its bounded list of exchanges."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from tests.torture.installation import FakePac

Number = tuple[str, str, int]  # company id, billing point, number
KEPT = 400  # exchanges that the fake shows; read often enough that none is missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One POST of a document."""

    number: Number
    at: datetime
    digest: str
    status: int
    faults: tuple[str, ...]


@dataclass(slots=True)
class Posts:
    """``seen`` has each POST once. ``cut_off``: the moments of those whose body was never whole."""

    seen: dict[tuple[Number, datetime], Post] = field(default_factory=dict)
    cut_off: set[str] = field(default_factory=set)

    async def look(self, pac: FakePac) -> None:
        """Read what the fake keeps."""
        for exchange in await pac.look("exchanges"):
            if exchange["method"] != "POST" or not exchange["path"].endswith("/invoices"):
                continue
            try:
                told = json.loads(exchange["requestBody"])["information"]
            except ValueError:  # its sender was killed before the last byte
                self.cut_off.add(exchange["at"])
                continue
            number = (exchange["query"]["idCompany"], told["billingPoint"], int(told["numeration"]))
            post = Post(
                number=number,
                at=datetime.fromisoformat(exchange["at"]),
                digest=hashlib.sha256(exchange["requestBody"].encode()).hexdigest(),
                status=exchange["status"],
                faults=tuple(exchange["faults"]),
            )
            self.seen[number, post.at] = post

    def since(self, number: Number, moment: datetime) -> list[Post]:
        """The POSTs of one number from ``moment`` on."""
        return [post for post in self.seen.values() if post.number == number and post.at >= moment]

    def changed_bodies(self) -> list[Number]:
        """Numbers that were posted with more than one body."""
        bodies: defaultdict[Number, set[str]] = defaultdict(set)
        for post in self.seen.values():
            bodies[post.number].add(post.digest)
        return [number for number, digests in bodies.items() if len(digests) > 1]

    def repeated(self) -> int:
        """How many numbers were posted more than once."""
        counts: defaultdict[Number, int] = defaultdict(int)
        for post in self.seen.values():
            counts[post.number] += 1
        return sum(count > 1 for count in counts.values())
