"""WordPress's single values → ours: times, states, custom fields, and addresses from the site's root."""

from __future__ import annotations

import datetime as dt
import re

from site_builder import stated

_STATUSES = {"publish": "published", "future": "embargoed", "draft": "draft", "pending": "draft", "auto-draft": "draft"}
MAX_FIELD = 2_000
MAX_FIELDS = 20_000
"""Characters of one custom field and of all that an article keeps: plugins keep whole pages in some."""


def date_of(local_text: str, gmt_text: str) -> str:
    """A local time as EDTF text, with the offset that its twin in GMT shows, where both are sound."""
    local, gmt = _moment(local_text), _moment(gmt_text)
    if local is None:
        return gmt.strftime("%Y-%m-%dT%H:%M:%SZ") if gmt else ""
    text = local.isoformat()
    minutes = int((local - gmt).total_seconds()) / 60 if gmt else 0.5
    if minutes % 15 or abs(minutes) > 14 * 60:
        return text
    sign, minutes = "-" if minutes < 0 else "+", abs(int(minutes))
    return f"{text}{sign}{minutes // 60:02}:{minutes % 60:02}"


def _moment(text: str) -> dt.datetime | None:
    """`2017-04-12 18:05:00`; None for WordPress's zeros and anything else."""
    try:
        return dt.datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def state_of(status: str, locked: bool) -> tuple[str, str]:
    """Our status for one of WordPress's, and the reason of a draft that was none there."""
    if locked:
        return "draft", "was protected by a password in WordPress"
    if status in _STATUSES:
        return _STATUSES[status], ""
    return "draft", f"its status in WordPress was '{stated.line_of(status)[:40]}'"


def custom_fields(given: dict[str, list[str]], told: list[str]) -> dict[str, str | list[str]]:
    """The fields that an editor filled in. Those with an underscore are WordPress's and its plugins' own."""
    kept: dict[str, str | list[str]] = {}
    size = hidden = 0
    for name, all_ in given.items():
        filled = [value.strip() for value in all_ if value.strip()]
        if name.startswith("_") or not filled or not name:
            hidden += name.startswith("_")
            continue
        length = sum(map(len, filled))
        size += len(name) + length
        if length > MAX_FIELD or size > MAX_FIELDS or len(name) > 200:
            told.append(f"custom field '{name[:100]}' of {length:,} characters is not kept")
        else:
            kept[name] = filled[0] if len(filled) == 1 else filled
    if hidden:
        told.append(f"{hidden} internal field{'' if hidden == 1 else 's'} of WordPress not kept")
    return kept


def description_of(meta: dict[str, str]) -> str:
    """What an editor wrote for search engines; a pattern that a plugin fills in (`%%title%%`) is none."""
    text = stated.words_of(meta.get("_yoast_wpseo_metadesc"))
    return "" if "%%" in text else text


_ROOTED = re.compile(r"(\b(?:src|href|srcset|poster)\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE)


def with_whole_addresses(text: str, base: str) -> str:
    """Addresses from the site's root (`/wp-content/…`) become whole, in every attribute alike."""
    match = re.match(r"https?://[^/]+", base)
    if not match:
        return text
    origin = match[0]

    def whole(found: re.Match[str]) -> str:
        quote, value = found[2][0], found[2][1:-1]
        sources = value.split(",") if found[1].lower().startswith("srcset") else [value]
        mended = [re.sub(r"^(\s*)/(?!/)", rf"\g<1>{origin}/", source) for source in sources]
        return f"{found[1]}{quote}{','.join(mended)}{quote}"

    return _ROOTED.sub(whole, text)
