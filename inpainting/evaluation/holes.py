"""Test holes: LaMa's strokes and boxes, the shapes of objects at other places, masks from files.

A drawn hole is size x size bool, True = hole, and depends on its generator alone: `generator_for`
makes that from the seed and the photograph's name, so adding files changes no other hole.

Source: LaMa (arXiv 2109.07161), its configs random_{thin,medium,thick}_{256,512} and the generator
that reads them. Of theirs, its test sets take either strokes or boxes for a hole, never both.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inpainting.errors import InpaintingError
from inpainting.mask import read_mask, resize
from inpainting.photo import read_photo

LARGEST_SHARE = 0.5  # of the picture; LaMa's max_tamper_area
SMALLEST_SHARE = 0.01  # of the picture, for an object's shape: less is a spot, not an object
OBJECT_DRAWS = 1000  # most pools give a hole within ten; one that gives none here never will
LISTED = 5  # names in one sentence


@dataclass(frozen=True)
class Strokes:
    """LaMa's numbers for one kind and size, in pixels; of a pair, both ends are drawn."""

    times: tuple[int, int]  # strokes in a hole; LaMa's code draws one more than its setting says
    width: int  # a brush is 5 and below `width` more
    length: int  # a segment is 10 and below `length` more
    box_odds: float = 0.0  # of boxes, against 1 for strokes
    boxes: tuple[int, int] = (0, 0)  # in a hole
    sides: tuple[int, int] = (0, 0)  # of a box
    margin: int = 0  # from the picture's edge to any box


STROKES = {
    ("thin", 256): Strokes((4, 50), 10, 40),
    ("medium", 256): Strokes((4, 5), 50, 100, 0.3, (1, 5), (10, 50)),
    ("thick", 256): Strokes((1, 5), 100, 200, 0.3, (1, 3), (30, 150), margin=10),
    ("thin", 512): Strokes((4, 70), 20, 100),
    ("medium", 512): Strokes((4, 10), 100, 200, 0.3, (1, 5), (30, 150)),
    ("thick", 512): Strokes((1, 5), 250, 450, 0.3, (1, 4), (30, 300), margin=10),
}


def generator_for(seed: int, *words: str) -> np.random.Generator:
    """Chance that depends on a seed (0 or more) and some words only, the same on every machine."""
    return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in words)])


def published(kind: str, size: int) -> Strokes:
    """LaMa's numbers; an InpaintingError for a kind and size that have none."""
    if (kind, size) not in STROKES:
        raise InpaintingError(
            f"{kind} holes of {size} px came but LaMa has published thin, medium and thick ones at "
            "256 and 512 px: choose one of those sizes"
        )
    return STROKES[kind, size]


