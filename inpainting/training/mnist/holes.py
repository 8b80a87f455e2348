"""Seeded holes in digits, boxes and strokes in bands of area; a batch is a function of its seed.

digits -> [holes] -> arms. Kinds and bands take turns, so that every set of holes has as many of
each: hole i is of the kind i % 2, and of the band i // 2 % 3.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from inpainting.training.data import Batch
from inpainting.training.masks import boxes, strokes
from inpainting.training.mnist.digits import PADDED, Digits, as_images

KINDS = {"box": boxes, "stroke": strokes}
BANDS = ((0.05, 0.15), (0.15, 0.30), (0.30, 0.50))  # shares of the picture that are hole


class Group(NamedTuple):
    """What kind of hole, of which band."""

    kind: str
    band: tuple[float, float]


def group(index: int) -> Group:
    """The kind and the band of a hole, by its place in the set."""
    return Group(list(KINDS)[index % len(KINDS)], BANDS[index // len(KINDS) % len(BANDS)])


def draw_holes(count: int, seed: int) -> Tensor:
    """Draw `count` holes, Nx32x32 uint8, 1 = hole; each takes its chance from its own seed."""
    found = np.empty((count, PADDED, PADDED), np.uint8)
    for index in range(count):
        (kind, (least, most)), rng = group(index), np.random.default_rng((seed, index))
        hole = KINDS[kind](rng, PADDED)
        while not least <= hole.mean() < most:
            hole = KINDS[kind](rng, PADDED)
        found[index] = hole
    return torch.from_numpy(found)


def draw_batch(digits: Digits, holes: Tensor, count: int, seed: tuple[int, int]) -> Batch:
    """Draw `count` digits and a hole for each; seed: (the run's seed, step)."""
    rng = np.random.default_rng(seed)
    shown = torch.from_numpy(rng.integers(len(digits.labels), size=count))
    hidden = torch.from_numpy(rng.integers(len(holes), size=count))
    return as_batch(digits.pixels[shown], holes[hidden])


def as_batch(pixels: Tensor, holes: Tensor) -> Batch:
    """Nx32x32 uint8 digits and holes, paired by their place."""
    return Batch(as_images(pixels), holes[:, None].float())
