"""Intervals: about as wide as theory says, the same digits for the same values."""

import numpy as np
import pytest

from inpainting import InpaintingError
from inpainting.evaluation.intervals import mean_interval, paired_difference

VALUES = np.random.default_rng(0).normal(10, 2, 100)


def test_the_interval_is_about_the_normal_one():
    mean, low, high = mean_interval(VALUES)
    half = 1.96 * VALUES.std() / np.sqrt(len(VALUES))
    assert mean == pytest.approx(VALUES.mean())
    assert low == pytest.approx(mean - half, abs=half / 5)
    assert high == pytest.approx(mean + half, abs=half / 5)


def test_of_two_values_by_hand():
    """Of four resamples one is (0, 0) and one (1, 1): each far more than a fortieth."""
    assert mean_interval([0, 1]) == (0.5, 0, 1)


def test_the_order_changes_no_digit_and_the_seed_does():
    assert mean_interval(VALUES) == mean_interval(VALUES[::-1]) == mean_interval(list(VALUES))
    assert mean_interval(VALUES, seed=1) == mean_interval(VALUES, seed=1) != mean_interval(VALUES)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("values", [[0.1], [0.1] * 7, [np.nan, 0.1, 0.1]])
def test_without_variation_the_interval_is_the_mean(values):
    assert mean_interval(values) == (0.1, 0.1, 0.1)


@pytest.mark.filterwarnings("error")
def test_what_has_no_score_is_left_out():
    assert mean_interval([*VALUES, np.nan]) == mean_interval(VALUES)
    assert np.isnan(mean_interval([np.nan, np.nan])).all() and np.isnan(mean_interval([])).all()


def test_pairs_are_surer_than_their_means():
    """Pictures differ by 2, the methods by 1 in all of them: only the pairs show it."""
    better = VALUES + np.random.default_rng(1).normal(1, 0.1, 100)
    mean, low, high = paired_difference(better, VALUES)
    assert mean == pytest.approx(1, abs=0.05) and 0.9 < low < mean < high < 1.1
    assert mean_interval(better)[1] < mean_interval(VALUES)[2] + 0.5
    assert paired_difference(VALUES, VALUES) == (0, 0, 0)


def test_shuffled_pairs_change_no_digit_and_a_missing_score_takes_its_pair_along():
    other = np.random.default_rng(1).normal(10, 2, 100)
    order = np.random.default_rng(2).permutation(100)
    wanted = paired_difference(VALUES, other)
    assert paired_difference(list(VALUES[order]), list(other[order])) == wanted
    assert paired_difference([*VALUES, np.nan, 3], [*other, 5, np.nan]) == wanted


def test_pairs_of_unequal_number_are_refused():
    with pytest.raises(InpaintingError, match="2 scores came with 3"):
        paired_difference([1, 2], [1, 2, 3])
