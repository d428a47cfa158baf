"""The effects, one file each, found by their name in a script."""

from __future__ import annotations

from collections.abc import Mapping

from flows.engine.effects.base import Effect
from flows.engine.effects.decline import Decline
from flows.engine.effects.set_language import SetLanguage
from flows.engine.effects.take_part import TakePart

EFFECTS: Mapping[str, type[Effect]] = {effect.name: effect for effect in (TakePart, Decline, SetLanguage)}

__all__ = ["EFFECTS", "Effect"]
