"""Runs every benchmark and prints one table: what was measured, and what was promised."""

import argparse
import importlib
import os
import sys

QUICK = ("claims", "reconciliation", "saving", "packs", "copies", "gaps", "sync", "feed", "demo")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"some of {', '.join(QUICK)}; all if left out")
    parser.add_argument("--full", action="store_true", help="measure everything, however long")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if chosen.full:
        os.environ["ATTEST_BENCH_FULL"] = "1"
    missed = 0
    print(f"{'measured':<58} {'value':>10} {'at most':>10} unit")
    for name in chosen.names or QUICK:
        for what, value, unit, target in importlib.import_module(f"benchmarks.{name}").run():
            over = value > target
            missed += over
            mark = "  over" if over else ""
            print(f"{what:<58} {value:>10.3g} {target:>10.3g} {unit}{mark}", flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
