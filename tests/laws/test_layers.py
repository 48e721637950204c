"""The layers: a module imports only from lower ones, each package of others is known to one module, and few may print.

Imports inside functions count too. What stands here is the table of DESIGN.md as it was built.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import site_builder

PACKAGE = Path(site_builder.__file__).parent
LAYERS = (
    ("bar", "errors", "locales", "model", "plain_markdown", "versions"),
    ("wording",),
    (
        "companions",
        "dates",
        "decoding",
        "front_matter",
        "import_cache",
        "import_ledger",
        "link_tags",
        "markup",
        "originals",
        "picture_tags",
        "pictures",
        "readahead",
        "resemblance",
        "streams",
        "urls",
        "workers",
    ),
    (
        "arguments",
        "atlas",
        "authorities",
        "citation_words",
        "clusters",
        "file_links",
        "front_values",
        "import_alike",
        "import_catalogue",
        "vocabulary",
    ),
    ("stated",),
    ("settings", "importers", "extraction", "import_state", "theme_options"),
    ("theme", "documents", "citations", "import_media"),
    ("entries", "import_packed", "import_take", "import_report", "sums", "templates", "theme_new"),
    ("claims", "digests", "linking", "members", "scanning", "settling", "tallies", "url_ledger"),
    ("index_tables",),
    ("index", "import_learn", "import_walk", "import_write"),
    ("import_refresh", "parts"),
    ("import_copies",),
    ("finding", "imports"),
    ("plan", "publishing"),
    ("context", "intact", "ledger_tables"),
    ("batches", "breadcrumbs", "comparing"),
    ("summaries", "views", "output"),
    ("making", "stamping"),
    ("shares",),
    ("joining", "taking"),
    ("pipeline",),
    ("serve", "check"),
    ("cli",),
    ("bootstrap",),
    ("__main__",),
)
OUTSIDE = {
    "babel": "locales",
    "markdown": "markup",
    "pygments": "markup",
    "nh3": "markup",
    "jinja2": "theme",
    "markupsafe": "theme",
    "yaml": "front_matter",
    "filelock": "claims",
    "watchdog": "serve",
    "tqdm": "bar",
    "charset_normalizer": "decoding",
    "feedparser": "importers",
    "webencodings": "decoding",
    "brotli": "streams",
    "zstandard": "streams",
    "PIL": "pictures",
    "lxml": "extraction",
    "trafilatura": "extraction",
    "distributed": "clusters",
}
SPEAKERS = {"cli", "bootstrap", "__main__"}
MAX_LINES = 400

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text("utf-8"))


def _dotted(module: str) -> list[str]:
    """`extraction/text/head.py` → `["extraction", "text", "head"]`; a package's own file is the package."""
    parts = module.removesuffix(".py").split("/")
    return parts[:-1] if parts[-1] == "__init__" else parts


def _is_module(parts: list[str]) -> bool:
    return PACKAGE.joinpath(*parts).with_suffix(".py").is_file() or PACKAGE.joinpath(*parts, "__init__.py").is_file()


def imported(module: str) -> Iterator[tuple[str, list[str]]]:
    """Every import of a module: the top-level package, and for our own the path of the module within it."""
    here = _dotted(module)
    package = here if module.endswith("__init__.py") else here[:-1]
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, *rest = alias.name.split(".")
                yield top, rest
        elif isinstance(node, ast.ImportFrom):
            top, *base = (node.module or "").split(".") if node.level == 0 else ("site_builder", *_from(node, package))
            for alias in node.names if top == "site_builder" else ():
                # `from . import urls` names a module, `from .urls import KINDS` a value in one.
                yield top, [*base, alias.name] if _is_module([*base, alias.name]) else base
            if top != "site_builder":
                yield top, base


def _from(node: ast.ImportFrom, package: list[str]) -> list[str]:
    base = package[: len(package) - (node.level - 1)]
    return [*base, *(node.module.split(".") if node.module else ())]


def layer(parts: list[str]) -> int:
    """The layer of a module; the package's own file, with its version, lies under all."""
    return next((n for n, names in enumerate(LAYERS) if parts and parts[0] in names), -1 if not parts else 99)


