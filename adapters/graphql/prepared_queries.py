"""Parsing and validating, once per query text: together they are most of the work of a small request."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from adapters.graphql.plain_text import refuse_text
from adapters.graphql.query_measure import DEPTH, CostFormula, measure
from adapters.graphql.request_failures import InvalidQueryError, MalformedRequestError, QueryLimitExceededError
from adapters.graphql.settings import GraphqlSettings
from adapters.graphql.told_problems import without_values
from core.errors import Wording

_LENGTH = Wording("its characters", "sus caracteres")
_TOKENS = Wording("its tokens", "sus tokens")
_MANY_NAMED = Wording("operationName must name one of the operations", "operationName debe nombrar una operación")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedQuery:
    """A parsed query with what validation says. ``costs`` by operation name; None is the one without a name."""

    document: DocumentNode
    errors: Sequence[GraphQLError]
    costs: Mapping[str | None, CostFormula]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation that is meant. Raises MalformedRequestError when it is not clear which."""
        operations = [node for node in self.document.definitions if isinstance(node, OperationDefinitionNode)]
        if name is not None:
            operations = [node for node in operations if node.name is not None and node.name.value == name]
        if len(operations) != 1:
            raise MalformedRequestError(path=("operationName",), problem=_MANY_NAMED)
        return operations[0]


class PreparedQueries:
    """A bounded cache, least recently used out first. What depends on variables is never in it."""

    def __init__(self, schema: GraphQLSchema, settings: GraphqlSettings) -> None:
        self._schema = schema
        self._settings = settings
        introspection = () if settings.introspection else (NoSchemaIntrospectionCustomRule,)
        self._rules = (*specified_rules, *introspection)
        self._prepared: OrderedDict[str, PreparedQuery] = OrderedDict()
        self._characters = 0

    def get(self, query: str) -> PreparedQuery:
        """The query, ready to run or with its errors.

        Raises QueryLimitExceededError (length, tokens, depth, aliases), InvalidQueryError (syntax) and
        MalformedInputError (a text in it that nobody can store).
        """
        known = self._prepared.get(query)
        if known is not None:
            self._prepared.move_to_end(query)
            return known
        prepared = self._prepare(query)
        self._prepared[query] = prepared
        self._characters += len(query)
        while (
            len(self._prepared) > self._settings.prepared_queries_max
            or self._characters > self._settings.prepared_characters_max
        ):
            dropped, _ = self._prepared.popitem(last=False)
            self._characters -= len(dropped)
        return prepared

    def _prepare(self, query: str) -> PreparedQuery:
        settings = self._settings
        if len(query) > settings.query_characters_max:
            raise QueryLimitExceededError(measure=_LENGTH, limit=settings.query_characters_max)
        document = self._parse(query)
        visit(document, _TextCheck(settings.text_characters_max))
        try:
            costs = measure(self._schema, document, depth_max=settings.depth_max, aliases_max=settings.aliases_max)
            errors = validate(
                self._schema,
                document,
                self._rules,
                max_errors=settings.errors_max,
                hide_suggestions=not settings.introspection,
            )
        except RecursionError:
            raise QueryLimitExceededError(measure=DEPTH, limit=settings.depth_max) from None
        return PreparedQuery(document=document, errors=tuple(errors), costs=costs)

    def _parse(self, query: str) -> DocumentNode:
        limit = self._settings.tokens_max
        try:
            return parse(query, max_lexical_tokens=limit, max_comments=limit)
        except GraphQLSyntaxError as error:
            if "contains more than" in error.message:
                raise QueryLimitExceededError(measure=_TOKENS, limit=limit) from None
            if "nested too deeply" in error.message:
                raise QueryLimitExceededError(measure=DEPTH, limit=self._settings.depth_max) from None
            raise InvalidQueryError(problem=without_values(error.message)[:300]) from None


class _TextCheck(Visitor):
    """Texts in the query itself obey the same rules as those in variables."""

    def __init__(self, characters_max: int) -> None:
        super().__init__()
        self._characters_max = characters_max

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        refuse_text(node.value, (), characters_max=self._characters_max)
