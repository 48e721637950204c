"""Themes: where templates and static files are found, through `extends`, and how a template becomes a text.

A theme is a folder with `theme.toml` (`name`, `extends`), `templates/` and `static/`. Content never names a
template. Jinja is imported here and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import operator
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.utils import missing
from markupsafe import Markup, escape

from . import theme_options, wording
from .errors import Problem, SiteError, system_error
from .model import NOTHING
from .theme_options import Option, Value
from .wording import Words

PACKAGE = Path(__file__).parent
ENDING = ".html"
# fmt: off
__all__ = [
    "Markup", "Theme", "described", "escape", "find", "in_script", "load", "missing_words", "quoted", "render", "same", "script_json",
    "static_files", "words", "words_digest",
]
# fmt: on


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme's folders, its own first and then those it extends: the first that has a file wins.

    `version` changes with any template or file of words, so that a long-lived process never renders with one that it
    kept. `language` is that of the interface. `options` are name and value of each option, `stylesheet` what they
    change in the look, as CSS, and `doubts` what is wrong with them and can be lived with.
    """

    name: str
    folders: tuple[Path, ...]
    version: str = ""
    language: str = wording.ENGLISH
    options: tuple[tuple[str, Value], ...] = ()
    stylesheet: str = ""
    doubts: tuple[Problem, ...] = ()

    def __hash__(self) -> int:
        return hash(self.version)  # what is kept by a theme is asked for thousands of times


def find(
    name: str,
    beside: Path,
    language: str = wording.ENGLISH,
    given: Mapping[str, Any] = NOTHING,
    settings: str = "site.toml",
) -> Theme:
    """The theme `name` from `themes/` beside the content folder, or from those that came with the program.

    `given` are the options that the file `settings` sets. Raises SiteError for a theme that does not exist, a broken
    `theme.toml`, themes that extend each other in a ring, and for options that do not exist or fit, all at once.
    """
    places = [beside / "themes", PACKAGE / "themes", PACKAGE.parent / "themes"]
    folders: list[Path] = []
    tables: list[dict[str, Any]] = []
    wanted: str | None = name
    while wanted is not None:
        folder = next((place / wanted for place in places if (place / wanted / "theme.toml").is_file()), None)
        if folder is None or not wanted or "/" in wanted or wanted.startswith("."):
            known = sorted({toml.parent.name for place in places for toml in place.glob("*/theme.toml")})
            raise SiteError(f"there is no theme '{wanted}'", hint=f"themes here: {', '.join(known) or 'none'}")
        if folder in folders:
            raise SiteError(f"theme '{wanted}' extends itself", str(folder / "theme.toml"), "take out 'extends'")
        folders.append(folder)
        tables.append(_toml(folder / "theme.toml"))
        wanted = tables[-1].get("extends") or None
    options = _declared(folders, tables)
    mistakes: list[str] = []
    values = theme_options.chosen(options, given, mistakes)
    if mistakes:
        raise SiteError(
            "; ".join(mistakes),
            settings,
            f"options of theme {name}: {', '.join(key for key, option in options.items() if option.settable) or 'none'}",
        )
    doubts = tuple(
        Problem(settings, 0, f"the option '{key}' of theme {name}: {text}", "take a darker or a lighter one")
        for key, text in theme_options.faint(options, values)
    )
    sheet = theme_options.stylesheet(options, values)
    return Theme(name, tuple(folders), _version(folders), language, tuple(values.items()), sheet, doubts)


@lru_cache(maxsize=8)
def same(theme: Theme) -> Theme:
    """The first theme that was equal to this one: to be found by what it is takes less than by what it has."""
    return theme


def _declared(folders: list[Path], tables: list[dict[str, Any]]) -> dict[str, Option]:
    mistakes: list[str] = []
    options = theme_options.declared([table.get("options", {}) for table in reversed(tables)], mistakes)
    if mistakes:
        raise SiteError("; ".join(mistakes), str(folders[0] / "theme.toml"), "README.md says how options are declared")
    return options


def described(theme: Theme) -> dict[str, Option]:
    """The options that a theme has, by name, with what its own and the themes below it say of them."""
    options = _declared(list(theme.folders), [_toml(folder / "theme.toml") for folder in theme.folders])
    return {name: option for name, option in options.items() if option.settable}


