"""Copies are joined: their own gradients, the photo's edge, the generator's colours far away."""

import numpy as np
import pytest

from inpainting import blend as module
from inpainting.blend import Copies, blend


def stripes(side: int, period: int = 8) -> np.ndarray:
    """SxSx3 float32: a wave from left to right, 0.3 to 0.7."""
    wave = 0.5 + 0.2 * np.sin(np.arange(side) * 2 * np.pi / period)
    return np.broadcast_to(wave[None, :, None], (side, side, 3)).astype(np.float32)


def square_hole(side: int, first: int, last: int) -> np.ndarray:
    hole = np.zeros((side, side), bool)
    hole[first:last, first:last] = True
    return hole


def shifted(side: int, down: int, right: int) -> np.ndarray:
    return np.broadcast_to(np.array([down, right]), (side, side, 2))


def test_a_pattern_goes_on_as_if_nothing_had_been_there():
    truth, hole = stripes(96), square_hole(96, 36, 60)
    soft = np.where(hole[..., None], np.float32(0.5), truth)
    result = blend(soft, hole, shifted(96, 0, -24), reach=6)
    assert np.array_equal(result[~hole], truth[~hole])
    assert np.abs(result - truth).max() < 0.02


def test_copies_of_another_brightness_leave_no_seam():
    """The source is 0.2 darker: the steps stay the pattern's own, the colours the fill's."""
    truth, hole = stripes(96), square_hole(96, 50, 80)
    soft = np.where(hole[..., None], np.float32(0.5), truth)
    soft[:, :46] -= 0.2
    result = blend(soft, hole, shifted(96, 0, -40), reach=4)
    assert np.abs(result - truth)[hole].max() < 0.1
    assert np.abs(np.diff(result, axis=1) - np.diff(truth, axis=1))[55:75, 50:79].max() < 0.03


def test_far_from_the_edge_the_colours_are_the_fills():
    truth, hole = stripes(256), square_hole(256, 100, 168)
    soft = np.where(hole[..., None], np.float32(0.8), truth)
    middle = blend(soft, hole, shifted(256, 0, -72), reach=4)[126:142, 126:142]
    assert middle.mean() == pytest.approx(0.8, abs=0.02)
    assert middle.std() == pytest.approx(truth.std(), rel=0.3)


def test_the_solution_is_that_of_the_equations():
    """Against a dense matrix, one equation a pixel of the hole, written down one by one."""
    rng = np.random.default_rng(0)
    soft, hole = rng.random((10, 10, 3), np.float32), rng.random((10, 10)) < 0.4
    shifts = rng.integers(-2, 3, (10, 10, 2))
    screen, copies = 0.05, Copies(soft, hole, shifts)
    found = copies.joined(soft, screen, steps=200)

    def source(y, x, down=0, right=0):
        at = np.array([y, x]) + shifts[y, x] + [down, right]
        return soft[tuple(at.clip(0, 9))]

    number = {tuple(at): n for n, at in enumerate(np.argwhere(hole))}
    matrix, wanted = np.zeros((len(number),) * 2), np.zeros((len(number), 3))
    for (y, x), n in number.items():
        matrix[n, n] += screen
        wanted[n] += screen * soft[y, x]
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            other = y + down, x + right
            if not (0 <= other[0] < 10 and 0 <= other[1] < 10):
                continue
            own = source(y, x, down, right) - source(y, x)
            its = source(*other) - source(*other, -down, -right)
            matrix[n, n] += 1
            wanted[n] -= (own + its) / 2
            if other in number:
                matrix[n, number[other]] -= 1
            else:
                wanted[n] += soft[other]
    np.testing.assert_allclose(found[hole], np.linalg.solve(matrix, wanted), atol=1e-4)


def test_solved_from_coarse_to_fine_it_is_the_same(monkeypatch):
    truth, hole = stripes(128, period=16), square_hole(128, 40, 88)
    soft = np.where(hole[..., None], np.float32(0.6), truth)
    whole = blend(soft, hole, shifted(64, 0, -24), reach=6)
    monkeypatch.setattr(module, "COARSEST", 64)
    assert np.abs(blend(soft, hole, shifted(64, 0, -24), reach=6) - whole).max() < 0.03


def test_a_source_over_the_edge_is_the_edge():
    soft = stripes(16)
    copies = Copies(soft, square_hole(16, 4, 8), shifted(16, 0, 100))
    assert np.array_equal(copies.picture[5, 5], soft[5, 15])
