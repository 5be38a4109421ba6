"""The house keeps its shape: every module has its place, says what it is for, and stays small."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("bot", "cogs", "sandbox", "demo", "migrations")
SOURCES = sorted(path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in SOURCES]

TELLS_TIME = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic",
    "time.perf_counter", "time.sleep", "asyncio.sleep",
}  # fmt: skip


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("bot/", "cogs/"))])
def test_only_the_clock_tells_or_waits_for_time(name):
    if name == "bot/core/clock.py":
        return
    used = {ast.unparse(node) for node in ast.walk(tree(ROOT / name)) if isinstance(node, ast.Attribute)}
    assert not {each for each in used if each.removeprefix("datetime.") in TELLS_TIME or each in TELLS_TIME}


@pytest.mark.parametrize("name", NAMES)
def test_modules_and_functions_stay_small(name):
    path = ROOT / name
    assert path.read_text(encoding="utf-8").count("\n") <= 400
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


def test_nineteen_functions_of_twenty_fit_in_thirty_lines():
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[int(len(lengths) * 0.95)] <= 30


def test_locks_have_hashes_and_no_addresses():
    for lock in ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert text.count("--hash=sha256:") > 100
        assert not re.search(r"https?:|file:|--find-links|--index|--extra-index", text), lock


def test_locks_agree_with_each_other_and_with_pyproject():
    def pins(lock: str) -> dict[str, str]:
        found = re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", (ROOT / lock).read_text(), re.M)
        return dict(found)

    runtime, demo, dev = (pins(f"requirements{which}.lock") for which in ("", "-demo", "-dev"))
    assert runtime.items() <= demo.items() <= dev.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name = re.split(r"[\[<>=]", requirement)[0].lower().replace(".", "-")
        assert name in runtime, f"{name} is required and not locked"


def test_readme_names_its_two_commands_first():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\s*(make \w+)", readme, re.M)
    assert commands[:2] == ["make demo", "make test"]


def test_every_make_target_of_the_readme_and_contributing_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert set(re.findall(r"`make (\w+)", text)) <= targets


def test_no_path_of_one_machine_is_in_the_tree():
    for path in [*SOURCES, *ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile"]:
        assert not re.search(r"(?<![\w.])/(?:home|root|work)/", path.read_text(encoding="utf-8")), path
