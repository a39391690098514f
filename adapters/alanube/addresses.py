"""Which addresses a download may go to. The PAC names the address, so it counts as hostile.

Refused: every scheme but https (http only to hosts that the operator named), user names, IP addresses as hosts,
hosts that are not allowed, ports other than 443, names that resolve to anything but public addresses.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

ADDRESS_LENGTH_MAX = 4096
HTTPS_PORT = 443

_HOST = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*", re.ASCII)
_PLAIN_ASCII = re.compile(r"[\x21-\x7e]+", re.ASCII)
_TRANSLATED = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"))

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddressError(Exception):
    """The address breaks a download rule; the text says which. Never leaves this adapter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadTarget:
    """A checked address, before its name is resolved. ``is_exempt``: the operator named the host himself."""

    scheme: str
    host: str
    port: int
    path_and_query: str
    is_exempt: bool


def check_url(url: str, *, allowed_hosts: frozenset[str], plain_http_hosts: frozenset[str]) -> DownloadTarget:
    """Take an address apart and judge every part. Raises RefusedAddressError."""
    if len(url) > ADDRESS_LENGTH_MAX:
        raise RefusedAddressError(f"the address is longer than {ADDRESS_LENGTH_MAX} characters")
    if _PLAIN_ASCII.fullmatch(url) is None or "\\" in url:
        raise RefusedAddressError("the address has spaces, control characters, backslashes or non-ASCII letters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RefusedAddressError("the address cannot be read") from None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower().rstrip(".")
    if scheme not in {"http", "https"}:
        raise RefusedAddressError("only https is allowed")
    if "@" in parts.netloc:
        raise RefusedAddressError("the address has a user name")
    is_exempt = host in plain_http_hosts
    if scheme == "http" and not is_exempt:
        raise RefusedAddressError("only https is allowed")
    if not is_exempt:
        _check_public_host(host, allowed_hosts)
        if port not in (None, HTTPS_PORT):
            raise RefusedAddressError(f"port {port} is not allowed")
    path_and_query = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return DownloadTarget(
        scheme=scheme,
        host=host,
        port=port if port is not None else (HTTPS_PORT if scheme == "https" else 80),
        path_and_query=path_and_query,
        is_exempt=is_exempt,
    )


def check_resolved(target: DownloadTarget, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses of a name, all of which must be fit; one bad one condemns all. Raises RefusedAddressError."""
    if not addresses:
        raise RefusedAddressError("the host has no address")
    for text in addresses:
        try:
            address = ipaddress.ip_address(text.split("%", 1)[0])
        except ValueError:
            raise RefusedAddressError("the host resolves to no IP address") from None
        if not (_is_near(address) if target.is_exempt else is_public(address)):
            raise RefusedAddressError("the host resolves to an address that is not public")
    return addresses


def is_public(address: IpAddress) -> bool:
    """Whether packets to it leave for the open internet, whatever notation hides an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in net for net in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_near(address: IpAddress) -> bool:
    """For hosts that the operator named: loopback, private or public, but no link-local metadata service."""
    return not (address.is_link_local or address.is_multicast or address.is_unspecified)


def _check_public_host(host: str, allowed_hosts: frozenset[str]) -> None:
    if _HOST.fullmatch(host) is None or not any(letter.isalpha() for letter in host.rpartition(".")[2]):
        raise RefusedAddressError("the host is not a name")
    exact = host in allowed_hosts
    if not exact and not any(allowed.startswith(".") and host.endswith(allowed) for allowed in allowed_hosts):
        raise RefusedAddressError("the host is not allowed")