def _version(folders: list[Path]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for folder in folders:
        for path in sorted((folder / "templates").rglob("*")):
            if path.is_file():
                digest.update(f"{path}\0".encode() + path.read_bytes())
    return digest.hexdigest() + wording.version(_word_folders(folders))


def _word_folders(folders: Iterable[Path]) -> tuple[str, ...]:
    return tuple(str(folder / "words") for folder in folders)


def words(theme: Theme) -> Words:
    """The words of the interface: the program's, with those that the theme has of its own."""
    return wording.load(theme.language, _word_folders(theme.folders), theme.version)


def words_digest(theme: Theme) -> bytes:
    """Changes with the words that a theme has of its own; the program's are a part of the program."""
    return wording.version(_word_folders(theme.folders)).encode()


def missing_words(theme: Theme) -> list[Problem]:
    """What the interface lacks in its language."""
    return wording.problems(theme.language, _word_folders(theme.folders))


def _toml(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise system_error(error, file, "can't be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SiteError(f"is not TOML: {error}", str(file), "strings need quotes; see toml.io") from error
    if not isinstance(table.get("extends"), str | None):
        raise SiteError("'extends' must be the name of a theme", str(file), "broadsheet, for one")
    if not isinstance(table.get("options", {}), dict):
        raise SiteError("'options' must be a table", str(file), "README.md says how options are declared")
    without = table.get("without", [])
    if not isinstance(without, list) or not all(isinstance(path, str) for path in without):
        raise SiteError("'without' must be a list of static files", str(file), 'write it as ["site.css"]')
    return table


def static_files(theme: Theme) -> dict[str, Path]:
    """Every static file of a theme by its path below `static/`, nearest theme first.

    A theme leaves out those of the themes below it that its `theme.toml` names under `without`.
    """
    found: dict[str, Path] = {}
    without: set[str] = set()
    for folder in theme.folders:
        static = folder / "static"
        for path in sorted(static.rglob("*")) if static.is_dir() else ():
            name = path.relative_to(static).as_posix()
            plain = path.is_file() and not path.is_symlink() and not path.name.startswith(".")
            if plain and name not in without:
                found.setdefault(name, path)
        without.update(_toml(folder / "theme.toml").get("without", []))
    return dict(sorted(found.items()))


# --------------------------------------------------------------------------------------------- templates


class _Generator(CodeGenerator):
    """Lets templates escape by the environment's function, and call functions without asking what they want.

    Jinja looks for functions that want the context itself, of which no template has any; it took a fifth of an
    article's template, which calls forty.
    """

    def write_commons(self) -> None:
        """Begin a template's function."""
        super().write_commons()
        self.writeline("escape = environment.escape")
        self.writeline("call = environment.call")

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Write a line; a block goes up to the page in one piece, and not its 200 pieces through three generators."""
        begin, from_, block = x.partition("yield from ")
        super().writeline(f"{begin}yield concat({block})" if from_ and not begin else x, node, extra)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Write a call."""
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class _Values(dict[str, Any]):
    """The values that a template gets."""

    def __missing__(self, key: str) -> Any:
        return missing


class _Environment(jinja2.Environment):
    code_generator_class = _Generator
    call: Any = staticmethod(operator.call)
    said: Words

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """A template with `t("key")` as the text itself, so that words cost nothing when a page is made."""
        tree = super()._parse(source, name, filename)
        try:
            _say(tree, self.said)
        except _NoWord as error:
            key, line = error.args
            message = f"there is no text '{key}' in words/{wording.ENGLISH}.toml"
            raise jinja2.TemplateSyntaxError(message, line, name, filename) from None
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`a.b`: the attribute, or what a table has under the name; Jinja's own way asks tables by an exception."""
        found = getattr(obj, attribute, missing)
        if found is not missing:
            return found
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self.undefined(obj=obj, name=attribute)

    @staticmethod
    def escape(value: Any) -> str:
        """A value as HTML. A page escapes sixty."""
        if type(value) is str:
            return _escaped(value)
        return value if type(value) is Markup else escape(value)


def _escaped(text: str) -> str:
    """As markupsafe's `escape`, which asks what kind of value it has and makes an object of the answer: a third of the
    time of an article's template went into that. A test holds the two equal.
    """
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "'" in text:
        text = text.replace("'", "&#39;")
    if '"' in text:
        text = text.replace('"', "&#34;")
    return text


class _NoWord(Exception):
    """A key that no file of words has, and the line that names it."""


def _say(node: nodes.Node, said: Words) -> None:
    """Put the words in place of the calls below a node that name one and fill nothing in."""
    for field, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, field, _said(value, said))
        elif isinstance(value, list):
            value[:] = [_said(item, said) if isinstance(item, nodes.Node) else item for item in value]


def _said(node: nodes.Node, said: Words) -> nodes.Node:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "t":
        match node.args, node.kwargs, node.dyn_args, node.dyn_kwargs:
            case [nodes.Const(value=key)], [], None, None:
                if key not in said.texts:
                    raise _NoWord(key, node.lineno)
                return nodes.Const(said.texts[key], lineno=node.lineno)
    _say(node, said)
    return node


def _loader(folders: tuple[Path, ...]) -> jinja2.BaseLoader:
    """Finds `home.html` in the nearest theme that has it, `broadsheet/home.html` from that theme on."""
    places = [folder / "templates" for folder in folders]
    by_name = {folder.name: jinja2.FileSystemLoader(places[i:]) for i, folder in enumerate(folders)}
    return jinja2.ChoiceLoader([jinja2.FileSystemLoader(places), jinja2.PrefixLoader(by_name)])


@lru_cache(maxsize=8)
def _environment(theme: Theme) -> _Environment:
    made = _Environment(
        loader=_loader(theme.folders),
        autoescape=True,  # whatever the file is called
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.said = words(theme)
    return made


def render(theme: Theme, template: str, values: Mapping[str, Any], common: Mapping[str, Any] = NOTHING) -> str:
    """A template's text, from its own values and those that it has in common with others.

    Raises SiteError naming template and line: a theme's mistake would be on every page.
    """
    try:
        made = _template(theme, template)
        # As `Template.render` does, which makes three more copies of the values, and asks for each in two places.
        found = _Values(made.environment.globals)
        found.update(common)
        found.update(values)
        context = made.environment.context_class(made.environment, found, made.name, made.blocks)
        context.vars, context.resolve_or_missing = found, found.__getitem__  # type: ignore[assignment, method-assign]
        try:
            return "".join(made.root_render_func(context))
        except Exception:
            made.environment.handle_exception()
    except jinja2.TemplateSyntaxError as error:
        where = f"{error.filename or error.name}:{error.lineno}"
        raise SiteError(error.message or "syntax error", where, "mend the template there") from error
    except (
        jinja2.TemplateError,
        TypeError,
        ValueError,
        AttributeError,
        LookupError,
        ArithmeticError,
        RecursionError,
    ) as error:
        hint = "themes/README.md has what each template gets"
        raise SiteError(f"{type(error).__name__}: {error}", _place(theme, template, error), hint) from error


def load(theme: Theme, template: str) -> None:
    """Compile a template before a page needs it; whatever is wrong with it is told then."""
    with suppress(jinja2.TemplateError, OSError, UnicodeDecodeError, RecursionError):
        _template(theme, template)


@lru_cache(maxsize=256)
def _template(theme: Theme, name: str) -> jinja2.Template:
    return _environment(theme).get_template(name)


def _place(theme: Theme, template: str, error: BaseException) -> str:
    """`file:line` of the innermost template in a traceback, which Jinja rewrites to template lines."""
    place = f"template {template} of theme {theme.name}"
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(ENDING):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def script_json(value: Any) -> Markup:
    """JSON that can stand inside a script element whatever is in it."""
    return in_script(_json(value))


def in_script(text: str) -> Markup:
    """A text of JSON as it can stand inside a script element."""
    for sign in _UNSAFE:  # looking for each takes a tenth of what an expression for all takes
        if sign in text:
            text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


quoted = json.encoder.encode_basestring
"""A text as JSON."""
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_UNSAFE = "<>&\u2028\u2029"
