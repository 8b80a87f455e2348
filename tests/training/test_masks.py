"""Training holes: of one seed, never empty, at most half, and never the same mirrored."""

import numpy as np
import pytest

from inpainting.training.masks import LARGEST_SHARE, boxes, random_hole, shape, strokes


@pytest.mark.parametrize("size", [16, 64, 128, 256])
def test_holes_are_ones_and_zeros_and_never_empty_or_too_large(size):
    for seed in range(60):
        mask = random_hole(np.random.default_rng(seed), size)
        assert mask.shape == (size, size) and mask.dtype == np.uint8
        assert set(np.unique(mask)) == {0, 1}
        assert mask.mean() <= LARGEST_SHARE


def test_a_seed_is_a_hole():
    first, second = (random_hole(np.random.default_rng(5), 64) for _ in range(2))
    other = random_hole(np.random.default_rng(6), 64)
    assert np.array_equal(first, second) and not np.array_equal(first, other)


@pytest.mark.parametrize("draw", [strokes, boxes, shape])
def test_each_kind_scales_with_the_picture(draw):
    """The same share of hole at 64 and at 256 pixels, over many seeds."""
    share = [
        np.mean([draw(np.random.default_rng(seed), size).mean() for seed in range(300)])
        for size in (64, 256)
    ]
    assert abs(share[0] - share[1]) < 0.03
    assert 0.05 < share[1] < 0.35


def test_flipping_a_hole_changes_it():
    mask = random_hole(np.random.default_rng(1), 64)
    assert not np.array_equal(mask, mask[:, ::-1])
