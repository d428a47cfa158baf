"""Learn the classifier from the sentences in this folder: `python -m flows.safety.train [--report]`.

The only module that needs scikit-learn; nothing imports it at run time. liblinear goes through the weights in a fixed
order, so the same sentences give the same file; a processor that adds up otherwise can move a weight by a hundredth.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from flows.safety import classifier, looking
from flows.safety.classifier import UNIT, Model
from flows.safety.features import BLOCKS, blocks, says_little
from flows.safety.finding import LEVELS, Level
from flows.safety.normalise import plain

FOLDER = Path(__file__).with_name("sentences")
KINDS = FOLDER / "kinds.txt"
SAME_WRITER = {"en-1": "nl-3", "en-2": "nl-5"}
"""Files by the writer of another one. `talks` is from the talk tests and the stories."""
ORDINARY = "ordinary"
"""In the third column of harmless sentences that do not even look like danger."""
SEEN = 2
"""Sentences that a feature must stand in."""
STRENGTH = 10.0
"""The inverse of the regularisation, by cross-validation: 3 to 30 do the same."""
RARE = 5.0
"""A feature counts as its idf, the logarithm of how rare it is, divided by this."""
SMALLEST = 3
"""A feature whose weights are all smaller, in hundredths, changes no verdict and is left out."""
MISSED = 0.006
"""The share of red and violence, by writers it did not learn from, in which neither lists nor classifier see
anything. It sets `floor_above`."""
OVERLOOKED = 0.08
"""The share of orange of such writers in which neither sees anything. It sets `worries_above`."""
FALSE_ALARMS = 0.05
"""The share of harmless messages of such writers in which lists or classifier see danger. It sets `asks_above`."""


@dataclass(frozen=True, slots=True)
class Sentence:
    level: Level
    text: str
    writer: str
    ordinary: bool = False


Limits = tuple[float, float, float]
"""Asks above, floor above, worries above."""
Scores = Mapping[Level, float]
Scored = tuple[Sentence, Scores]


def sentences(folder: Path = FOLDER) -> list[Sentence]:
    """All sentences: a line per sentence, level and text with a tab between them, and perhaps `ordinary`."""
    return [
        Sentence(_level(level), text, SAME_WRITER.get(file.stem, file.stem), ORDINARY in marks)
        for file in sorted(folder.glob("*.tsv"))
        for level, text, *marks in (line.split("\t") for line in file.read_text("utf-8").splitlines())
    ]


def kinds(file: Path = KINDS) -> dict[str, list[str]]:
    """Each word with the kinds it belongs to."""
    found: dict[str, list[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, words = line.split("\t")
            for word in words.split():
                key = plain(word.removesuffix("*")) + "*" * word.endswith("*")
                found.setdefault(key, []).append(name)
    return {word: sorted(set(names)) for word, names in sorted(found.items())}


def learn(known: Sequence[Sentence], limits: Limits) -> Model:
    """A model of these sentences with these limits: asks, floor and worries above."""
    words = kinds()
    seen = [dict(blocks(one.text, words)) for one in known]
    counts = Counter((name, feature) for one in seen for name in BLOCKS for feature in one[name])
    columns = {key: index for index, key in enumerate(sorted(key for key, count in counts.items() if count >= SEEN))}
    rare = [(math.log((1 + len(seen)) / (1 + counts[key])) + 1) / RARE for key in columns]
    matrix, levels = _matrix(seen, columns, rare), [one.level for one in known]
    fits = [_fit(matrix, [one == level for one in levels]) for level in LEVELS]
    weights: dict[str, dict[str, list[int]]] = {name: {} for name in BLOCKS}
    for (name, feature), index in columns.items():
        rounded = [round(float(fit.coef_[0][index]) * rare[index] * UNIT) for fit in fits]
        if max(abs(one) for one in rounded) >= SMALLEST:
            weights[name][feature] = rounded
    bias = [round(float(fit.intercept_[0]) * UNIT) for fit in fits]
    return Model(bias, weights, words, *limits)


def _fit(matrix: csr_matrix, wanted: Sequence[bool]) -> LogisticRegression:
    with threadpool_limits(limits=1):  # several threads add up in another order
        return LogisticRegression(solver="liblinear", C=STRENGTH, class_weight="balanced").fit(matrix, wanted)


def _matrix(
    seen: Sequence[Mapping[str, Mapping[str, float]]], columns: Mapping[tuple[str, str], int], rare: Sequence[float]
) -> csr_matrix:
    rows: list[int] = []
    places: list[int] = []
    values: list[float] = []
    for row, one in enumerate(seen):
        for name in BLOCKS:
            known = sorted(
                (columns[name, feature], value) for feature, value in one[name].items() if (name, feature) in columns
            )
            rows.extend([row] * len(known))
            places.extend(place for place, _ in known)
            values.extend(value * rare[place] for place, value in known)
    return csr_matrix((values, (rows, places)), shape=(len(seen), len(columns)))


def cross_validated(known: Sequence[Sentence]) -> list[Scored]:
    """Each sentence with the scores of a model that learned from the other writers alone."""
    found: list[Scored] = []
    for writer in sorted({one.writer for one in known}):
        model = learn([one for one in known if one.writer != writer], (0.0, 0.0, 0.0))
        found.extend((one, model.scores(one.text)) for one in known if one.writer == writer)
    return found


def limits(scored: Sequence[Scored]) -> Limits:
    """Where to ask and where to be orange, so that the shares are as named above. The lists find their part anyway."""
    dangers: tuple[Level, Level] = ("red", "violence")

    def danger(scores: Scores) -> float:
        return max(scores[level] for level in dangers)

    false, many, found = _undecided(scored, ("none",), dangers, danger)
    asks_above = false[-1 - max(math.floor(many * FALSE_ALARMS) - found, 0)]
    return (
        math.ceil(asks_above * UNIT) / UNIT,
        _floor(scored, dangers, MISSED, lambda scores: danger(scores) - scores["none"]),
        _floor(scored, ("orange",), OVERLOOKED, lambda scores: scores["orange"] - scores["none"]),
    )


def _floor(scored: Sequence[Scored], of: Sequence[Level], share: float, measure: Callable[[Scores], float]) -> float:
    """What all but a share of the sentences of these levels measure more than."""
    measures, many, found = _undecided(scored, of, ("red", "violence", "orange"), measure)
    lost = many - found - len(measures)
    return math.floor(measures[max(math.floor(many * share) - lost - 1, 0)] * UNIT) / UNIT


def _undecided(
    scored: Sequence[Scored], of: Sequence[Level], wanted: Sequence[Level], measure: Callable[[Scores], float]
) -> tuple[list[float], int, int]:
    """Of the sentences of some levels: the measures of those that the classifier decides, sorted; how many there are
    in all; and for how many the lists find what is wanted.
    """
    words = kinds()
    those = [(one.text, scores) for one, scores in scored if one.level in of]
    rest = [(text, scores) for text, scores in those if looking.listed(text).level not in wanted]
    measures = sorted(measure(scores) for text, scores in rest if not says_little(text, words))
    return measures, len(those), len(those) - len(rest)


def report(scored: Sequence[Scored], model: Model) -> Iterator[str]:
    """What lists and classifier make of sentences by writers it did not learn from, as tables."""
    yield f"{len(scored)} sentences; asks above {model.asks_above}, floor above {model.floor_above}"
    yield f"worries above {model.worries_above}"
    verdicts = [(one, looking.together(one.text, model, scores).level) for one, scores in scored]
    yield from _table("everybody", verdicts)
    for writer in sorted({one.writer for one, _ in verdicts}):
        yield from _table(writer, [(one, said) for one, said in verdicts if one.writer == writer])
    yield from _table("ordinary", [(one, said) for one, said in verdicts if one.ordinary])


def _table(name: str, verdicts: Sequence[tuple[Sentence, Level]]) -> Iterator[str]:
    found = Counter((one.level, said) for one, said in verdicts)
    yield f"{name:>10}" + "".join(f"{level:>10}" for level in LEVELS)
    for level in LEVELS:
        if any(found[level, to] for to in LEVELS):
            yield f"{level:>10}" + "".join(f"{found[level, to]:>10}" for to in LEVELS)


def _level(text: str) -> Level:
    return next(level for level in LEVELS if level == text)


def main(arguments: Sequence[str]) -> int:
    known = sentences()
    scored = cross_validated(known)
    model = learn(known, limits(scored))
    if "--report" in arguments:
        print("\n".join(report(scored, model)))
    else:
        classifier.FILE.write_bytes(model.written())
        print(f"{len(known)} sentences, {sum(len(one) for one in model.weights.values())} features: {classifier.FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
