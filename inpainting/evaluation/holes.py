"""Seeded test holes, after LaMa's medium masks (arXiv 2109.07161, its published generator configs).

A hole depends on the seed and on the photograph's name, not on its place in a list: shuffling or
adding files changes no other photograph's hole.
"""

import zlib

import cv2
import numpy as np


def medium_hole(seed: int, name: str, size: int) -> np.ndarray:
    """LaMa's medium hole: wavering strokes, sometimes boxes; at most half of the picture.

    At 512 pixels: 4 to 10 strokes, up to 100 wide and 200 long; with probability .3, 1 to 5 boxes
    of 30 to 150. Other sizes in proportion. -> size x size bool, True = hole.
    """
    rng = np.random.default_rng((seed, zlib.crc32(name.encode())))
    unit = size / 512
    while True:
        mask = np.zeros((size, size), np.uint8)
        for _ in range(rng.integers(4, 11)):
            _stroke(rng, mask, widest=100 * unit, longest=200 * unit)
        if rng.random() < 0.3:
            for _ in range(rng.integers(1, 6)):
                width, height = (rng.uniform(30, 150, 2) * unit).astype(int)
                left, top = rng.integers(0, size - width), rng.integers(0, size - height)
                mask[top : top + height, left : left + width] = 1
        if 0 < mask.mean() <= 0.5:
            return mask.astype(bool)


def _stroke(rng: np.random.Generator, mask: np.ndarray, widest: float, longest: float) -> None:
    """Draw one stroke of one to five segments; every other turn goes back, as LaMa's do."""
    size = mask.shape[0]
    point = rng.integers(0, size, 2)
    for segment in range(rng.integers(1, 6)):
        angle = rng.uniform(0.01, 4)
        angle = 2 * np.pi - angle if segment % 2 == 0 else angle
        length = size * 10 / 512 + rng.uniform(0, longest)
        width = int(size * 5 / 512 + rng.uniform(0, widest))
        step = length * np.array([np.sin(angle), np.cos(angle)])
        end = np.clip(point + step, 0, size).astype(int)
        cv2.line(mask, tuple(map(int, point)), tuple(map(int, end)), 1, max(width, 1))
        point = end
