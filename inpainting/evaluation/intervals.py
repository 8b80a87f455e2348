"""Means over pictures, and how sure they are: 95 % bootstrap intervals, equal digits every time.

Percentile method, Efron and Tibshirani 1993, section 13.3. The values are sorted first: in which
order the files came changes nothing, and one seed gives one answer.
"""

from collections.abc import Sequence

import numpy as np
from scipy.stats import bootstrap

from inpainting.errors import InpaintingError

LEVEL = 0.95
RESAMPLES = 2000

Interval = tuple[float, float, float]


def mean_interval(values: Sequence[float], seed: int = 0) -> Interval:
    """(mean, low, high) of one score over pictures; nan is left out, and none left is all nan.

    Of one value, or of equal ones, the interval is the mean itself.
    """
    values = np.sort(np.asarray(values, float))
    values = values[~np.isnan(values)]
    if not values.size:
        return (float("nan"),) * 3
    if values[0] == values[-1]:
        return (float(values[0]),) * 3
    interval = bootstrap(
        (values,),
        np.mean,
        confidence_level=LEVEL,
        n_resamples=RESAMPLES,
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return float(values.mean()), float(interval.low), float(interval.high)


def paired_difference(a: Sequence[float], b: Sequence[float], seed: int = 0) -> Interval:
    """(mean, low, high) of a - b, where a[i] and b[i] score the same picture.

    0 outside the interval: the two methods differ by more than the choice of pictures explains.

    Raises
    ------
    InpaintingError: lists of unequal length.

    """
    if len(a) != len(b):
        raise InpaintingError(
            f"{len(a)} scores came with {len(b)} to pair: expected those of the same pictures"
        )
    return mean_interval(np.asarray(a, float) - np.asarray(b, float), seed)
