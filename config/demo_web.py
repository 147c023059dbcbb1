"""The demo's web server: one worker on this machine's own address."""

import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from config.processes import become_parent, die_with_parent


def main(port: int) -> None:
    die_with_parent()
    become_parent()
    Server(
        "config.wsgi:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
