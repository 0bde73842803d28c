# ruff: noqa: RUF001 - characters that look alike are part of the list
"""URLs that want to lead where no policy lets them, and the server they want."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

__all__ = ["ALLOWED", "CASES", "HOSTS", "NAMES", "Forbidden", "fake_lookup", "written"]

#: The one address, with one port, that the policy of these tests names.
ALLOWED: Final = "127.0.0.2"

#: Spellings of addresses of this machine, or of such as may lead to it or to a secret.
HOSTS: Final = (
    # decimal, octal, hexadecimal, short, mixed
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F000001",
    "017700000001", "0177.0.0.1", "0177.0.0.01", "0x7f.0.0.1", "0x7f.1",
    "127.0x0.0.1", "0x7f.0x0.0x0.0x1", "0177.0x0.0.1", "127.000.000.001",
    "127.0.0.1.", "127.1.", "127.0.0.1..", "127.255.255.254", "127.0.0.53",
    "00000177.0.0.1", "0x000000007f000001", "281472812449793", "127.0.0.257",
    "0", "0.0.0.0", "0x0", "0.0", "00000000000",  # noqa: S104 - asked for, not bound
    # IPv6, and IPv4 inside it
    "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::0001]", "[::]", "[0::0]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::FFFF:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]", "[2001:0:7f00:1::]",
    "[2001::80ff:fffe]", "[::ffff:0.0.0.0]", "[::ffff:169.254.169.254]",
    # with a zone
    "[fe80::1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[::1%251]",
    "[fe80::1%25eth0]", "[::ffff:127.0.0.1%251]",
    # private, link-local, metadata, multicast, reserved
    "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "[fd00::1]", "[fec0::1]",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "169.254.43518", "169.254.170.2", "100.100.100.200", "192.0.0.192",
    "[fd00:ec2::254]", "[fd20:ce::254]", "224.0.0.1", "[ff02::1]", "255.255.255.255",
    "240.0.0.1",
    # percent signs, full-width and circled digits, dots of other scripts, IDN
    "127%2E0%2E0%2E1", "%31%32%37.0.0.1", "127.0.0.1%00.test", "%6c%6f%63alhost",
    "127.0.0.1%0d%0a", "127。0。0。1", "127．0．0．1", "１２７.０.０.１",
    "①②⑦.⓪.⓪.①", "０ｘ７ｆ.1", "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "loc\u00adalhost", "localhost。", "127.0.0.1\u200b", "[::ﬀff:127.0.0.1]",
    "١٢٧.0.0.1", "xn--7f-0.0.0.1",
    # names
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost",
    "inward.test", "inward.test.", "INWARD.test", "mixed.test", "mapped.test",
    "six.test", "zone.test", "meta.test", "any.test", "nat.test", "compatible.test",
    "127.0.0.1.nip.test", "metadata.google.internal", "127-0-0-1.nip.test",
)  # fmt: skip

#: Ways to write the whole URL so that its readers disagree about host, port or scheme.
#: `{port}` is that of the forbidden server, `{open}` that of the allowed one.
URLS: Final = (
    # user names
    "http://{allowed}@127.0.0.1:{port}/", "http://{allowed}:{open}@127.0.0.1:{port}/",
    "http://{allowed}%40127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@{allowed}/",
    "http://{allowed}\\@127.0.0.1:{port}/", "http://{allowed}:80#@127.0.0.1:{port}/",
    "http://{allowed}:{open}?@127.0.0.1:{port}/", "http://a:b@c@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}%23@{allowed}:80/", "http://{allowed}&@127.0.0.1:{port}#@x/",
    "http://@127.0.0.1:{port}/", "http://:@127.0.0.1:{port}/",
    # ports
    "http://{allowed}:{port}/", "http://127.0.0.1:0{port}/", "http://127.0.0.1:+{port}/",
    "http://127.0.0.1:{wrapped}/", "http://127.0.0.1:{port}:80/",
    "http://{allowed}:{open}:{port}/", "http://127.0.0.1: {port}/",
    "http://127.0.0.1:{full}/", "http://127.0.0.1:-1/", "http://{allowed}:0{port}/",
    # schemes
    "https://127.0.0.1:{port}/", "HTTP://127.0.0.1:{port}/", "file:///etc/passwd",
    "file://127.0.0.1:{port}/etc/passwd", "gopher://127.0.0.1:{port}/_GET%20/",
    "dict://127.0.0.1:{port}/info", "ftp://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/",
    "wss://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/", "tftp://127.0.0.1:{port}/",
    "sftp://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}/!/", "unix:/run/x.sock",
    "http+unix://%2Frun%2Fx.sock/", "view-source:http://127.0.0.1:{port}/",
    "chrome://version", "about:blank", "data:text/html,x",
    "javascript:fetch('http://127.0.0.1:{port}/')", "blob:http://127.0.0.1:{port}/x",
    # separators and blanks
    "//127.0.0.1:{port}/", "http:/127.0.0.1:{port}/", "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}\\", "127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/", "ht\ttp://127.0.0.1:{port}/", "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1\n:{port}/", "http://127.0.0.1:{port}\r\nHost: x/",
    "http://127.0.0.1\x00:{port}/", "\x00http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/\r\n\r\nGET /secret HTTP/1.1",
    "http://[::1]:{port}@{allowed}:{port}/", "http://[127.0.0.1]:{port}/",
    "http://[::1:{port}/", "http://::1:{port}/", "",
)  # fmt: skip

#: What the name server of these tests answers.
NAMES: Final[Mapping[str, list[str]]] = {
    "localhost": ["127.0.0.1"],
    "localhost.localdomain": ["::1", "127.0.0.1"],
    "ip6-localhost": ["::1"],
    "inward.test": ["127.0.0.1"],
    "mixed.test": [ALLOWED, "127.0.0.1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "six.test": ["::1"],
    "zone.test": ["fe80::1%1"],
    "meta.test": ["169.254.169.254"],
    "any.test": ["0.0.0.0"],  # noqa: S104 - answered, not bound
    "nat.test": ["64:ff9b::7f00:1"],
    "compatible.test": ["::127.0.0.1"],
    "127.0.0.1.nip.test": ["127.0.0.1"],
    "127-0-0-1.nip.test": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
}


#: All of them.
CASES: Final = (*(f"http://{host}:{{port}}/" for host in HOSTS), *URLS)


def written(case: str, port: int, open_port: int) -> str:
    """The URL of a case: it must not lead to the port.

    Args:
        case: One of `CASES`.
        port: Of the forbidden server, which listens on every address.
        open_port: That of the server which may be asked.
    """
    wide = "".join(chr(ord("０") + int(digit)) for digit in str(port))
    return case.format(
        port=port, open=open_port, wrapped=port + 65_536, allowed=ALLOWED, full=wide
    )


async def fake_lookup(host: str, _: int) -> list[str]:
    """A name server that knows `NAMES` and nobody else."""
    found = NAMES.get(host.rstrip(".").lower())
    if found is None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return found


class Forbidden:
    """Listens on every address of the machine, both families, and counts."""

    def __init__(self) -> None:
        self._socket = socket.create_server(
            ("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1000
        )
        self._socket.settimeout(0)
        self.port: int = self._socket.getsockname()[1]

    def hits(self) -> int:
        """Connections since it was asked last; the kernel has accepted them all."""
        count = 0
        while True:
            try:
                self._socket.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
