"""The claim calculator on the command line: answers, refusals and exit codes."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from evidence.management.commands.check_claim import Command

RISE = ("--from", "1437", "--to", "2061")


def answered(*arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command("check_claim", *arguments, "--format", "json", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("percent_change", "--stated", "43%", *RISE), {
            "verdict": "consistent", "recomputed": 43.42, "interval": [42.5, 43.5],
            "reason": "1437 to 2061 is a rise of 43.42%, which rounds to the printed 43%.",
        }),
        (("rate_per_period", "--stated", "four", "--qualifier", "nearly", "--to", "2,895",
          "--days", "730"), {
            "verdict": "consistent", "recomputed": 3.966, "interval": [3.5, 4.5],
            "reason": '2,895 over 730 days is 3.966 a day, which the printed "nearly four" '
            "allows (3.5 to 4.5).",
        }),
        (("sum", "--stated", "1,437", "--parts", "287,259,528,363"), {
            "verdict": "consistent", "recomputed": 1437, "interval": [1437, 1437],
            "reason": "287 + 259 + 528 + 363 is 1,437, which is the printed 1,437.",
        }),
        (("sum", "--stated", "2,895", "--part", "1,437", "--part", "1,458"), {
            "verdict": "consistent", "recomputed": 2895, "interval": [2895, 2895],
            "reason": "1,437 + 1,458 is 2,895, which is the printed 2,895.",
        }),
        (("share", "--stated", "a third", "--parts", "1,361; 1,363; 547", "--total", "9,888"), {
            "verdict": "consistent", "recomputed": 33.08, "interval": [32.8333, 33.8333],
            "reason": '1,361 + 1,363 + 547 of 9,888 is 33.08%, which the printed "a third" '
            "allows (32.83% to 33.83%).",
        }),
        (("share", "--stated", "44%", "--base", "25", "--weighted"), {
            "verdict": "not_testable", "recomputed": None, "interval": None,
            "reason": "The base is weighted, so the printed counts do not give the figure.",
        }),
        (("direction_only", "--stated", "up", *RISE), {
            "verdict": "consistent", "recomputed": 624, "interval": None,
            "reason": "1437 to 2061 is a rise of 624, and a rise is what is stated.",
        }),
    ],
)  # fmt: skip
def test_the_answer_is_json(arguments: tuple[str, ...], answer: dict[str, object]) -> None:
    assert answered(*arguments) == answer


def test_the_answer_is_one_line_of_text_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    Command().run_from_argv(
        ["manage.py", "check_claim", "absolute_change", "--stated", "99", *RISE]
    )

    assert capsys.readouterr().out == (
        "inconsistent: 1437 to 2061 is a rise of 624, not the printed 99.\n"
    )


def test_a_fall_may_be_written_with_a_minus_sign(capsys: pytest.CaptureFixture[str]) -> None:
    fall = ["--stated", "-24.2%", "--from", "363", "--to", "275"]

    Command().run_from_argv(["manage.py", "check_claim", "percent_change", *fall])

    assert capsys.readouterr().out.startswith("consistent: 363 to 275 is a fall of 24.24%")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (
            ("percent_change", "--stated", "43%%", *RISE),
            '--stated: "43%%" has its percent sign twice: write it once.',
        ),
        (
            ("percent_change", "--stated", "43%", "--from", "2016/17", "--to", "2061"),
            '--from: "2016/17" is a year, not a division: write the figure that is printed for it.',
        ),
        (
            ("sum", "--stated", "2,895", "--parts", "1,437,1,458"),
            '--parts: "1,437,1,458" may be read in several ways: '
            "put a semicolon between the numbers, as in 1,437; 1,458.",
        ),
        (
            ("rate_per_period", "--stated", "four", "--to", "2,895", "--days", "2.5"),
            '--days: "2.5" is not a whole number: write one such as 730.',
        ),
        (
            ("share", "--stated", "44%", "--base", "-25"),
            '--base: "-25" is not a whole number: write one such as 730.',
        ),
        (
            ("direction_only", "--stated", "sideways", *RISE),
            '--stated: "sideways" is not a direction: write up or down.',
        ),
    ],
)
def test_an_unreadable_number_is_refused_at_its_option(
    arguments: tuple[str, ...], refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "check_claim", *arguments])

    assert (ended.value.code, capsys.readouterr().err) == (1, f"CommandError: {refusal}\n")


@pytest.mark.parametrize("arguments", [(), ("average",), ("sum", "--precision", "2")])
def test_wrong_usage_exits_with_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "check_claim", *arguments])

    assert (ended.value.code, capsys.readouterr().err[:6]) == (2, "usage:")
