"""`gevinst optimise` and `gevinst check` on files, without any server."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gevinst_portfolio.cli.__main__ import app
from tests.support.plan_cases import plan_document

SMALL, LARGER = "examples/plans/small-municipality.json", "examples/plans/municipality.json"
GEVINST = (sys.executable, "-m", "gevinst_shared.cli.main")
# Two problems; the best of the first is x2 with x3, and in the second x1 fits nowhere.
KNAPSACKS = """2
3 2 12
10 6 6
5 3 2
1 2 3
5 5
2 1 0
5 4
9 2
3
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def saved(folder: Path, document: object, name: str = "problem.json") -> Path:
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return file


def tiny() -> dict[str, Any]:
    """One forced project and one that wants the same money."""
    return {
        "schema": "gevinst-plan/1",
        "name": "tiny",
        "periods": 1,
        "budgets": [{"id": "money", "inflow": [5.5]}],
        "projects": [
            {"id": "a", "duration": 1, "value_by_start": [3.25], "cost": {"money": [3]}, "mandatory": True},
            {"id": "b", "duration": 1, "value_by_start": [9], "cost": {"money": [2.6]}},
        ],
    }


def test_a_piped_answer_is_json_alone_and_progress_is_beside_it(tmp_path: Path) -> None:
    result = run("optimise", saved(tmp_path, tiny()))

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["schema"] == "gevinst-answer/1"
    assert answer["starts"] == {"a": 0, "b": None}
    assert (answer["status"], answer["value"], answer["bound"], answer["gap"]) == ("optimal", 3.25, 3.25, 0)
    (left_out,) = answer["left_out"]
    assert left_out["obstacles"] == [{"rule": "budget", "ids": ["money"], "period": 0, "lacking": 0.1}]
    assert "gap 0.00 %" in result.stderr
    assert "Value 3.25: the best there is." in result.stderr


@pytest.mark.slow
def test_the_same_seed_and_work_give_the_same_bytes() -> None:
    first, second = (run("optimise", LARGER, "--work", 1500, "--seed", 3).stdout_bytes for _ in range(2))

    assert first == second
    assert json.loads(first)["ended_by"] == "work-limit"


@pytest.mark.slow
def test_a_written_answer_passes_the_judge(tmp_path: Path) -> None:
    out = tmp_path / "answer.json"

    solved = run("optimise", SMALL, "--out", out, "--time", 20)
    judged = run("check", SMALL, out)

    assert (solved.exit_code, solved.stdout) == (0, "")
    assert judged.exit_code == 0
    assert judged.stdout == "Feasible: 7 chosen, value 8580, as the file claims.\n"


def test_an_answer_can_be_asked_for_on_standard_output(tmp_path: Path) -> None:
    assert json.loads(run("optimise", saved(tmp_path, tiny()), "--out", "-").stdout)["value"] == 3.25


@pytest.mark.slow
def test_a_last_plan_is_kept_as_far_as_its_goal_may_cost(tmp_path: Path) -> None:
    last = saved(tmp_path, {"project-2": 4, "project-3": 1, "project-6": 3}, "last.json")

    result = run(
        "optimise",
        SMALL,
        "--last-plan",
        last,
        "--goal",
        "keep-starts",
        "--goal",
        "spread",
        "--epsilon",
        "0.05",
    )

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [goal["goal"] for goal in answer["second_goals"]] == ["keep-starts", "spread"]
    assert answer["second_goals"][0]["after"] <= answer["second_goals"][0]["before"]
    assert answer["value"] >= 0.95 * answer["bound"]
    assert "keep-starts: " in result.stderr


@pytest.mark.parametrize(
    "option", [("--epsilon", "2"), ("--epsilon", "x"), ("--time", "nan"), ("--work", "-1")]
)
def test_an_option_that_means_nothing_is_refused(option: tuple[str, str]) -> None:
    assert run("optimise", SMALL, *option).exit_code == 2


def test_the_judge_takes_a_plain_object_of_starts(tmp_path: Path) -> None:
    problem = saved(tmp_path, tiny())

    judged = run("check", problem, saved(tmp_path, {"a": 0, "b": None}, "plan.json"))

    assert (judged.exit_code, judged.stdout) == (0, "Feasible: 1 chosen, value 3.25.\n")


