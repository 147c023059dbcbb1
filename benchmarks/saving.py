"""How long the checks of one saved statistic take beside many others."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MILLISECONDS = 50

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """In a database of its own, with the demo's campaign and a figure for every area beside it."""
    with tempfile.TemporaryDirectory(prefix="attest-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        environment = {**os.environ, "ATTEST_VAR": folder, "ATTEST_DEMO": "1"}
        manage = [sys.executable, "manage.py"]
        subprocess.run(
            [*manage, "prepare_demo"], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        measured = subprocess.run(
            [*manage, "shell", "-v0", "-c", "from benchmarks.saving import measure; measure()"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    return [("checks of one saved statistic", float(measured), "ms", MILLISECONDS)]


def measure() -> None:
    """Print the median of twenty, in milliseconds."""
    import statistics  # this function runs within Django, the rest of the module without it
    import time

    from evidence.checking import check_claims
    from evidence.models import Area, Claim, Statistic

    known = Statistic.objects.filter(claim_inputs__isnull=False).first()
    assert known
    areas = list(Area.objects.all())
    Statistic.objects.bulk_create(
        Statistic(
            measure=known.measure,
            area=areas[number % len(areas)],
            period=known.period,
            source=known.source,
            unit="other",
            value_printed=f"{number:,}",
            value=number,
            last_edited_by=known.last_edited_by,
        )
        for number in range(len(areas))
    )
    times = []
    for _ in range(20):
        started = time.perf_counter()
        check_claims(Claim.objects.filter(inputs__statistic=known))
        times.append(1000 * (time.perf_counter() - started))
    print(statistics.median(times))
