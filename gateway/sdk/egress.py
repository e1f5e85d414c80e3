"""Which hosts an adapter may reach. Everything that was not listed is refused, wherever the address came from."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.sdk.errors import Misconfigured, Refused

_PORTS = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address


class Place(Struct, frozen=True):
    """Where a URL leads: its origin, and what to ask for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two URLs share that lead to the same server."""
        return (self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL or a ``Host`` header: a port that goes without saying is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole URL again."""
        return f"{self.scheme}://{self.authority}{self.target}"


def place(url: str) -> Place:
    """A URL taken apart. Raises ``Refused("http.url")`` for anything but a plain absolute http or https URL."""
    if any(character <= " " or character in '\\"<>^`{|}\x7f' for character in url):
        raise Refused("http.url")
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        host = (parts.hostname or "").encode("idna" if not (parts.hostname or "").isascii() else "ascii").decode()
    except (ValueError, KeyError, UnicodeError):
        raise Refused("http.url") from None
    if not host or parts.username is not None or parts.password is not None:
        raise Refused("http.url")
    path = "".join(letter if letter.isascii() else _quoted(letter) for letter in parts.path or "/")
    query = "".join(letter if letter.isascii() else _quoted(letter) for letter in parts.query)
    return Place(parts.scheme, host.lower().rstrip("."), port, f"{path}?{query}" if query else path)


def _quoted(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))


class Leash:
    """The list: an adapter's own URL, the origins beside it, and networks (``10.0.0.0/8``) for names that lead inside.

    Private addresses are refused, also when a listed name resolves to one, unless the listed URL is that address
    itself (or ``localhost``), or the network that holds it is listed. Raises ``Misconfigured("http.allow")`` for an
    entry that is neither a URL nor a network.
    """

    def __init__(self, *, url: str, allow: Iterable[str] = ()) -> None:
        self._networks: list[IPv4Network | IPv6Network] = []
        self._origins: set[tuple[str, str, int]] = set()
        for entry in (url, *allow):
            try:
                if "://" in entry:
                    self._origins.add(place(entry).origin)
                else:
                    self._networks.append(ip_network(entry))
            except (ValueError, Refused):
                raise Misconfigured("http.allow") from None
        self._literal = {host for _, host, _ in self._origins}

    def check(self, there: Place) -> None:
        """Raises ``Refused("http.elsewhere")`` for a URL whose scheme, host or port is not listed."""
        if there.origin not in self._origins:
            raise Refused("http.elsewhere")

    def permits(self, host: str, address: str) -> bool:
        """Whether a connection may be opened to the address that a listed host resolved to."""
        found = _plain(address)
        if all(_is_outside(one) for one in (found, *_within(found))):
            return True
        if host in self._literal and (host == str(found) or (host == "localhost" and found.is_loopback)):
            return True
        return any(found in network for network in self._networks)


def is_address(host: str) -> bool:
    """Whether a host is an address by itself, and no name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def permits_proxy(host: str, address: str) -> bool:
    """Whether a connection may be opened to the address of the proxy that the settings name.

    It may be private, as a proxy's mostly is. A name that leads to this machine, to the neighbour on the wire (where
    clouds keep their credentials) or to many at once is refused; the address itself may be named.
    """
    found = _plain(address)
    if host == str(found) or (host == "localhost" and found.is_loopback):
        return True
    return not any(
        one.is_loopback or one.is_link_local or one.is_multicast or one.is_unspecified
        for one in (found, *_within(found))
    )


_NAT64 = ip_network("64:ff9b::/96")
_GLOBAL = ip_network("2000::/3")
_SPECIAL = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "3fff::/20",
    )
)  # fmt: skip
"""What leads elsewhere than to a machine on the public net (RFC 6890 and IANA's registries). The table stands here,
since the library's own differs with its version."""


def _is_outside(found: Address) -> bool:
    """Whether an address is a machine's on the public net. Of IPv6 that is only what was given out, and NAT64."""
    if isinstance(found, IPv6Address) and found not in _GLOBAL and found not in _NAT64:
        return False
    return not any(found in network for network in _SPECIAL)


def _plain(address: str) -> Address:
    """An address without its zone; one of IPv4 that is written as IPv6 (RFC 4291, 2.5.5.2) as what it is."""
    found = ip_address(address.partition("%")[0])
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _within(found: Address) -> Iterator[Address]:
    """The address of IPv4 that a gateway on the way would take out of this one (6to4, NAT64): as private as itself."""
    if isinstance(found, IPv6Address) and found.sixtofour is not None:
        yield found.sixtofour
    if found in _NAT64:
        yield IPv4Address(int(found) & 0xFFFF_FFFF)
