"""Two hundred addresses that lead inside, or nowhere that a publication lives."""

from ipaddress import IPv4Address

INSIDE_4 = [
    *["127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "0.0.0.0", "0.0.0.1"],  # noqa: S104 - told, not bound
    *["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254"],
    *["169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "168.63.129.16"],
    *["192.0.0.192", "192.0.0.9", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7"],
    *["203.0.113.5", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"],
]
INSIDE_6 = [
    *["::1", "::", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff05::2"],
    *["2001:db8::1", "3fff::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "5f00::1"],
    *["64:ff9b:1::a00:1", "2001:0:7f00:1::80ff:fffe", "0:0:0:0:0:0:0:1", "::ffff:0:127.0.0.1"],
]
NAMES_OF_INSIDE = {
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "intranet": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "v6.test": ["::1"],
    "mixed.test": ["93.184.215.14", "10.0.0.1"],  # one address outside does not excuse the other
    "xn--nxasmq6b.test": ["192.168.0.1"],
}
OTHER_SCHEMES = [
    *["file:///etc/passwd", "FILE:///etc/passwd", "file://localhost/etc/passwd", "file:/etc/hosts"],
    *[
        "gopher://127.0.0.1:6379/_INFO",
        "ftp://127.0.0.1/",
        "ftps://127.0.0.1/",
        "data:text/plain,a",
    ],
    *[
        "dict://127.0.0.1:11211/stats",
        "ldap://127.0.0.1/",
        "tftp://127.0.0.1/a",
        "sftp://127.0.0.1/",
    ],
    *["jar:http://127.0.0.1!/", "javascript:alert(1)", "netdoc:///etc/passwd", "ws://127.0.0.1/"],
    *["unix:/var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "view-source:a", "a"],
    *["//127.0.0.1/", "127.0.0.1", "", " ", "\\\\127.0.0.1\\share"],
]


def in_version_4(address: str) -> list[str]:
    """The notations that some program or other reads as this address."""
    whole = int(IPv4Address(address))
    a, b, c, d = (int(part) for part in address.split("."))
    return [address, str(whole), f"{whole:#x}", f"0{whole:o}", f"{a:#x}.{b << 16 | c << 8 | d}"]


def in_version_6(address: str) -> list[str]:
    whole = int(IPv4Address(address))
    high, low = whole >> 16, whole & 0xFFFF
    return [
        f"[::ffff:{address}]",
        f"[::{high:x}:{low:x}]",
        f"[64:ff9b::{high:x}:{low:x}]",
        f"[2002:{high:x}:{low:x}::1]",
    ]


def hostile(port: int) -> list[str]:
    """All of them, at the port where something listens that must not be reached."""
    hosts = [notation for address in INSIDE_4 for notation in in_version_4(address)]
    hosts += [notation for address in INSIDE_4[::6] for notation in in_version_6(address)]
    hosts += [f"[{address}]" for address in INSIDE_6]
    hosts += [
        *NAMES_OF_INSIDE,
        "LOCALHOST",
        "127.1",
        "127.0.1",
        "0",
        "127。0。0。1",
        "127．0．0．1",
    ]
    hosts += ["①②⑦.0.0.1", "0177.0.0.1", "0177.0.0.0x1", "0x7f.0.0.1", "127.0.0.1.", "127.0.0.01"]
    hosts += ["[fe80::1%25lo]", "[::1", "127.0.0.1%00.test", "127.0.0.1%2f.test", "lоcalhost"]
    addresses = [f"http://{host}:{port}/" for host in hosts]
    addresses += [f"https://{host}:{port}/" for host in ("127.0.0.1", "localhost", "[::1]")]
    addresses += [f"http://site.test@127.0.0.1:{port}/", f"http://site.test:pass@127.0.0.1:{port}/"]
    addresses += [f"http://127.0.0.1:{port}\\@site.test/", f"http://site.test\\@127.0.0.1:{port}/"]
    addresses += [f"http://@127.0.0.1:{port}/", f"http://127.0.0.1#@site.test:{port}/"]
    addresses += ["http://127.0.0.1:6379/", "http://127.0.0.1:22/", "http://127.0.0.1:0/"]
    addresses += ["http://127.0.0.1:99999/", "http:///etc/passwd", "http://127.0.0.1:80:80/"]
    addresses += [
        f"http://127.0.0.1\t:{port}/",
        f"http://127.0.0.1:{port}/\r\nHost: a",
        "http://a b/",
    ]
    return list(dict.fromkeys(addresses + OTHER_SCHEMES))
