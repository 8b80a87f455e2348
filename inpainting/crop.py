"""The windows around the holes, cut out of the photograph and scaled to the generator's size.

mask -> [crop] -> generator -> detail -> paste. The whole photograph is never shrunk: each hole gets
a square with context in proportion to its own box, so a small thing in a large photo is filled at
full resolution. Photographs and masks are plain numpy arrays here, in the photograph's own pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from inpainting.generator.generator import MULTIPLE
from inpainting.mask import Box, parts

CONTEXT = 2.0  # window side / hole side: about a quarter of the window is hole, as in training
SMALLEST = 256  # pixels: a tiny hole sees this much of the photo, where the generator takes it
TOGETHER = int(SMALLEST / CONTEXT)  # pixels: small holes within such a square are one hole


@dataclass(frozen=True)
class Window:
    """A square of the photograph; it may reach over the edge of a photo that is too small."""

    left: int
    top: int
    side: int  # pixels of the photograph
    shown: int  # pixels of the square that the generator is shown, at most `side`
    hole: Box  # what is to be filled, in the photograph's coordinates


def windows(mask: np.ndarray, largest: int) -> Iterator[Window]:
    """Yield windows, the largest hole's first, until every hole pixel is in one of them.

    A window takes along all smaller holes that lie well inside it, so near holes are filled
    together and a thousand specks do not make a thousand windows.

    mask: HxW bool, True = erase. largest: pixels, the side up to which nothing is scaled down.
    """
    left = sorted(parts(mask), key=order)
    while left:
        window = around(union(beside(left[0], left)), mask.shape, largest)
        inside = [box for box in left if covers(window, box)]
        left = [box for box in left if not covers(window, box)]
        yield replace(window, hole=union(inside))


def order(box: Box) -> tuple[int, int, int]:
    """Large holes first, so that small ones are taken along; small ones row by row."""
    longest = max(box.width, box.height)
    return (-longest if longest > TOGETHER else 0, box.top, box.left)


def beside(first: Box, boxes: list[Box]) -> list[Box]:
    """The boxes near a small first one that fit together into the smallest window."""
    left, top = first.left - TOGETHER // 2, first.top
    near = (
        box
        for box in boxes
        if left <= box.left and box.right <= left + TOGETHER and box.bottom <= top + TOGETHER
    )
    return [first, *near]


def union(boxes: list[Box]) -> Box:
    """The smallest box around some."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def around(box: Box, shape: tuple[int, int], largest: int) -> Window:
    """The window centred on a box, shifted inside a photo of shape (height, width)."""
    wanted = min(int(CONTEXT * max(box.width, box.height)), max(shape))
    side = max(min(SMALLEST, largest), wanted, box.width, box.height)
    side = -(-side // MULTIPLE) * MULTIPLE
    left = place(box.left + box.right, side, shape[1])
    top = place(box.top + box.bottom, side, shape[0])
    return Window(left, top, side, min(side, largest), box)


def place(twice_center: int, side: int, length: int) -> int:
    """Where a stretch of `side` begins: about the centre, inside [0, length) if it fits."""
    if side >= length:
        return (length - side) // 2  # the photo in the middle, reflections on both sides
    return min(max((twice_center - side) // 2, 0), length - side)


def covers(window: Window, box: Box) -> bool:
    """Whether a box lies inside the window, as far from its rim as an eighth or as its own hole."""
    rim = window.side // 8
    own = window.hole
    return (
        min(window.left + rim, own.left) <= box.left
        and min(window.top + rim, own.top) <= box.top
        and box.right <= max(window.left + window.side - rim, own.right)
        and box.bottom <= max(window.top + window.side - rim, own.bottom)
    )


def cut(pixels: np.ndarray, window: Window) -> np.ndarray:
    """The window's square at the photograph's own scale, side x side (x C), any dtype.

    Beyond the photograph's edges it is mirrored, as often as needed.
    """
    rows = mirrored(window.top, window.side, pixels.shape[0])
    columns = mirrored(window.left, window.side, pixels.shape[1])
    if rows is None and columns is None:
        bottom, right = window.top + window.side, window.left + window.side
        return pixels[window.top : bottom, window.left : right]
    rows = np.arange(window.top, window.top + window.side) if rows is None else rows
    columns = np.arange(window.left, window.left + window.side) if columns is None else columns
    return pixels[np.ix_(rows, columns)]


def mirrored(start: int, side: int, length: int) -> np.ndarray | None:
    """Indices of a stretch that reaches over [0, length), folded back; None if it does not."""
    if start >= 0 and start + side <= length:
        return None
    folded = np.arange(start, start + side) % (2 * length)
    return np.minimum(folded, 2 * length - 1 - folded)


def shrink(square: np.ndarray, shown: int) -> np.ndarray:
    """Scale a square of pixels down to shown x shown; the same array if it fits already."""
    if square.shape[0] == shown:
        return square
    return cv2.resize(square, (shown, shown), interpolation=cv2.INTER_AREA)


def enlarge(square: np.ndarray, side: int) -> np.ndarray:
    """Scale a square up to side x side; the same array if it has that size already."""
    if square.shape[0] == side:
        return square
    return cv2.resize(square, (side, side), interpolation=cv2.INTER_CUBIC)
