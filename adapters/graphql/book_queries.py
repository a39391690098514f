"""The sales book."""

from ariadne import EnumType, ObjectType

from adapters.graphql.permissions import RootResolver
from adapters.graphql.request_context import Info
from core.book_finality import BookOpenReason
from core.months import read_month
from core.sales_book import BookStanding, SalesBook, book_as_csv


async def _sales_book(_root: object, info: Info, *, month: str) -> SalesBook:
    context = info.context
    return await context.operations.read_sales_book(context.caller.tenant_id, read_month(month))


BOOK_QUERIES: tuple[tuple[str, RootResolver], ...] = (("salesBook", _sales_book),)


def book_types() -> list[ObjectType | EnumType]:
    """The book; its rates are as the core has them."""
    book = ObjectType("SalesBook")
    book.set_field("month", lambda shown, _info: str(shown.month))
    book.set_field("csv", lambda shown, _info: book_as_csv(shown))
    book.set_field(
        "countedCount", lambda shown, _info: sum(line.standing is BookStanding.COUNTS for line in shown.lines)
    )
    book.set_field("openReasons", lambda shown, _info: shown.openings)
    opening = ObjectType("SalesBookOpening")
    opening.set_field("message", lambda shown, info: info.context.language.of(shown.wording))
    return [book, opening, EnumType("SalesBookOpenReason", BookOpenReason)]