def test_every_module_has_a_layer() -> None:
    assert not [module for module in MODULES if layer(_dotted(module)) == 99]
    assert not [name for names in LAYERS for name in names if not _is_module([name])]


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_from_lower_layers(module: str) -> None:
    here = _dotted(module)
    for top, there in imported(module):
        if top != "site_builder" or not there:
            continue
        if here and there[0] == here[0]:
            assert _may_import_inside(module, here, there), f"{module} imports {'.'.join(there)}, its sibling"
        else:
            assert layer(there) < layer(here), f"{module} imports {'.'.join(there)}, which is not in a lower layer"


def _may_import_inside(module: str, here: list[str], there: list[str]) -> bool:
    """Within a folder of siblings only the folder's own file imports the others; the passes over a text share tools."""
    if module.endswith("__init__.py"):
        return there[: len(here)] == here
    if here[:-1] == ["extraction", "text"] == there[:-1]:
        return there[-1] not in passes()
    ordered = (["atlas"], ["extraction", "html"], ["importers", "tables"], ["vocabulary"])
    if here[:-1] in ordered:  # rooms of tools that form an order
        return there[:-1] == here[:-1]
    return False


@cache
def passes() -> frozenset[str]:
    """The modules of `extraction/text/` that hold a pass: those from which a name in `PASSES` comes."""
    tree = _tree("extraction/text/__init__.py")
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "PASSES" for t in node.targets):
            names = {item.id for item in ast.walk(node.value) if isinstance(item, ast.Name)}
    found = {
        node.module.rpartition(".")[2]
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and names & {alias.name for alias in node.names}
    }
    assert len(found) > 5
    return frozenset(found)


@pytest.mark.parametrize("module", MODULES)
def test_no_ring_of_imports_in_a_folder(module: str) -> None:
    """The tools that the passes share form an order too."""
    seen: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name in seen:
            return
        seen.add(name)
        for top, there in imported(name):
            for file in ("/".join(there) + ".py", "/".join([*there, "__init__.py"])):
                if top == "site_builder" and there and file in MODULES and file != name:
                    walk(file, (*way, name))

    walk(module, ())


@pytest.mark.parametrize("module", MODULES)
def test_each_outside_package_is_known_to_one_module(module: str) -> None:
    here = _dotted(module)
    for top, _ in imported(module):
        if top in sys.stdlib_module_names or top == "site_builder":
            continue
        assert top in OUTSIDE, f"{module} imports {top}, which nobody has agreed to"
        assert here[0] == OUTSIDE[top], f"{module} imports {top}, which is {OUTSIDE[top]}'s"


def test_each_outside_package_is_imported_in_one_file() -> None:
    for package in OUTSIDE:
        files = {module for module in MODULES for top, _ in imported(module) if top == package}
        assert len(files) == 1, f"{package} is imported in {sorted(files)}"


@pytest.mark.parametrize("module", [module for module in MODULES if _dotted(module)[:1] not in [[s] for s in SPEAKERS]])
def test_only_the_command_line_prints_and_exits(module: str) -> None:
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("print", "exit", "quit", "input", "sys.exit", "breakpoint"), f"{module}:{node.lineno}"
            assert not called.startswith(("sys.stdout", "sys.stderr")), f"{module}:{node.lineno}"
        if isinstance(node, ast.Raise) and node.exc is not None:
            assert not ast.unparse(node.exc).startswith("SystemExit"), f"{module}:{node.lineno}"
        # A worker whose main process is gone has nobody left to tell.
        if isinstance(node, ast.Attribute) and node.attr == "_exit":
            assert module == "workers.py", f"{module}:{node.lineno}"


@pytest.mark.parametrize("module", MODULES)
def test_modules_fit_in_a_head(module: str) -> None:
    lines = len((PACKAGE / module).read_text("utf-8").splitlines())
    assert lines <= MAX_LINES, f"{module} has {lines} lines"


@pytest.mark.parametrize("module", MODULES)
def test_modules_say_what_they_are(module: str) -> None:
    """And content never reaches a template's source, a shell or a pickle."""
    assert ast.get_docstring(_tree(module)), f"{module} has no docstring"
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "os.system", "os.popen", "compile"), f"{module}:{node.lineno}"
            assert not called.startswith(("pickle.", "marshal.", "shelve.")), f"{module}:{node.lineno}"
            assert not called.endswith(".from_string"), f"{module}:{node.lineno}"
            if called.startswith("subprocess."):
                assert module == "bootstrap.py", f"{module}:{node.lineno}"
