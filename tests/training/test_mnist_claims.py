"""Verdicts are what hand-made data make them; scores agree with the metrics of the evaluation."""

import numpy as np
import pytest
import torch

from inpainting.evaluation.metrics import l1, psnr
from inpainting.training.mnist import results
from inpainting.training.mnist.claims import NO, NOISE, YES, difference, relative, verdict
from inpainting.training.mnist.scores import hole_errors, painted
from inpainting.training.mnist.search import choose
from inpainting.training.mnist.timing import median_ratio

VERDICTS = {
    "wholly less": ((-2, -3, -1), 0, True, YES),
    "wholly more": ((2, 1, 3), 0, True, NO),
    "more, as claimed": ((2, 1, 3), 0, False, YES),
    "less, not as claimed": ((-2, -3, -1), 0, False, NO),
    "the border inside": ((1, -1, 3), 0, True, NOISE),
    "the border at the rim": ((1, 0, 3), 0, False, NOISE),
    "equal": ((0, 0, 0), 0, True, NOISE),
    "below another border": ((0.5, 0.4, 0.6), 0.94, True, YES),
    "above another border": ((60, 55, 65), 2, True, NO),
    "nobody knows": ((np.nan, np.nan, np.nan), 0, False, NOISE),
}


@pytest.mark.parametrize("interval, border, less, wanted", VERDICTS.values(), ids=VERDICTS)
def test_a_verdict_by_hand(interval, border, less, wanted):
    assert verdict(interval, border, less) == wanted


def noisy(mean: float, seed: int) -> np.ndarray:
    """Scores of three seeds on fifty digits about a mean, standard deviation one."""
    return mean + np.random.default_rng(seed).normal(size=(3, 50))


def test_a_clear_difference_is_found():
    mean, low, high = difference(noisy(8, 0), noisy(10, 1))
    assert low < mean < high and low > -2.5 and high < -1.5


def test_no_difference_is_within_noise():
    assert verdict(difference(noisy(10, 0), noisy(10, 1))) == NOISE


def test_pairs_take_away_what_digits_share():
    """Digits differ by a hundred, the arms by one: unpaired, that would be noise."""
    shared = np.arange(50) * 100.0
    assert verdict(difference(noisy(8, 0) + shared, noisy(10, 1) + shared)) == YES


def test_seeds_that_disagree_are_noise_however_many_digits_there_are():
    other = np.zeros((3, 5000))
    ours = other + np.array([[-2.0], [1.0], [0.5]])
    assert verdict(difference(ours, other)) == NOISE


def test_a_ratio_of_means_by_hand():
    value, low, high = relative(np.full((2, 5), 3.0), np.full((2, 5), 4.0))
    assert (value, low, high) == pytest.approx((-25, -25, -25))


def test_the_median_ratio_is_of_rounds_not_of_medians():
    """The machine was four times as slow in half of the rounds; the ratio does not see it."""
    base = [1.0, 4.0] * 10
    assert median_ratio([1.1 * seconds for seconds in base], base) == pytest.approx((1.1, 1.1, 1.1))


def test_errors_agree_with_the_metrics_of_the_evaluation():
    rng = np.random.default_rng(0)
    filled, truth = rng.integers(0, 256, (2, 4, 32, 32), np.uint8)
    holes = rng.integers(0, 2, (4, 32, 32), np.uint8)
    found, square = hole_errors(*map(torch.from_numpy, (filled, truth, holes)))
    pairs = list(zip(filled[..., None], truth[..., None], holes.astype(bool), strict=True))
    assert found == pytest.approx([l1(*pair) for pair in pairs])
    assert results.psnr(square[:, None]) == pytest.approx([psnr(*pair) for pair in pairs])


def test_painting_changes_holes_alone():
    pixels, holes = torch.full((1, 2, 2), 7).byte(), torch.tensor([[[1, 0], [0, 1]]]).byte()
    assert painted(pixels, holes, 128).tolist() == [[[128, 7], [7, 128]]]


def test_every_arm_gets_the_best_cell_of_its_own():
    errors = {(0, 0): 9, (0, 3): 1, (0, 30): 2, (3, 0): 8, (3, 3): 5, (3, 30): 4}
    errors |= {(30, 0): 7, (30, 3): 3, (30, 30): 6}
    cells = [{"l2_hole": l2, "l1_hole": l1, "l1": error} for (l2, l1), error in errors.items()]
    cells += [{"cycle": 1, "l1": 2}, {"cycle": 10, "l1": 0}]
    assert choose(cells) == ((30, 3), 3, 30, 10)
