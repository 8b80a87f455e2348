"""Seeded training holes: wide strokes, boxes, object-like shapes. 1 = hole.

Wide holes teach more than thin ones: the same small network does as well with them as one ten
times its size without (LaMa, arXiv 2109.07161, table 4). All sizes are shares of the picture's
side, so that a hole means the same at 128 and at 512 pixels.
"""

import numpy as np
from PIL import Image, ImageDraw

LARGEST_SHARE = 0.5  # of the picture; above that it is generation, not removal (LaMa: .5 too)


def random_hole(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw one hole: strokes, boxes or a shape, never empty and at most half of the picture.

    Parameters
    ----------
    rng: the only source of chance.
    size: pixels, side of the square picture, at least 16.

    Returns
    -------
    size x size uint8: 1 inside the hole, 0 outside.

    """
    draw = rng.choice([strokes, boxes, shape], p=[0.4, 0.2, 0.4])
    for _ in range(8):
        mask = draw(rng, size)
        if 0 < mask.mean() <= LARGEST_SHARE:
            return mask
    return boxes(rng, size, most=1)


def strokes(rng: np.random.Generator, size: int) -> np.ndarray:
    """One to four wavering brush strokes, up to 2/5 of the side wide (as LaMa's irregular ones)."""
    canvas = Image.new("L", (size, size))
    pen = ImageDraw.Draw(canvas)
    for _ in range(rng.integers(1, 5)):
        point = rng.uniform(0, size, 2)
        width = 1 + int(size * rng.uniform(0.03, 0.4 if rng.random() < 0.3 else 0.15))
        angle = rng.uniform(0, 2 * np.pi)
        for _ in range(rng.integers(1, 6)):
            angle += rng.uniform(-1.2, 1.2)
            step = size * rng.uniform(0.04, 0.4) * np.array([np.cos(angle), np.sin(angle)])
            end = np.clip(point + step, 0, size)
            pen.line([*point, *end], 1, width)
            pen.ellipse([*(end - width / 2), *(end + width / 2)], 1)
            point = end
    return np.array(canvas)


def boxes(rng: np.random.Generator, size: int, most: int = 3) -> np.ndarray:
    """One to `most` rectangles, sides from a tenth to half of the picture's."""
    mask = np.zeros((size, size), np.uint8)
    for _ in range(rng.integers(1, most + 1)):
        width, height = (size * rng.uniform(0.1, 0.5, 2)).astype(int)
        left, top = rng.integers(0, size - width), rng.integers(0, size - height)
        mask[top : top + height, left : left + width] = 1
    return mask


def shape(rng: np.random.Generator, size: int) -> np.ndarray:
    """Something like an object's outline: one to three overlapping blobs about one point.

    A blob is a circle whose radius wavers with the angle (a random Fourier series), stretched and
    turned: what people paint around a person, a dog, a sign.
    """
    canvas = Image.new("L", (size, size))
    pen = ImageDraw.Draw(canvas)
    center = size * rng.uniform(0.15, 0.85, 2)
    for _ in range(rng.integers(1, 4)):
        angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        orders = np.arange(1, 6)[:, None]
        waves = np.sin(orders * angles + rng.uniform(0, 2 * np.pi, (5, 1))) / orders
        radius = 1 + 0.3 * (rng.normal(0, 1, (5, 1)) * waves).sum(axis=0)
        outline = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
        outline *= size * rng.uniform(0.06, 0.28, 2)
        turn = rng.uniform(0, np.pi)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        points = outline @ rotation + center + size * rng.uniform(-0.12, 0.12, 2)
        pen.polygon(points.ravel().tolist(), fill=1)
    return np.array(canvas)
