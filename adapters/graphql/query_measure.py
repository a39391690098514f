"""How deep, how often aliased and how expensive a query is, before it is validated or executed.

Cost: a root field that changes something or previews weighs 250, the histories and lists of a document weigh what
reading them takes, every other object weighs 1, a plain value nothing. What stands in a page counts once for each
entry that ``first`` asks for. Sizes can be variables, so the cost is a formula, cached, and evaluated per request.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

from adapters.graphql.cursors import PAGE_MAX
from adapters.graphql.request_failures import QueryLimitExceededError
from core.errors import Wording

MUTATION_WEIGHT = 250
FIELD_WEIGHTS: Mapping[tuple[str, str], int] = {
    ("Document", "events"): 25,
    ("Document", "lines"): 5,
    ("Document", "attachments"): 5,
    ("Document", "draftFindings"): 25,
    ("Document", "replaces"): 5,
    ("Document", "replacedBy"): 5,
    ("Document", "recordedPayments"): 5,
    ("Document", "notes"): 5,
    ("Document", "creditRest"): 25,  # it computes what every note takes
    ("Order", "lines"): 5,
    ("Query", "salesBook"): MUTATION_WEIGHT,  # it reads a month
    ("Query", "zeroDifferenceStatement"): 4 * MUTATION_WEIGHT,  # it asks the PAC for each document of a day
    ("Query", "verifyRuc"): MUTATION_WEIGHT,  # it asks the registry
    ("Query", "previewInvoice"): MUTATION_WEIGHT,  # it computes as much, and asks the registry
    ("Query", "__schema"): 100,
    ("Query", "__type"): 100,
}

DEPTH = Wording("its depth", "su profundidad")
_ALIASES = Wording("its aliases", "sus alias")
_COST = Wording("its cost of {cost}", "su costo de {cost}")

PageSize = int | str  # a number, or the name of the variable that holds it
Pages = tuple[PageSize, ...]


@dataclass(frozen=True, slots=True)
class CostFormula:
    """A sum of weights, each times the sizes of the pages that it stands in."""

    terms: Mapping[Pages, int]
    defaults: Mapping[str, int]  # of variables that hold page sizes

    def evaluate(self, variables: Mapping[str, object]) -> int:
        """The cost for these variables. A size that is no number from 1 to 100 counts as 100; the field refuses it."""
        total = 0
        for pages, weight in self.terms.items():
            total += weight * math.prod(self._size(page, variables) for page in pages)
        return total

    def _size(self, page: PageSize, variables: Mapping[str, object]) -> int:
        size = variables.get(page, self.defaults.get(page)) if isinstance(page, str) else page
        return size if isinstance(size, int) and 1 <= size <= PAGE_MAX else PAGE_MAX

    def refuse_above(self, limit: int, variables: Mapping[str, object]) -> None:
        """Raises QueryLimitExceededError."""
        cost = self.evaluate(variables)
        if cost > limit:
            raise QueryLimitExceededError(measure=_COST.filled({"cost": cost}), limit=limit)


@dataclass(slots=True)
class _Measured:
    """What a selection adds up to."""

    depth: int = 0
    aliases: int = 0
    terms: Counter[Pages] = field(default_factory=Counter)

    def add(self, other: "_Measured", *, deeper: int = 0, page: PageSize | None = None) -> None:
        self.depth = max(self.depth, other.depth + deeper)
        self.aliases += other.aliases
        for pages, weight in other.terms.items():
            self.terms[pages if page is None else (page, *pages)] += weight


def measure(
    schema: GraphQLSchema, document: DocumentNode, *, depth_max: int, aliases_max: int
) -> dict[str | None, CostFormula]:
    """The cost formula of each operation by its name. Raises QueryLimitExceededError for depth and aliases."""
    measurer = _Measurer(schema, document, depth_max)
    formulas: dict[str | None, CostFormula] = {}
    aliases = 0
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        measured = measurer.measure_operation(operation)
        aliases += measured.aliases
        if aliases > aliases_max:
            raise QueryLimitExceededError(measure=_ALIASES, limit=aliases_max)
        name = operation.name.value if operation.name else None
        formulas[name] = CostFormula(dict(measured.terms), _default_sizes(operation))
    return formulas


class _Measurer:
    """Walks each fragment once; a fragment within itself counts nothing, validation refuses it later."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, depth_max: int) -> None:
        self._schema = schema
        self._depth_max = depth_max
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, _Measured] = {}
        self._open: set[str] = set()

    def measure_operation(self, operation: OperationDefinitionNode) -> _Measured:
        root = self._schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set.selections, root, 0)

    def _selections(
        self, selections: Iterable[SelectionNode], parent: GraphQLNamedType | None, depth: int
    ) -> _Measured:
        total = _Measured()
        for node in selections:
            if isinstance(node, FieldNode):
                total.add(self._field(node, parent, depth + 1))
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                narrowed = self._schema.get_type(condition.name.value) if condition else parent
                total.add(self._selections(node.selection_set.selections, narrowed, depth))
            elif isinstance(node, FragmentSpreadNode):
                spread = self._fragment(node.name.value, depth)
                self._refuse_depth(depth + spread.depth)
                total.add(spread)
        return total

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> _Measured:
        self._refuse_depth(depth)
        total = _Measured(depth=1, aliases=1 if node.alias else 0)
        name = node.name.value
        weight, inner = self._weight_and_type(name, parent)
        if weight:
            total.terms[()] += weight
        if node.selection_set is not None and not name.startswith("__"):
            within = self._selections(node.selection_set.selections, inner, depth)
            total.add(within, deeper=1, page=self._page_size(node, name, parent))
        return total

    def _weight_and_type(self, name: str, parent: GraphQLNamedType | None) -> tuple[int, GraphQLNamedType | None]:
        known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType) else None
        inner = get_named_type(known.type) if known else None
        if parent is not None and parent is self._schema.mutation_type:
            return MUTATION_WEIGHT, inner
        plain = 0 if inner is None or is_leaf_type(inner) else 1
        return FIELD_WEIGHTS.get((parent.name if parent else "", name), plain), inner

    def _page_size(self, node: FieldNode, name: str, parent: GraphQLNamedType | None) -> PageSize | None:
        known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType) else None
        if known is None or "first" not in known.args:
            return None
        for argument in node.arguments or ():
            if argument.name.value == "first":
                if isinstance(argument.value, VariableNode):
                    return argument.value.name.value
                return _short_number(argument.value) or PAGE_MAX
        return _default_size(known.args["first"].ast_node) or PAGE_MAX

    def _fragment(self, name: str, depth: int) -> _Measured:
        if name not in self._measured:
            definition = self._fragments.get(name)
            if definition is None or name in self._open:
                return _Measured()
            self._open.add(name)
            condition = self._schema.get_type(definition.type_condition.name.value)
            self._measured[name] = self._selections(definition.selection_set.selections, condition, depth)
            self._open.discard(name)
        return self._measured[name]

    def _refuse_depth(self, depth: int) -> None:
        if depth > self._depth_max:
            raise QueryLimitExceededError(measure=DEPTH, limit=self._depth_max)


def _default_sizes(operation: OperationDefinitionNode) -> dict[str, int]:
    sizes = {
        definition.variable.name.value: _default_size(definition) for definition in operation.variable_definitions or ()
    }
    return {name: size for name, size in sizes.items() if size is not None}


def _default_size(definition: object) -> int | None:
    return _short_number(getattr(definition, "default_value", None))


def _short_number(node: object) -> int | None:
    return int(node.value) if isinstance(node, IntValueNode) and len(node.value) < 10 else None
