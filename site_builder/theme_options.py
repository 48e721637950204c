"""The options of a theme: what its `theme.toml` declares, what `site.toml` sets, and the small stylesheet of both.

Tables in, values and CSS text out; reads no file. A theme that extends another changes what it names of an option
(another default, say) and keeps the rest; `NAME = false` takes an option away, and templates get its default. Only values that passed their type reach the stylesheet.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Value = str | int | bool | tuple[str, ...]
KEYS = frozenset(("type", "default", "choices", "about", "css", "on"))
LEAST_CONTRAST = 4.5
"""Of text on its ground (WCAG 2.2, 1.4.3)."""

_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_PROPERTY = re.compile("--[a-z0-9-]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_TYPES = {
    "text": "text in quotes",
    "integer": "a whole number",
    "boolean": "true or false",
    "colours": 'two colours, on light and on dark paper, like ["#8f1d14", "#f0a18f"]',
    "list": 'a list of texts, like ["a", "b"]',
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option. `base` is the default of the theme that declared its `css`, which the stylesheet there follows.

    `css` are custom properties with their values, in which `{value}` is the option's; for one with choices, a table of
    them for each choice. `on` are the light and the dark ground that colours are read on.
    """

    name: str
    type: str
    default: Value
    base: Value
    about: str = ""
    choices: tuple[Value, ...] = ()
    css: Mapping[str, Any] = field(default_factory=dict)
    on: tuple[str, ...] = ()
    settable: bool = True


def declared(tables: Iterable[Mapping[str, Any]], mistakes: list[str]) -> dict[str, Option]:
    """The options of a theme by name. `tables` are the `options` of each theme, that which extends no other first.

    What does not fit goes to `mistakes`, and the option is left out.
    """
    merged: dict[str, dict[str, Any]] = {}
    bases: dict[str, Any] = {}
    gone: set[str] = set()
    for table in tables:
        for name, given in table.items():
            if given is False and name in merged:
                gone.add(name)
                continue
            if not isinstance(given, Mapping):
                mistakes.append(f"'options.{name}' must be a table with type and default")
                continue
            unknown = sorted(given.keys() - KEYS)
            mistakes += [f"unknown key 'options.{name}.{key}'{_near(key, KEYS, f'options.{name}.')}" for key in unknown]
            merged.setdefault(name, {}).update(given)
            gone.discard(name)
            if "css" in given or name not in bases:
                bases[name] = merged[name].get("default")
    found: dict[str, Option] = {}
    for name, given in merged.items():
        option = _option(name, given, bases.get(name), mistakes)
        if option:
            found[name] = replace(option, settable=name not in gone)
    return found


def _option(name: str, given: Mapping[str, Any], base: Any, mistakes: list[str]) -> Option | None:
    where = f"options.{name}"
    kind, css, choices, on = (given.get(key, empty) for key, empty in zip(_PARTS, ("", {}, [], []), strict=True))
    before = len(mistakes)
    if kind not in _TYPES:
        mistakes.append(f"'{where}.type' must be one of {', '.join(_TYPES)}, not {kind!r}")
        return None
    if not isinstance(choices, list) or any(type(one) is not (int if kind == "integer" else str) for one in choices):
        mistakes.append(f"'{where}.choices' must be a list of values of its type")
    if not isinstance(on, list) or (on and not _is_colours(on)):
        mistakes.append(f"'{where}.on' must be {_TYPES['colours']}, not {on!r}")
    if not isinstance(css, Mapping) or not all(_is_css(key, value) for key, value in css.items()):
        mistakes.append(f"'{where}.css' must be a table of custom properties, or one of such tables for each choice")
    if len(mistakes) > before:
        return None
    option = Option(name, kind, "", "", str(given.get("about", "")), tuple(choices), css, tuple(on))
    values = [_fit(option, value, f"{where}.default", mistakes) for value in (given.get("default"), base)]
    if values[0] is None or values[1] is None:
        return None
    return Option(name, kind, values[0], values[1], option.about, option.choices, css, option.on)


_PARTS = ("type", "css", "choices", "on")