def test_the_judge_names_every_broken_rule(tmp_path: Path) -> None:
    problem = saved(tmp_path, tiny())

    judged = run("check", problem, saved(tmp_path, {"b": 1, "c": 0}, "plan.json"))

    assert judged.exit_code == 1
    assert judged.stdout.splitlines() == [
        "Not feasible: 2 chosen, value 0.",
        "- c is not a project of this problem",
        "- a is mandatory and is left out",
        "- b has no value for a start in period 1",
        "- b is over at period 2, after the horizon",
    ]


def test_the_judge_counts_again_what_a_file_claims(tmp_path: Path) -> None:
    claim = {"schema": "gevinst-answer/1", "value": 3.26, "starts": {"a": 0}}

    judged = run("check", saved(tmp_path, tiny()), saved(tmp_path, claim, "plan.json"))

    assert judged.exit_code == 1
    assert "- the file claims a value of 3.26, and it is 3.25" in judged.stdout


def test_an_answer_without_a_plan_has_nothing_to_judge(tmp_path: Path) -> None:
    answer = {"schema": "gevinst-answer/1", "status": "infeasible", "starts": {}}

    judged = run("check", saved(tmp_path, tiny()), saved(tmp_path, answer, "plan.json"))

    assert judged.exit_code == 1
    assert judged.stdout == "The file has no plan to judge: its status is infeasible.\n"


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("nonsense", "not JSON"),
        ("[]", "an object"),
        ('{"a": 0.5}', "/a: a is 0.5: it must be a whole number"),
        ('{"a": true}', "/a: a is true"),
        ('{"a": -1}', "/a: a is -1"),
        ('{"a": 0, "a": 1}', "there twice"),
        ('{"schema": "other/1", "starts": {}}', "/schema"),
        ('{"schema": "gevinst-answer/1"}', "/starts"),
        ('{"schema": "gevinst-answer/1", "starts": {}, "value": "3"}', "/value"),
    ],
)
def test_a_plan_that_is_none_is_refused(tmp_path: Path, plan: str, said: str) -> None:
    judged = run("check", saved(tmp_path, tiny()), saved(tmp_path, plan, "plan.json"))

    assert judged.exit_code == 2
    assert said in judged.stderr


def test_rules_that_contradict_each_other_are_said_in_words(tmp_path: Path) -> None:
    document = tiny()
    document["projects"][1]["mandatory"] = True

    result = run("optimise", saved(tmp_path, document))

    assert result.exit_code == 3
    assert "No plan keeps all rules. These contradict each other:\n- money must suffice" in result.stderr
    assert [rule["rule"] for rule in json.loads(result.stdout)["contradictions"]] == [
        "budget",
        "mandatory",
        "mandatory",
    ]


def test_a_forced_project_that_cannot_fit_alone_says_what_it_lacks_and_when(tmp_path: Path) -> None:
    document = tiny()
    document["periods"] = 2
    document["budgets"][0] |= {"inflow": [5.5, 0], "carry": "capped", "carry_cap": 0, "year_length": 2}
    document["projects"][0] |= {"cost": {"money": [3, 4]}, "duration": 2}

    result = run("optimise", saved(tmp_path, document))

    assert result.exit_code == 3
    assert (
        "- a is mandatory, and does not fit even when it is alone: with a start in period 0, "
        "money lacks 1.5 in periods 0 to 1\n"
    ) in result.stderr
    answer = json.loads(result.stdout)
    assert {rule["rule"] for rule in answer["contradictions"]} == {"budget", "mandatory"}


def test_no_plan_before_the_limit_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    # Ranking gives the first period to the denser project, and then there is too little for the other.
    document = tiny()
    document["periods"] = 2
    document["budgets"][0]["inflow"] = [3, 2]
    document["projects"] = [
        {"id": "a", "duration": 1, "value_by_start": [9, 8], "cost": {"money": [2]}, "mandatory": True},
        {"id": "b", "duration": 1, "value_by_start": [5, 5], "cost": {"money": [3]}, "mandatory": True},
    ]

    stopped, solved = (run("optimise", saved(tmp_path, document), "--time", t) for t in (0, 9))

    assert stopped.exit_code == 4
    assert "No plan was found: the time was up." in stopped.stderr
    assert json.loads(stopped.stdout)["starts"] == {}
    assert (solved.exit_code, json.loads(solved.stdout)["value"]) == (0, 13)


