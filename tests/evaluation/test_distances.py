"""Distances of sets: closed forms, oracles, zero at equality, blind to order."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from inpainting import InpaintingError
from inpainting.evaluation.distances import frechet_distance, kernel_distance


def rows(seed: int, count: int, length: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, length))


def gaussian(seed: int, count: int, mean: np.ndarray, root: np.ndarray) -> np.ndarray:
    """A sample whose own mean is exactly `mean`, and its covariance root @ root.T."""
    sample = rows(seed, count, len(mean))
    white = np.linalg.qr(sample - sample.mean(axis=0))[0] * np.sqrt(count - 1)
    return white @ root.T + mean


def test_frechet_of_numbers_by_hand():
    """Of two Gaussians on a line: (m1 - m2)^2 + (s1 - s2)^2."""
    x = gaussian(0, 10, np.array([3.0]), np.array([[2.0]]))
    y = gaussian(1, 15, np.array([-1.0]), np.array([[0.5]]))
    assert x.std(ddof=1) == pytest.approx(2)
    assert frechet_distance(x, y) == pytest.approx(16 + 2.25)


def test_frechet_of_independent_features_is_the_sum_of_those_on_a_line():
    means, deviations = np.array([[0, 1, 2.0], [1, 1, -2]]), np.array([[1, 2, 3.0], [2, 0.5, 0]])
    x, y = (gaussian(i, 20 + i, means[i], np.diag(deviations[i])) for i in (0, 1))
    assert frechet_distance(x, y) == pytest.approx((1 + 16) + (1 + 2.25 + 9))


def test_frechet_is_the_published_formula():
    x, y = (rows(seed, 40, 6) @ rows(seed + 9, 6, 6) + seed for seed in (0, 1))
    covariances = [np.cov(features, rowvar=False) for features in (x, y)]
    root = sqrtm(covariances[0] @ covariances[1]).real
    means = ((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum()
    wanted = means + np.trace(covariances[0] + covariances[1] - 2 * root)
    assert frechet_distance(x, y) == pytest.approx(wanted)


def test_frechet_with_fewer_pictures_than_features():
    """A line and a line across it: the covariances are singular, and nothing is shared."""
    x = np.zeros((3, 50)) + np.array([-1.0, 0, 1])[:, None] * np.eye(50)[0]
    y = np.zeros((4, 50)) + np.array([-3.0, -1, 1, 3])[:, None] * np.eye(50)[1]
    assert frechet_distance(x, y) == pytest.approx(1 + 20 / 3)
    assert frechet_distance(x, 3 * x) == pytest.approx((1 - 3) ** 2)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_the_same_both_ways_blind_to_order_more_for_farther(distance):
    x, y = rows(0, 30, 8), rows(1, 30, 8) + 0.5
    assert distance(x, y) == pytest.approx(distance(y, x))
    assert distance(x[::-1], y[::-1]) == pytest.approx(distance(x, y))
    assert distance(x, y + 1) > distance(x, y) > distance(x, rows(2, 30, 8))


def test_frechet_knows_no_pairs():
    x, y = rows(0, 30, 8), rows(1, 25, 8) + 0.5
    assert frechet_distance(x, np.roll(y, 3, axis=0)) == pytest.approx(frechet_distance(x, y))


@pytest.mark.parametrize("count, length", [(30, 8), (5, 320)])
def test_frechet_of_equal_sets_is_nothing_and_never_less(count, length):
    x = rows(0, count, length) * 100
    assert 0 <= frechet_distance(x, x[::-1]) < 1e-8


def test_kernel_distance_is_its_double_loop():
    x, y = rows(0, 5, 4), rows(1, 5, 4) + 1

    def kernel(a, b):
        return (sum(p * q for p, q in zip(a, b, strict=True)) / 4 + 1) ** 3

    values = [
        kernel(x[i], x[j]) + kernel(y[i], y[j]) - kernel(x[i], y[j]) - kernel(x[j], y[i])
        for i in range(5)
        for j in range(5)
        if i != j
    ]
    assert kernel_distance(x, y) == pytest.approx(sum(values) / len(values))


def test_kernel_distance_of_equal_sets_is_nothing_however_few():
    x = rows(0, 3, 320)
    assert kernel_distance(x, x) == pytest.approx(0, abs=1e-12)


def test_kernel_distance_has_no_bias_where_pairs_resemble_each_other():
    """Of two sets of one kind in pairs, small ones too, the mean is 0: some are below."""
    distances = []
    for i in range(800):
        shared, own, other = rows(i, 5, 3), rows(1000 + i, 5, 3), rows(2000 + i, 5, 3)
        distances.append(kernel_distance(shared + own / 2, shared + other / 2))
    deviation = np.std(distances) / np.sqrt(len(distances))
    assert min(distances) < 0
    assert abs(np.mean(distances)) < 4 * deviation
    assert 4 * deviation < np.mean(
        [kernel_distance(rows(i, 5, 3), rows(1000 + i, 5, 3) + 1) for i in range(9)]
    )


def test_kernel_distance_asks_for_pairs():
    with pytest.raises(InpaintingError, match="5x3 and 4x3: expected as many rows in each"):
        kernel_distance(rows(0, 5, 3), rows(1, 4, 3))


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
@pytest.mark.parametrize(
    "x, y, words",
    [
        (rows(0, 1, 3), rows(0, 5, 3), "1x3 and 5x3"),
        (rows(0, 5, 3), rows(0, 5, 4), "5x3 and 5x4"),
        (np.zeros(5), rows(0, 5, 3), "5 and 5x3"),
    ],
    ids=["one row", "other length", "no rows"],
)
def test_what_cannot_be_compared_is_refused(distance, x, y, words):
    with pytest.raises(InpaintingError, match=f"{words}: expected two rows"):
        distance(x, y)
