from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from conftest import PROJECT_ROOT
from plantrack import __version__

PACKAGE = PROJECT_ROOT / "src" / "plantrack"
MODULES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
PURE = [name for name in MODULES if name.startswith(("core/", "render/"))]
PROJECT = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())
MAKE_TARGETS = set(
    re.findall(r"^([a-z]+):.*## ", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE)
)
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 40


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def shipped_texts() -> Iterator[Path]:
    names = ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", ".ci/run")
    yield from (PROJECT_ROOT / name for name in names)
    for folder in ("src", "tests", "sample_docs"):
        for path in (PROJECT_ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".json", ".toml"} and path != Path(__file__):
                yield path


def shipped_texts_with(words: re.Pattern[str]) -> list[str]:
    return [
        str(path.relative_to(PROJECT_ROOT))
        for path in shipped_texts()
        if words.search(path.read_text(errors="replace"))
    ]


# --- modules --------------------------------------------------------------------------------------


def test_there_are_modules_to_look_at() -> None:
    assert {"__init__.py", "errors.py", "core/model.py"} <= set(MODULES)


def test_a_module_says_in_one_line_what_it_is_for() -> None:
    docstrings = {name: ast.get_docstring(tree) or "" for name, tree in trees().items()}
    assert not {
        name: said for name, said in docstrings.items() if "\n" in said or not said.endswith(".")
    }


def test_a_module_can_be_read_in_one_sitting() -> None:
    lengths = {name: path.read_text().count("\n") for name, path in MODULES.items()}
    assert not {name: length for name, length in lengths.items() if length > MAX_MODULE_LINES}


def test_a_function_fits_a_screen() -> None:
    assert not {
        f"{name}: {function.name}": length
        for name, tree in trees().items()
        for function in functions(tree)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MAX_FUNCTION_LINES
    }


def test_a_module_is_named_for_what_it_holds() -> None:
    assert not [name for name in MODULES if re.search(r"util|helper|common|manager|misc", name)]


def test_core_and_render_reach_for_no_world_through_builtins() -> None:
    called = {
        (name, node.func.id)
        for name in PURE
        for node in ast.walk(trees()[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    reaching = {"open", "print", "input", "exec", "eval", "__import__"}
    assert len(called) > 100
    assert not {(name, function) for name, function in called if function in reaching}


# --- the project's own promises -------------------------------------------------------------------


def test_every_dependency_has_one_home() -> None:
    """Each is named in the import contract that lists the module it may be imported by."""
    contracts = {entry["id"]: entry for entry in PROJECT["tool"]["importlinter"]["contracts"]}
    homes = contracts["homes"]
    names = {
        re.split(r"[^\w-]", line, maxsplit=1)[0].replace("-", "_")
        for line in PROJECT["project"]["dependencies"]
    }
    assert names
    assert names <= set(homes["forbidden_modules"])
    assert {line.split(" -> ")[1] for line in homes["ignore_imports"]} >= names


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "src/plantrack/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_the_changelog_knows_the_version() -> None:
    """It opens with what is not released yet; the newest release below is the version we carry."""
    changelog = (PROJECT_ROOT / "CHANGELOG.md").read_text()
    first, *releases = re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE)
    assert first == "Unreleased"
    assert releases[:1] in ([], [__version__])


def test_make_has_what_newcomers_are_told_to_type() -> None:
    readme = (PROJECT_ROOT / "README.md").read_text()
    told = set(re.findall(r"(?:^\s*|`)(?:\$ )?make ([a-z]+)", readme, re.MULTILINE))
    assert "test" in told
    assert told <= MAKE_TARGETS


def test_make_help_lists_every_target() -> None:
    assert {"help", "demo", "test", "check", "bench", "clean", "format"} <= MAKE_TARGETS


def test_nobody_is_sent_to_the_other_project_of_our_name() -> None:
    sending = re.compile(r"(?:pip install|uvx|uv tool install) plantrack\b(?!-)")
    assert shipped_texts_with(sending) == []


def test_nothing_shipped_is_unfinished() -> None:
    unfinished = re.compile(r"\b(?:FIXME|XXX|HACK|NotImplementedError)\b|#\s*TODO\b")
    assert shipped_texts_with(unfinished) == []


def test_ci_runs_the_command_the_readme_gives() -> None:
    ci = PROJECT_ROOT / ".ci" / "run"
    assert ci.stat().st_mode & 0o111
    assert re.search(r"^make test\b", ci.read_text(), re.MULTILINE)