def test_every_fault_is_one_sentence_with_its_place(tmp_path: Path) -> None:
    document = tiny()
    document["periods"] = True
    document["projects"][0]["duration"] = "1"
    del document["projects"][1]["value_by_start"]

    result = run("optimise", file := saved(tmp_path, document))

    assert result.exit_code == 2
    assert result.stdout == ""
    whole = "it must be a whole number, 1 or more, of at most 15 digits."
    assert result.stderr.splitlines() == [
        f"{file}: /periods: periods is true: {whole}",
        f"{file}: /projects/0/duration: duration is “1”: {whole}",
        f"{file}: /projects/1/value_by_start: value_by_start is missing: it must be a list of numbers.",
    ]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = run("optimise", tmp_path / "nothing.json")

    assert result.exit_code == 2
    assert "cannot be read: No such file or directory." in result.stderr


def test_what_the_format_does_not_name_is_ignored_and_said(tmp_path: Path) -> None:
    document = tiny()
    document["seed"] = 1
    for project in document["projects"]:
        project["scores"] = {}

    result = run("optimise", saved(tmp_path, document))

    assert result.exit_code == 0
    assert "not part of the format and ignored: /projects/*/scores, /seed" in result.stderr


def test_commands_to_the_terminal_in_a_file_are_not_passed_on(tmp_path: Path) -> None:
    document = tiny()
    document["projects"][0]["id"] = "\x1b[2J[red]a"
    document["projects"][0]["cost"] = {"\x1b]0;title\x07": [1]}

    result = run("optimise", saved(tmp_path, document))

    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert "[red]a" in result.stderr


def test_knapsacks_of_the_or_library_are_solved(tmp_path: Path) -> None:
    file = saved(tmp_path, KNAPSACKS, "mknap.txt")

    first, second = (json.loads(run("optimise", file, "--problem", n).stdout) for n in (1, 2))

    assert (first["value"], first["starts"]) == (12, {"x1": None, "x2": 0, "x3": 0})
    assert (second["value"], second["starts"]) == (4, {"x1": None, "x2": 0})


@pytest.mark.parametrize("text", ["2\n3 2 16\n10 6", "1\n1 x", "1\n1 1 0 5 nan 2", "0", "1 1e9 1 1"])
def test_a_broken_knapsack_file_is_refused(tmp_path: Path, text: str) -> None:
    result = run("optimise", saved(tmp_path, text, "mknap.txt"))

    assert result.exit_code == 2
    assert "must be" in result.stderr


def test_a_knapsack_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run("optimise", saved(tmp_path, KNAPSACKS, "mknap.txt"), "--problem", 3)

    assert result.exit_code == 2
    assert "it must be from 1 to 2" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["optimise", "check"])
def test_the_command_of_the_house_passes_on_to_the_service(verb: str) -> None:
    done = subprocess.run([*GEVINST, verb, "--help"], capture_output=True, text=True, check=True)

    assert f"Usage: gevinst {verb} [OPTIONS]" in done.stdout
    assert "Exit code 0" in done.stdout


@pytest.mark.slow
def test_an_interrupt_writes_the_best_plan_so_far(tmp_path: Path) -> None:
    problem = saved(tmp_path, plan_document(5, projects=150, periods=16, roles=4, units=3))
    out = tmp_path / "answer.json"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    with subprocess.Popen(
        [*GEVINST, "optimise", problem, "--out", out], stderr=subprocess.PIPE, text=True, env=environment
    ) as search:
        assert search.stderr is not None
        while "bound –" in search.stderr.readline():
            time.sleep(0.01)
        search.send_signal(signal.SIGINT)
        said = search.stderr.read()
        code = search.wait(30)

    answer = json.loads(out.read_text(encoding="utf-8"))
    assert code == 130
    assert "interrupted" in said
    assert (answer["ended_by"], answer["status"]) == ("cancelled", "gap")
    assert run("check", problem, out).exit_code == 0
