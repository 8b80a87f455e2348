"""What the paper claims, held against what the study found; the verdicts are computed.

results -> [claims] -> report. Arms are compared in pairs: equal seeds, equal digits, equal holes.
Intervals are 95 % bootstrap, percentile method (Efron and Tibshirani 1993, section 13.3), with
seeds and digits drawn anew together: an arm must win on other digits and from other starts.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from inpainting.evaluation.intervals import LEVEL, RESAMPLES, Interval
from inpainting.training.mnist.results import Results
from inpainting.training.mnist.timing import median_ratio

YES, NO, NOISE = "yes", "no", "within noise"
COLLAPSED = 0.1  # spread of the fills below a tenth of the truth's: the same fill for all
UNFOOLED = 0.95  # accuracy of a discriminator that has won: nothing more is learnt from it


class Claim(NamedTuple):
    """One line of the table: the paper's words in ours, its figure, our figure, the verdict."""

    claim: str
    paper: str
    ours: str
    verdict: str


def verdict(interval: Interval, border: float = 0.0, less: bool = True) -> str:
    """Whether a quantity is less (or else more) than the border, as claimed.

    interval: (value, low, high). "within noise" if the border lies in it.
    """
    _, low, high = interval
    if not (high < border or low > border):
        return NOISE
    return YES if (high < border) == less else NO


def difference(ours: np.ndarray, other: np.ndarray) -> Interval:
    """(mean, low, high) of ours - other; both seeds x digits, paired by their place."""
    return crossed(lambda a, b: a - b, ours, other)


def relative(ours: np.ndarray, other: np.ndarray) -> Interval:
    """(value, low, high) of mean(ours) / mean(other) - 1 in per cent; paired as above."""
    return crossed(lambda a, b: (a / b - 1) * 100, ours, other)


def crossed(of_means: Callable, ours: np.ndarray, other: np.ndarray) -> Interval:
    """A function of two means with its interval: seeds and digits drawn anew, each by itself."""
    seeds, digits = ours.shape
    rng = np.random.default_rng(0)
    counts = rng.multinomial(digits, np.full(digits, 1 / digits), size=RESAMPLES)
    drawn = rng.integers(seeds, size=(RESAMPLES, seeds))
    means = [
        np.take_along_axis(counts @ values.T / digits, drawn, axis=1).mean(axis=1)
        for values in (ours, other)
    ]
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(of_means(*means), [tail, 100 - tail])
    return float(of_means(ours.mean(), other.mean())), float(low), float(high)


def claims(results: Results) -> list[Claim]:
    """Every claim of the paper that digits can say something about."""
    found = [loss_value(results)]
    figures = {"base": "65 % better (by the loss)", "cycle": "2 to 3 % better"}
    for rival, figure in figures.items():
        found += quality(results, rival, figure)
    for arm, extra in {"combined": 0.94, "cycle": 2.0}.items():
        interval = extra_time(results, arm)
        claim = f"a training step of `{arm}` costs no more than {extra:g} % over `base`"
        found.append(Claim(claim, f"+{extra:g} %", per_cent(interval), verdict(interval, extra)))
    return [*found, stability(results)]


def loss_value(results: Results) -> Claim:
    """The paper's own comparison, of numbers that are sums of different terms."""
    ours, base = (results.late(arm, "losses", "loss") for arm in ("combined", "base"))
    text = f"{base.mean():.2f} → {ours.mean():.2f} (not comparable, see above)"
    agrees = verdict(difference(ours[:, None], base[:, None]))
    return Claim(
        "the generator's loss is lower with the combined loss than with `base`",
        "mean 0.9 → 0.3",
        text,
        agrees,
    )


def quality(results: Results, rival: str, figure: str) -> list[Claim]:
    """Whether combined fills nearer to the truth than a rival, and more legibly."""
    l1 = relative(results.scores("combined", "l1"), results.scores(rival, "l1"))
    read = points(results, "combined", rival)
    return [
        Claim(
            f"`combined` fills nearer to the truth than `{rival}`: hole L1",
            figure,
            per_cent(l1),
            verdict(l1),
        ),
        Claim(
            f"`combined` fills more legibly than `{rival}`: digits read right",
            "in words only",
            "{:+.1f} points [{:+.1f}, {:+.1f}]".format(*read),
            verdict(read, less=False),
        ),
    ]


def points(results: Results, arm: str, rival: str) -> Interval:
    """Difference of the shares of digits read right, in points of per cent."""
    return difference(100 * results.scores(arm, "read"), 100 * results.scores(rival, "read"))


def extra_time(results: Results, arm: str) -> Interval:
    """Per cent that a step takes longer than the base's: median of the rounds, interval."""
    ratios = median_ratio(results.timings[arm], results.timings["base"])
    return tuple((ratio - 1) * 100 for ratio in ratios)


def stability(results: Results) -> Claim:
    """Stable: no seed collapses, and in none does the discriminator win for good."""
    spread = results.late("combined", "watched", "spread")
    accuracy = results.late("combined", "losses", "discriminator_accuracy")
    stable = bool((spread >= COLLAPSED).all() and (accuracy < UNFOOLED).all())  # nan is unstable
    text = f"discriminator right in {100 * accuracy.mean():.0f} %, spread of fills "
    text += f"{100 * spread.min():.0f} % of the truth's at least"
    claim = "training with the combined loss is stable"
    return Claim(claim, "in words only", text, YES if stable else NO)


def per_cent(interval: Interval) -> str:
    """The value with its interval, signed."""
    return "{:+.1f} % [{:+.1f}, {:+.1f}]".format(*interval)
