"""Which addresses are the public internet: all others are inside, and are never asked."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

# Everything that may be public in version 6. Mapped, compatible and NAT64 addresses, which hide
# one of version 4, lie outside it, as do local and link-local ones.
UNICAST_6 = ip_network("2000::/3")

# What `is_global` lets pass in one of the Python versions that we run on, though no publication
# lives there; tunnels are here because the address inside them may be any.
CLOSED: tuple[Network, ...] = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments, and the metadata of one cloud
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # the host's own services in another cloud, at a public address
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in UNICAST_6:
        return False
    closed = any(address in network for network in CLOSED)
    return address.is_global and not address.is_multicast and not closed
