"""Which role a root field needs."""

from collections.abc import Awaitable, Callable
from typing import Any

from graphql import GraphQLSchema

from adapters.graphql.request_context import Info
from core.tenants import Role
from core.use_cases.api_keys import require_role

RootResolver = Callable[..., Awaitable[Any]]


class GuardedResolver:
    """A root resolver that asks for a role before anything else happens."""

    def __init__(self, needed: Role, resolver: RootResolver) -> None:
        self.needed = needed
        self._resolver = resolver

    async def __call__(self, root: object, info: Info, **arguments: Any) -> Any:
        """Raises NotAllowedError and what the resolver raises."""
        require_role(info.context.caller, self.needed)
        return await self._resolver(root, info, **arguments)


def guarded(needed: Role, resolver: RootResolver) -> GuardedResolver:
    """``resolver`` for callers with the role ``needed`` or a stronger one."""
    return GuardedResolver(needed, resolver)


def needed_roles(schema: GraphQLSchema) -> dict[str, Role]:
    """The weakest role that may call each operation, by its name, in the order of the schema.

    Raises ValueError for an operation that nobody declared a role for: it must not be served at all.
    """
    needed: dict[str, Role] = {}
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        for name, field in root.fields.items() if root else ():
            resolver = field.subscribe or field.resolve
            if not isinstance(resolver, GuardedResolver):
                raise ValueError(f"{name} declares no role: bind it with guarded()")  # noqa: TRY004 - the binding is wrong
            needed[name] = resolver.needed
    return needed
