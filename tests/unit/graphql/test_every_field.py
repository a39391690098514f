"""Every field of a document is there for every kind of document: none breaks on a draft, a note or an import."""

import json
from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_required_argument,
)

from adapters.graphql.schema_building import build_schema
from core.documents import DocumentMode, FiscalDocument
from core.tenants import Role
from tests.notes_shop import an_authorised_invoice, credit, debit
from tests.unit.graphql.api import Api
from tests.unit.graphql.test_importing import imported, upload
from tests.unit.imports.received_files import issued_by
from tests.unit.use_cases.drafting import drafted, withdrawn

DEPTH = 5


def selection(schema: GraphQLSchema, shown: GraphQLObjectType, depth: int) -> str:
    """Every field, and theirs, but of another document the id alone."""
    return " ".join(chosen for name, field in shown.fields.items() for chosen in _field(schema, name, field, depth))


def _field(schema: GraphQLSchema, name: str, field: GraphQLField, depth: int) -> Iterator[str]:
    given = [
        f"{argument_name}: {next(iter(kind.values))}"
        for argument_name, argument in field.args.items()
        if is_required_argument(argument) and isinstance(kind := get_named_type(argument.type), GraphQLEnumType)
    ]
    call = f"{name}({', '.join(given)})" if given else name
    within = get_named_type(field.type)
    if not isinstance(within, GraphQLObjectType):
        yield call
    elif within.name == "Document":
        yield f"{call} {{ id }}"
    elif depth:
        yield f"{call} {{ {selection(schema, within, depth - 1)} }}"


async def of_every_kind(api: Api) -> list[FiscalDocument]:
    world, shop = api.world, api.shop
    seller = await world.open_shop("155000002-2-2020", "Vendedora, S.A.")
    _, pdf = await issued_by(world, seller)
    token = (await upload(api, pdf, key=await api.new_key(Role.ISSUER))).json()["uploadToken"]
    received = await imported(api, token, key=await api.new_key(Role.ISSUER))
    imports = await world.stores.documents.several(shop.tenant.tenant_id, [received["invoice"]["id"]])
    invoice = await an_authorised_invoice(world, shop)
    draft_credit = await credit(world, invoice, key="draft credit", mode=DocumentMode.PROFORM)
    return [
        *imports,
        invoice,
        await drafted(world, shop),
        await withdrawn(world, await drafted(world, shop, key="other")),
        draft_credit,
        await debit(world, invoice),
        await credit(world, invoice, key="a credit"),
        await world.invoice(shop, await world.an_order(shop), "queued"),
    ]


async def test_every_field_of_every_kind_of_document_is_answered(api: Api) -> None:
    schema = build_schema()
    shown = schema.type_map["Document"]
    assert isinstance(shown, GraphQLObjectType)
    query = f"query Everything($id: ID!) {{ invoice(id: $id) {{ {selection(schema, shown, DEPTH)} }} }}"
    wide = await api.with_settings(cost_max=1_000_000, query_characters_max=100_000, tokens_max=20_000)
    documents = await of_every_kind(api)
    assert len(documents) == 8
    seen = set()
    for document in documents:
        name = {"INVOICE": "invoice", "CREDIT": "credit", "DEBIT": "debit"}[document.kind.value]
        data = await wide.run(query.replace("invoice(id", f"{name}(id", 1), {"id": document.document_id})
        assert data[name]["id"] == document.document_id, (document.mode, document.kind)
        assert set(data[name]) == set(shown.fields)
        assert "pac.test" not in json.dumps(data[name]["events"]), "no address of the PAC in a timeline"
        seen.add((document.mode, document.kind, document.submission))
    assert len(seen) == 6
