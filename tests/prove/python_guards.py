"""The guards in our own code: found in the source of whatever touches testimony and consent.

Each is taken out by giving the living function the code of a changed one.
"""

import ast
import copy
import importlib.util
import inspect
import pkgutil
import types
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps

import campaigns
import evidence
from evidence import permission
from evidence.models import Proceedings, Safeguarding
from tests.prove.mutants import Guard

# What has nothing to do with an account: all other models of the floor are watched, new ones too.
ELSEWHERE = {"claims", "decisions", "figures", "reviewing", "snapshots", "sources"}
# Reads, shows or loads them, and decides nothing.
DECIDES_NOTHING = (
    *("admin", "models", "migrations", "fixture_files", "management", "briefing"),
    *(
        "documents",
        "carried",
        "blast_radius",
        "impact",
        "consent_register",
        "gathered",
        "snapshots",
    ),
)
ALSO = ["publishing.publication"]
QUERIES = {"filter", "exclude", "get"}


def python_guards() -> Iterator[Guard]:
    for module in watched_modules():
        yield from _of_module(module)
    for states, more in (
        (permission.CLEAR_SAFEGUARDING, Safeguarding),
        (permission.CLEAR_PROCEEDINGS, Proceedings),
    ):
        for state in set(more) - set(states):
            yield Guard(
                f"code evidence.permission: {more.__name__} {state} is clear",
                "testimony",
                (more.__name__, "may_be_used", "refusals"),
                lambda states=states, state=state: states.append(state),
                lambda states=states, state=state: states.remove(state),
            )


def watched_modules() -> list[types.ModuleType]:
    found = [importlib.import_module(name) for name in ALSO]
    for floor in (evidence, campaigns):
        for each in pkgutil.walk_packages(floor.__path__, f"{floor.__name__}."):
            if not set(each.name.split(".")) & set(DECIDES_NOTHING) and _touches_consent(each.name):
                found.append(importlib.import_module(each.name))
    return sorted(found, key=lambda module: module.__name__)


def _touches_consent(name: str) -> bool:
    watched = {
        model.__name__
        for model in apps.get_app_config("evidence").get_models()
        if model.__module__.rpartition(".")[2] not in ELSEWHERE
        and not model.__name__.endswith("Event")
    }
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return False
    tree = ast.parse(Path(spec.origin).read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evidence")
        for alias in node.names
    }
    return bool(imported & (watched | {"record_use", "may_be_used"}))


def _of_module(module: types.ModuleType) -> Iterator[Guard]:
    tree = ast.parse(inspect.getsource(module))
    for outer in tree.body:
        for node in outer.body if isinstance(outer, ast.ClassDef) else [outer]:
            if isinstance(node, ast.FunctionDef):
                owner = getattr(module, outer.name) if node is not outer else module
                function = _innermost(getattr(owner, node.name))
                if function is not None:
                    yield from _of_function(module, function, node)


def _innermost(found: object) -> types.FunctionType | None:
    if isinstance(found, property):
        found = found.fget
    found = inspect.unwrap(found) if callable(found) else found
    return found if isinstance(found, types.FunctionType) else None


def _of_function(
    module: types.ModuleType, function: types.FunctionType, node: ast.FunctionDef
) -> Iterator[Guard]:
    original = function.__code__
    place = f"{module.__name__}.{function.__qualname__}"
    for what, changed in weakened(node):
        code = _compiled(module, changed, function)
        yield Guard(
            f"code {place}: {what}",
            "publishing" if module.__name__.startswith("publishing") else "testimony",
            (node.name,),
            lambda code=code: setattr(function, "__code__", code),
            lambda: setattr(function, "__code__", original),
            code=original,
        )


def weakened(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The function without one refusal, one filter, one condition or one call at a time."""
    for number, node in enumerate(ast.walk(function)):
        for what, change in _changes(node):
            changed = copy.deepcopy(function)
            change(list(ast.walk(changed))[number])
            yield what, ast.fix_missing_locations(changed)


type Change = tuple[str, Callable[[ast.AST], None]]


def _changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.If) and any(isinstance(each, ast.Raise) for each in node.body):
        yield f"never “if {_words(node.test)}”", _never
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in QUERIES:
        yield from _shorter_queries(node)
    if isinstance(node, ast.Dict) and len(node.values) > 1 and all(map(_is_test, node.values)):
        for place, key in enumerate(node.keys):
            yield f"without {_words(key)}", _without(place)
    for name in ("body", "orelse"):
        lines = getattr(node, name, [])
        for place, line in enumerate(lines if isinstance(lines, list) else []):
            if isinstance(line, ast.Expr) and isinstance(line.value, ast.Call):
                yield f"without “{_words(line)}”", _passed_over(name, place)


def _shorter_queries(call: ast.Call) -> Iterator[Change]:
    name = call.func.attr
    alone = len(call.args) + len(call.keywords) == 1
    for place, word in enumerate(call.keywords):
        if name == "get" and word.arg in {"pk", "id", "record_id"}:
            continue
        if not (alone and name == "exclude"):
            yield f"{name} without {_words(word.value)}", _less("keywords", place)
    for place, word in enumerate(call.args):
        if not (alone and name == "exclude"):
            yield f"{name} without {_words(word)}", _less("args", place)
    if alone and name == "exclude":
        yield f"without exclude {_words(call)[-60:]}", _exclude_nothing


def _never(node: ast.AST) -> None:
    node.test = ast.Constant(value=False)


def _without(place: int) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        del node.keys[place], node.values[place]

    return change


def _passed_over(name: str, place: int) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        getattr(node, name)[place] = ast.Pass()

    return change


def _less(name: str, place: int) -> Callable[[ast.AST], None]:
    def change(node: ast.AST) -> None:
        del getattr(node, name)[place]

    return change


def _exclude_nothing(node: ast.AST) -> None:
    node.func.attr, node.args, node.keywords = "all", [], []


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bool"
    )


def _words(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:80]


def _compiled(
    module: types.ModuleType, changed: ast.FunctionDef, function: types.FunctionType
) -> types.CodeType:
    """The changed function's code, with the name that tracebacks know it by."""
    bare = copy.deepcopy(changed)
    bare.decorator_list = []
    compiled = compile(ast.Module([bare], []), module.__file__ or "", "exec", dont_inherit=True)
    found = _find(compiled, bare.name)
    if found is None:
        raise LookupError(f"{module.__name__}.{bare.name} has no code of its own")
    return found.replace(co_qualname=function.__qualname__)


def _find(code: types.CodeType, name: str) -> types.CodeType | None:
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            if each.co_name == name:
                return each
            if (inner := _find(each, name)) is not None:
                return inner
    return None
