"""What an installation may set about the GraphQL endpoint. Everything has a limit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphqlSettings:
    """Limits and addresses of the endpoint. ``public_url`` is where callers reach this server, as they type it."""

    public_url: str
    introspection: bool = False
    body_bytes_max: int = 1024 * 1024
    body_seconds_max: float = 20.0  # for the whole body to arrive
    query_characters_max: int = 20_000
    tokens_max: int = 2_000
    depth_max: int = 10  # nested fields; introspection has its own limit
    aliases_max: int = 20
    cost_max: int = 2_500  # see ``query_cost``
    rows_max: int = 5_000  # lines, events, files and the like that one request may show
    reads_in_flight_max: int = 8  # histories that one request reads at the same time
    text_characters_max: int = 10_000  # of one text in the input
    file_characters_max: int = 10_000  # of one value of the scalar Base64
    list_entries_max: int = 1_000  # of one list in the input
    prepared_queries_max: int = 500
    prepared_characters_max: int = 500_000  # of all prepared queries together
    errors_max: int = 20

    def __post_init__(self) -> None:
        """Refuse an address that download links cannot be made of."""
        if not self.public_url.startswith(("http://", "https://")):
            raise ValueError("public_url must begin with http:// or https://")