def _is_css(key: str, value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_PROPERTY.fullmatch(name) and isinstance(text, str) for name, text in value.items())
    return bool(_PROPERTY.fullmatch(key)) and isinstance(value, str)


def chosen(options: Mapping[str, Option], given: Mapping[str, Any], mistakes: list[str]) -> dict[str, Value]:
    """The value of each option: what `[theme.options]` sets where that fits, else its default."""
    values = {name: option.default for name, option in options.items()}
    known = [name for name, option in options.items() if option.settable]
    for name, value in given.items():
        key = f"theme.options.{name}"
        if name not in known:
            none = "" if known else ", this theme has none"
            mistakes.append(f"unknown option '{key}'{_near(name, known, 'theme.options.')}{none}")
            continue
        fitted = _fit(options[name], value, key, mistakes)
        if fitted is not None:
            values[name] = fitted
    return values


def _near(name: str, known: Iterable[str], prefix: str) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f", did you mean '{prefix}{near[0]}'?" if near else ""


def _fit(option: Option, given: Any, key: str, mistakes: list[str]) -> Value | None:
    """A value as the option has it, or None and a mistake."""
    right = {
        "text": type(given) is str and not _CONTROLS.search(given),
        "integer": type(given) is int,
        "boolean": type(given) is bool,
        "colours": _is_colours(given),
        "list": isinstance(given, list) and all(type(item) is str for item in given),
    }[option.type]
    if not right:
        mistakes.append(f"'{key}' must be {_TYPES[option.type]}, not {given!r}")
        return None
    value: Value = tuple(given) if isinstance(given, list) else given
    for item in value if isinstance(value, tuple) and option.type == "list" else (value,):
        if option.choices and item not in option.choices:
            near = _near(item, map(str, option.choices), "") if isinstance(item, str) else ""
            mistakes.append(f"'{key}' can be {', '.join(map(str, option.choices))}, not {item!r}{near}")
            return None
    if isinstance(value, tuple) and option.type == "list" and len({*value}) < len(value):
        mistakes.append(f"'{key}' names one of its values twice")
        return None
    return value


def _is_colours(given: Any) -> bool:
    right = isinstance(given, list) and len(given) == 2
    return right and all(isinstance(item, str) and _COLOUR.fullmatch(item) for item in given)


# ---------------------------------------------------------------------------------------------- stylesheet


def stylesheet(options: Mapping[str, Option], values: Mapping[str, Value]) -> str:
    """Custom properties for the options that differ from what the theme's own stylesheet says; empty if none do.

    For screens alone: on paper, colours are those of print.
    """
    lines: list[str] = []
    for name, option in options.items():
        value = values[name]
        if value != option.base:
            lines += [f"    {key}: {text};" for key, text in _properties(option, value)]
    return "\n".join(["@media screen {", "  :root {", *lines, "  }", "}", ""]) if lines else ""


def _properties(option: Option, value: Value) -> list[tuple[str, str]]:
    own = option.css.get(str(value)) if any(isinstance(part, Mapping) for part in option.css.values()) else option.css
    if option.type == "colours" and isinstance(value, tuple):
        said = f"light-dark({', '.join(value)})"
    else:
        said = "" if isinstance(value, tuple) else str(value)
    return [(key, text.replace("{value}", said)) for key, text in (own or {}).items()]


# ------------------------------------------------------------------------------------------------ contrast


def faint(options: Mapping[str, Option], values: Mapping[str, Value]) -> list[tuple[str, str]]:
    """The options whose colours can't be read well on their ground: name, and a sentence about each colour."""
    found: list[tuple[str, str]] = []
    for name, option in options.items():
        value = values[name]
        if option.type != "colours" or not option.on or not isinstance(value, tuple):
            continue
        for scheme, colour, ground in zip(("light", "dark"), value, option.on, strict=True):
            ratio = contrast(colour, ground)
            if ratio < LEAST_CONTRAST:
                below = int(ratio * 100) / 100  # 4.499 is not 4.5
                text = (
                    f"{colour} has a contrast of {below:g}:1 on {scheme} paper ({ground}), {LEAST_CONTRAST}:1 is needed"
                )
                found.append((name, text))
    return found


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels: Sequence[float] = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
