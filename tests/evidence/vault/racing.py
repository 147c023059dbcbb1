"""One of several processes that do the same at once: says `ready`, waits for a line, goes.

python racing.py create|append FOLDER NUMBER
"""

import sys
from pathlib import Path
from uuid import UUID

from django.conf import settings

from evidence.vault import ledger_file
from evidence.vault.keyring import current

CONTRIBUTORS = [UUID(int=number) for number in range(1, 41)]


def create() -> None:
    """Print the keys as this process found them."""
    for contributor in CONTRIBUTORS:
        current().create(contributor)
        print(current().key_of(contributor).hex())  # noqa: T201 - it is the answer


def append(number: int) -> None:
    """Each appends forty of its own, and forty that all of them append."""
    for turn in range(40):
        own, shared = UUID(int=1000 * number + turn), UUID(int=turn)
        ledger_file.append([{"id": str(own)}, {"id": str(shared)}])


if __name__ == "__main__":
    settings.configure(KEYRING_DIR=Path(sys.argv[2]), KEYRING_KEY=bytes(32), DEMO=False)
    print("ready", flush=True)  # noqa: T201 - the others are waited for
    sys.stdin.readline()
    create() if sys.argv[1] == "create" else append(int(sys.argv[3]))