def stroke_hole(kind: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw one of LaMa's holes, never empty and at most half of the picture.

    kind: thin, medium or thick; size: 256 or 512 -> size x size bool, True = hole.

    Raises
    ------
    InpaintingError: a kind and size that LaMa has published no numbers for.

    """
    numbers = published(kind, size)
    while True:
        boxed = rng.random() < numbers.box_odds / (1 + numbers.box_odds)
        hole = (_boxes if boxed else _strokes)(numbers, size, rng)
        if hole.mean() <= LARGEST_SHARE:
            return hole


def object_hole(masks: list[np.ndarray], size: int, rng: np.random.Generator) -> np.ndarray:
    """Take an object's shape out of a pool, flip it or not, and put it somewhere.

    Parameters
    ----------
    masks: each HxW bool, True = the object, never empty. An object keeps its share of its picture,
        whose longer side becomes `size`.
    size: side of the square picture.
    rng: the only source of chance.

    Returns
    -------
    size x size bool, True = hole: 1 to 50 % of the picture and at least half of the object.

    Raises
    ------
    InpaintingError: no object of the pool makes such a hole.

    """
    for _ in range(OBJECT_DRAWS):
        shape = _trimmed(_fitted(masks[rng.integers(len(masks))], size))
        if rng.random() < 0.5:
            shape = shape[:, ::-1]
        height, width = shape.shape
        top, left = (rng.integers(0, size, 2) - [height // 2, width // 2]).tolist()
        hole = np.zeros((size, size), bool)
        inside = shape[max(0, -top) : size - top, max(0, -left) : size - left]
        hole[max(0, top) : top + height, max(0, left) : left + width] = inside
        enough = 2 * inside.sum() >= shape.sum()
        if enough and SMALLEST_SHARE <= hole.mean() <= LARGEST_SHARE:
            return hole
    raise InpaintingError(
        f"none of {len(masks)} object masks makes a hole of {SMALLEST_SHARE:.0%} to "
        f"{LARGEST_SHARE:.0%} of a picture: give masks of larger or smaller objects"
    )


def read_hole(path: Path, black_holes: bool, size: tuple[int, int] | None = None) -> np.ndarray:
    """Read a mask that somebody made.

    Parameters
    ----------
    path: white = hole, as everywhere.
    black_holes: the file is the other way round.
    size: width and height of its photograph; None: it has none.

    Returns
    -------
    HxW bool, True = hole.

    Raises
    ------
    InpaintingError: by name, one of another size, or that covers nothing or everything.

    """
    own = read_photo(path).size
    if size not in (None, own):
        raise InpaintingError(
            f"mask {path.name} is {own[0]}x{own[1]} but its photo is {size[0]}x{size[1]}: they "
            "must have the same size"
        )
    hole = read_mask(path, own) ^ black_holes
    if hole.all() or not hole.any():
        raise InpaintingError(
            f"mask {path.name} covers {'everything' if hole.all() else 'nothing'} but a hole with "
            "something known about it is expected: paint what is to be erased white"
        )
    return hole


def read_shapes(paths: list[Path], black_holes: bool) -> list[np.ndarray]:
    """Read a pool of object masks, each as ``read_hole``; refuses a pool that looks flipped.

    Some objects fill most of their picture, most do not.
    """
    shapes = [read_hole(path, black_holes) for path in paths]
    large = [p.name for p, shape in zip(paths, shapes, strict=True) if shape.mean() > LARGEST_SHARE]
    if 2 * len(large) > len(shapes):
        hint = "leave out --black-holes" if black_holes else "add --black-holes"
        raise InpaintingError(
            f"most object masks cover more than {LARGEST_SHARE:.0%} of their own picture: "
            f"{listed(large)}; white = hole, so {hint} if they are flipped, else take them away"
        )
    return shapes


def listed(names: Iterable[object]) -> str:
    """For sentences: at most five names, and how many more there are."""
    names = [str(name) for name in names]
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _strokes(numbers: Strokes, size: int, rng: np.random.Generator) -> np.ndarray:
    """Strokes of one to five segments each, every other one turning the other way round."""
    canvas = np.zeros((size, size), np.uint8)
    for stroke in range(rng.integers(*numbers.times, endpoint=True)):
        point = rng.integers(0, size, 2)
        for _ in range(rng.integers(1, 6)):
            angle = 0.01 + rng.integers(4)  # radians, max_angle 4: LaMa draws whole ones
            angle = 2 * np.pi - angle if stroke % 2 == 0 else angle
            step = (10 + rng.integers(numbers.length)) * np.array([np.sin(angle), np.cos(angle)])
            end = np.clip((point + step).astype(int), 0, size)
            brush = 5 + int(rng.integers(numbers.width))
            cv2.line(canvas, point.tolist(), end.tolist(), 1, brush)
            point = end
    return canvas.astype(bool)


def _boxes(numbers: Strokes, size: int, rng: np.random.Generator) -> np.ndarray:
    """Rectangles, wholly inside the margin."""
    hole = np.zeros((size, size), bool)
    for _ in range(rng.integers(*numbers.boxes, endpoint=True)):
        sides = rng.integers(*numbers.sides, 2, endpoint=True)
        top, left = rng.integers(numbers.margin, size - numbers.margin - sides, endpoint=True)
        hole[top : top + sides[0], left : left + sides[1]] = True
    return hole


def _fitted(mask: np.ndarray, size: int) -> np.ndarray:
    """HxW bool, scaled so that its longer side is `size`."""
    scale = size / max(mask.shape)
    height, width = (max(1, round(side * scale)) for side in mask.shape)
    return resize(mask, (width, height))


def _trimmed(mask: np.ndarray) -> np.ndarray:
    """HxW bool, cut down to the box of what is True."""
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    return mask[top : top + height, left : left + width]
