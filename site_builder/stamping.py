"""Why each page is what it is: the digests of its view, of the settings, and of the data that it shows."""

from __future__ import annotations

from collections.abc import Callable

from . import templates, theme
from .entries import digest
from .model import Facts, Page, Stamp
from .settings import Site
from .sums import Sums
from .versions import program_version
from .views import VIEWS


class Stamps:
    """Says for each page why it is what it is."""

    def __init__(self, site: Site, chosen: theme.Theme, facts: Facts, sums: Callable[[], Sums]) -> None:
        program = program_version().encode() + theme.words_digest(chosen)
        self._views = {
            name: digest(program, name.encode(), templates.digest(chosen, view.template) if view.template else b"")
            for name, view in VIEWS.items()
        }
        self._settings = digest(site.digest(), repr((facts, chosen.options, chosen.stylesheet)).encode())
        self._sums = sums

    @property
    def fingerprint(self) -> bytes:
        """The digest of all views and settings."""
        return digest(self._settings, *self._views.values())

    def of(self, page: Page) -> Stamp:
        """The stamp of a page."""
        data = digest(page.url.encode(), b"\0", page.data.encode(), b"\0", self._sums().of(page.items, page.full))
        return Stamp(self._views[page.view], self._settings, data)
