"""One request from its text to its answer. Parsing, validation, limits and execution are graphql-core's; what is
prepared once, what it may cost and what its errors say is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    is_input_type,
    type_from_ast,
    validate_input_value,
)

from adapters.graphql.error_presentation import field_error, request_error
from adapters.graphql.prepared_queries import PreparedQueries
from adapters.graphql.request_body import GraphqlRequest
from adapters.graphql.request_context import Asking
from adapters.graphql.request_failures import InvalidVariableError
from adapters.graphql.text_lengths import refuse_long_texts
from adapters.graphql.told_problems import without_values
from core.errors import IstmoError

INVALID = 400
EXECUTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP status with the JSON object of the answer."""

    status: int
    content: Mapping[str, Any]


class GraphqlExecutor:
    """Runs requests against one schema."""

    def __init__(self, schema: GraphQLSchema, prepared: PreparedQueries) -> None:
        self._schema = schema
        self._prepared = prepared

    async def __call__(self, request: GraphqlRequest, context: Asking) -> Answer:
        """The answer: 200 once fields were executed, 400 when the query or its variables do not fit.

        Raises QueryLimitExceededError, InvalidQueryError (syntax), MalformedInputError and MalformedRequestError.
        """
        prepared = self._prepared.get(request.query)
        if prepared.errors:
            return _refused([field_error(error, context.language) for error in prepared.errors])
        operation = prepared.operation(request.operation_name)
        name = operation.name.value if operation.name else None
        prepared.costs[name].refuse_above(context.settings.cost_max, request.variables)
        refuse_long_texts(self._schema, operation, request.variables, context.settings.text_characters_max)
        running = execute(
            self._schema,
            prepared.document,
            context_value=context,
            variable_values=dict(request.variables),
            operation_name=name,
            max_coercion_errors=context.settings.errors_max,
            hide_suggestions=not context.settings.introspection,
        )
        result: ExecutionResult = await running if isawaitable(running) else running
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            return _refused(self._unexecuted(operation, request.variables, result.errors, context))
        content: dict[str, Any] = {"data": result.data}
        if result.errors:
            content["errors"] = [field_error(error, context.language) for error in result.errors]
        return Answer(status=EXECUTED, content=content)

    def _unexecuted(
        self,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        errors: Sequence[GraphQLError],
        context: Asking,
    ) -> list[dict[str, Any]]:
        failures = self._variable_failures(operation, variables)[: context.settings.errors_max]
        if failures:
            return [request_error(failure, context.language) for failure in failures]
        return [field_error(error, context.language) for error in errors]

    def _variable_failures(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> list[IstmoError]:
        """What is wrong with the variables, each with its path, which graphql-core only writes into a sentence."""
        failures: list[IstmoError] = []
        for definition in operation.variable_definitions or ():
            name = definition.variable.name.value
            expected = type_from_ast(self._schema, definition.type)
            if not is_input_type(expected) or name not in variables:
                continue

            def on_error(error: GraphQLError, path: list[str | int], name: str = name) -> None:
                cause = error.original_error
                told = InvalidVariableError(problem=without_values(error.message)[:300])
                failure = cause if isinstance(cause, IstmoError) else told
                failure.path = (name, *path, *failure.path)
                failures.append(failure)

            validate_input_value(variables[name], expected, on_error, hide_suggestions=True)
        return failures


def _refused(errors: list[dict[str, Any]]) -> Answer:
    return Answer(status=INVALID, content={"errors": errors})
