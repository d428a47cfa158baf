"""The classifier: a sum of weights per level, learned by `python -m flows.safety.train`. It only ever asks."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.safety.features import Kinds, blocks, says_little
from flows.safety.finding import LEVELS, NOTHING, Finding, Level

FILE = Path(__file__).with_name("model.json.gz")
SPEC = 2
UNIT = 100
"""Weights are kept as whole hundredths."""
NAME = "classifier"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by block and feature, a bias per level, and three limits.

    A message asks when red or violence scores above `asks_above`. It is orange when one of them scores more than
    `floor_above` above harmless, or orange more than `worries_above`. `floor_above` is below 0: what is only nearly
    harmless is for the coach.
    """

    bias: Sequence[int]
    weights: Mapping[str, Mapping[str, Sequence[int]]]
    kinds: Kinds
    asks_above: float
    floor_above: float
    worries_above: float

    def scores(self, text: str) -> dict[Level, float]:
        """How much speaks for each level; above 0 more than against it."""
        sums = [float(one) for one in self.bias]
        for name, features in blocks(text, self.kinds):
            known = self.weights[name]
            for feature, value in features.items():
                for index, weight in enumerate(known.get(feature, ())):
                    sums[index] += weight * value
        return {level: one / UNIT for level, one in zip(LEVELS, sums, strict=True)}

    def guess(self, text: str) -> Finding:
        """What the scores come to. Never certain of danger."""
        return NOTHING if says_little(text, self.kinds) else self.verdict(self.scores(text))

    def verdict(self, scores: Mapping[Level, float]) -> Finding:
        dangers: tuple[Level, Level] = ("red", "violence")
        worst = max(dangers, key=lambda level: scores[level])
        if scores[worst] > self.asks_above:
            return Finding(worst, certain=False, entry=NAME)
        danger, worry = scores[worst] - scores["none"], scores["orange"] - scores["none"]
        if danger > self.floor_above or worry > self.worries_above:
            return Finding("orange", certain=False, entry=NAME)
        return NOTHING

    def written(self) -> bytes:
        """As a file: the same bytes for the same weights, whenever and wherever it is written."""
        data = {"spec": SPEC, **{name: getattr(self, name) for name in self.__slots__}}
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return gzip.compress(text.encode("utf-8", "surrogatepass"), mtime=0)


def read(content: bytes) -> Model:
    """The model in a file. Raises ValueError, KeyError, TypeError, EOFError or OSError for one that is broken."""
    data: dict[str, Any] = json.loads(gzip.decompress(content))
    if data.pop("spec") != SPEC:
        raise ValueError("a model of another kind")
    return Model(**data)
