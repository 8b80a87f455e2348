"""Holes and batches are functions of their seeds, in equal numbers of every kind and band."""

import pytest
import torch

from inpainting.training.mnist.digits import Digits
from inpainting.training.mnist.holes import BANDS, draw_batch, draw_holes, group

DIGITS = Digits(torch.arange(50).byte().view(50, 1, 1).repeat(1, 32, 32), torch.arange(50) % 10)
HOLES = draw_holes(60, seed=0)


def test_every_hole_lies_in_its_band_and_none_covers_all():
    for index, hole in enumerate(HOLES):
        least, most = group(index).band
        assert least <= hole.float().mean() < most <= 0.5


def test_kinds_and_bands_take_turns():
    drawn = [group(index) for index in range(60)]
    assert all(drawn.count((kind, band)) == 10 for kind in ("box", "stroke") for band in BANDS)


def test_a_hole_depends_on_seed_and_place_alone():
    assert torch.equal(draw_holes(20, seed=0), HOLES[:20])
    assert not torch.equal(draw_holes(20, seed=1), HOLES[:20])


def test_a_batch_is_a_function_of_seed_and_step():
    first, second = (draw_batch(DIGITS, HOLES, 8, (3, 5)) for _ in range(2))
    assert torch.equal(first.image, second.image) and torch.equal(first.mask, second.mask)


@pytest.mark.parametrize("seed", [(3, 6), (4, 5)])
def test_another_step_or_seed_is_another_batch(seed):
    first, other = draw_batch(DIGITS, HOLES, 8, (3, 5)), draw_batch(DIGITS, HOLES, 8, seed)
    assert not torch.equal(first.image, other.image) and not torch.equal(first.mask, other.mask)
