"""Maps of places, without tiles and without the network: where a name lies (`gazetteer`), and pictures of it (`maps`).

Names and numbers come in, values for a template go out. What can't be told from its name alone is left out, not
guessed.
"""

from __future__ import annotations

from .gazetteer import Spot, locate
from .maps import WIDTH, Map, Place, draw

__all__ = ["WIDTH", "Map", "Place", "Spot", "draw", "locate"]
