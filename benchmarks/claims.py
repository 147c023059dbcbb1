"""How long 100,000 claims take to read and to check, and how much memory that needs."""

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from evidence.arithmetic import Claim, ClaimType, check
from evidence.calculator import ClaimTexts, read_claim

CLAIMS = 100_000
SECONDS, MEGABYTES = 10, 300

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """Name, value, unit and target of each measurement, taken in a process of its own."""
    output = subprocess.run(
        [sys.executable, "-m", "benchmarks.claims"],
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    reading, checking, memory = map(float, output.split())
    return [
        (f"read {CLAIMS:,} claims", reading, "s", SECONDS),
        (f"check {CLAIMS:,} claims", checking, "s", SECONDS),
        (f"peak memory of {CLAIMS:,} claims and findings", memory, "MB", MEGABYTES),
    ]


def made_up_claim(random_source: random.Random) -> Claim:
    """A claim of four kinds; many are inconsistent, which costs more to explain."""
    before, after = (random_source.randint(1_001, 99_999) for _ in range(2))
    change = round(100 * (after - before) / before) + random_source.choice([0, 7])
    one, two = f"{before:,}", f"{after:,}"
    match random_source.randrange(4):
        case 0:
            texts = ClaimTexts(stated=f"{change}%", from_=one, to=two)
            return read_claim(ClaimType.PERCENT_CHANGE, texts)
        case 1:
            texts = ClaimTexts(stated="nearly two-thirds", to=one, total="100,123")
            return read_claim(ClaimType.SHARE, texts)
        case 2:
            texts = ClaimTexts(stated=f"{before + after:,}", parts=f"{one}; {two}")
            return read_claim(ClaimType.SUM, texts)
        case _:
            texts = ClaimTexts(stated="almost four a day", to=one, days="730")
            return read_claim(ClaimType.RATE_PER_PERIOD, texts)


def main() -> None:
    """Print the seconds of reading, the seconds of checking and the peak megabytes."""
    random_source = random.Random(20260401)
    started = time.perf_counter()
    claims = [made_up_claim(random_source) for _ in range(CLAIMS)]
    read = time.perf_counter()
    findings = [check(claim) for claim in claims]
    checked = time.perf_counter()
    assert len(findings) == CLAIMS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes, on Linux
    print(f"{read - started:.2f} {checked - read:.2f} {peak:.0f}")


if __name__ == "__main__":
    main()
