"""The zero-difference statement of a day."""

from datetime import date

from ariadne import ObjectType

from adapters.graphql.request_context import Info
from core.statement_codes import INVISIBLE, INVISIBLE_TO_LISTING
from core.statement_csv import statement_as_csv
from core.statements import Difference, Statement


async def zero_difference_statement(_root: object, info: Info, *, day: date) -> Statement:
    """Raises what ReadStatement raises."""
    context = info.context
    made = await context.operations.read_statement(context.caller.tenant_id, day)
    context.rows.spend(len(made.lines) + len(made.differences) + len(made.unread))
    return made


def _meaning(difference: Difference, info: Info) -> str:
    return info.context.language.of(difference.code.meaning)


def _what_to_do(difference: Difference, info: Info) -> str:
    return info.context.language.of(difference.code.advice)


def _invisible(made: Statement, info: Info) -> str:
    return info.context.language.of(INVISIBLE_TO_LISTING if made.can_list else INVISIBLE)


def statement_types() -> list[ObjectType]:
    """The statement and its parts."""
    made = ObjectType("ZeroDifferenceStatement")
    made.set_alias("series", "lines")
    made.set_field("invisible", _invisible)
    made.set_field("csv", lambda shown, _info: statement_as_csv(shown))
    line = ObjectType("StatementSeries")
    difference = ObjectType("StatementDifference")
    unread = ObjectType("StatementUnread")
    for kind in (line, difference, unread):
        kind.set_field("billingPoint", lambda shown, _info: shown.series and shown.series.billing_point)
        kind.set_field("documentType", lambda shown, _info: shown.series and shown.series.document_type)
    difference.set_field("meaning", _meaning)
    difference.set_field("whatToDo", _what_to_do)
    difference.set_alias("countEffect", "count")
    difference.set_alias("totalEffect", "amount")
    return [made, line, difference, unread]
