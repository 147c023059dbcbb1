"""Reads hostile bytes in a short-lived process that can open, start and keep nothing.

The parent calls `run`; the child, once it has imported what it needs, calls `serve`.
"""

import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Timer
from typing import IO

from evidence.refusing import Refused
from evidence.snapshots.words import Words

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).parents[2]
READY = b"ready\n"
STANDARD_STREAMS = 3
TOO_HARD = (
    "This file takes too much time or memory to read, or is broken: "
    "save it anew with another program, or paste the part you need."
)


@dataclass(frozen=True)
class Limits:
    """What one reading may take."""

    seconds: float = 1.2  # of the processor, from the moment at which it asks for the bytes
    patience: float = 5.0  # times as long by the clock, for a busy machine
    start: float = 20.0  # seconds until it asks for them: a busy machine loads libraries slowly
    memory: int = 512 * 2**20  # bytes of address space, the libraries' own 60 MB included
    answer: int = 10_000_000  # bytes


type Read = Callable[[bytes, str], Words]


def run(module: str, data: bytes, argument: str, limits: Limits) -> Words:
    """What `module` reads; raises Refused with its sentence, or if it had to be ended.

    The child gets none of our environment, which holds the passwords.
    """
    order = [sys.executable, "-m", module, argument, json.dumps(asdict(limits))]
    with Popen(
        order, cwd=PROJECT, env={}, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, process_group=0
    ) as child:
        try:
            return _answered(_conversation(child, data, limits), limits)
        finally:
            _end(child)


def _conversation(child: Popen[bytes], data: bytes, limits: Limits) -> bytes:
    given, answer = _pipes(child)
    with _ended_after(limits.start, child):
        ready = answer.readline(len(READY))
    if ready != READY:
        logger.error("The reading process %s did not start.", child.args)
        raise Refused("Attest cannot read files at the moment: paste the text instead.")
    # It reads everything before it writes, so neither side waits for the other.
    with _ended_after(limits.seconds * limits.patience, child):
        with suppress(BrokenPipeError), given:
            given.write(data)
        return answer.read(limits.answer + 1)


def _pipes(child: Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("A child with pipes has pipes.")
    return child.stdin, child.stdout


@contextmanager
def _ended_after(seconds: float, child: Popen[bytes]) -> Iterator[None]:
    """Ends the child on time, which also ends our waiting for its next byte."""
    watch = Timer(seconds, _end, [child])
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _end(child: Popen[bytes]) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _answered(written: bytes, limits: Limits) -> Words:
    """The child may have fallen to the file that it read, so its answer is not trusted either."""
    if len(written) > limits.answer:
        raise Refused("This file holds more text than a source has: paste the part you need.")
    try:
        answer = json.loads(written)
        if "refused" in answer:
            raise Refused(str(answer["refused"]))
        return Words(str(answer["text"]), str(answer["encoding"]), bool(answer["guessed"]))
    except (ValueError, TypeError, LookupError, RecursionError):
        raise Refused(TOO_HARD) from None


def serve(read: Read) -> None:
    """The child's whole life: ask for the bytes, read them under lock, answer, end."""
    argument, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    lock(limits)
    try:
        answer = asdict(read(sys.stdin.buffer.read(), argument))
    except Refused as refused:
        answer = {"refused": str(refused)}
    except Exception:  # whatever a parser does with a hostile file, it is the file's fault
        answer = {"refused": TOO_HARD}
    out.write(json.dumps(answer).encode())
    out.flush()
    os._exit(0)  # without the libraries' own clearing up, which a broken file may have spoilt


def lock(limits: Limits) -> None:
    """From here on no file or socket can be opened, whatever the bytes lead a parser to."""
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)  # ends the process: nobody handles it
    for limit, value in {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: int(limits.seconds) + 2,  # loading its libraries included
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: STANDARD_STREAMS,
    }.items():
        resource.setrlimit(limit, (value, value))
