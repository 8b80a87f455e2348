"""Detail from the photograph itself: the fill is rebuilt of copied pieces, the generator's guides.

mask -> crop -> generator -> [detail] -> paste. The generator knows what belongs where, but its
picture is soft, and of a large hole it is smaller than the hole. The rest of the photograph is
sharp at any size. So every place of the hole is told from where to copy: the photograph, moved by
one of a few shifts (He and Sun 2012, "Statistics of patch offsets for image completion"), by that
one under which it resembles the generator's picture most. `blend` then joins the copies.
"""

import cv2
import numpy as np

from inpainting.blend import blend
from inpainting.crop import enlarge
from inpainting.mask import resize

MATCHED = 2  # matching works at 1/2 of the size that the generator was shown: no finer is its truth
LEAST = 64  # matched pixels, side: smaller pictures, as of digits, have no texture to copy
CELL = 2  # matched pixels a side of the cells between which shifts are looked for
SHIFTS = 48  # the most frequent ones that are tried everywhere
PATCH = 5  # matched pixels a side: what is compared when a shift is judged
AGREEMENT = 0.05  # mean squared difference that a place gives for its neighbours' shift
ROUNDS = 6  # of agreeing
REACH = 6  # matched pixels: colours that change more slowly are the generator's, not the copies'
NOWHERE = 4.0  # mean squared difference, above any: a shift that leads into a hole


def add_detail(square: np.ndarray, hole: np.ndarray, fill: np.ndarray) -> np.ndarray:
    """Make a fill as sharp as the photograph around it.

    Parameters
    ----------
    square: SxSx3 uint8 or uint16, a window of the photograph; inside the hole it is not looked at.
    hole: SxS bool, True = unknown.
    fill: HxHx3 of the same dtype, the generator's picture of the window, H at most S.

    Returns
    -------
    SxSx3 of the same dtype, the square outside the hole; the fill itself where the window knows
    nothing that could be copied, or was shown at less than 128 pixels.

    """
    largest = np.float32(np.iinfo(square.dtype).max)
    matched = fill.shape[0] // MATCHED
    fill = enlarge(fill, square.shape[0])
    if matched < LEAST:
        return fill
    soft = np.where(hole[..., None], fill, square) / largest
    known = ~resize(hole, (matched, matched))
    guide = cv2.resize(soft, (matched, matched), interpolation=cv2.INTER_AREA)
    candidates = frequent_shifts(guide, known)
    if not len(candidates):
        return fill
    shifts = candidates[chosen(guide, known, candidates)]
    result = blend(soft, hole, shifts, REACH)
    return (result * largest).round().clip(0, largest).astype(square.dtype)


def frequent_shifts(guide: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Find where cells of the hole have their likes, and on which shifts most of them agree.

    guide: HxWx3 float32 in [0, 1], photo and fill; known: HxW bool -> Nx2 int, (down, right) in
    pixels of the guide from the hole to what it resembles; the most frequent first.
    """
    height, width = (side // CELL for side in known.shape)
    cells = cv2.resize(guide, (width, height), interpolation=cv2.INTER_AREA)
    around = cv2.copyMakeBorder(cells, 1, 1, 1, 1, cv2.BORDER_REFLECT)
    looks = np.concatenate(  # HxWx27: a cell and its eight neighbours
        [around[y : y + height, x : x + width] for y in range(3) for x in range(3)], axis=2
    ).reshape(height * width, -1)
    open_ = cv2.resize(known.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA) == 1
    near = cv2.erode(open_.astype(np.uint8), np.ones((3, 3)), borderValue=0) > 0
    there, here = np.flatnonzero(near), np.flatnonzero(~near)
    if not len(there):
        return np.zeros((0, 2), int)
    differences = (looks[there] ** 2).sum(axis=1) - 2 * looks[here] @ looks[there].T
    match = there[differences.argmin(axis=1)]
    votes = np.zeros((2 * height, 2 * width), np.float32)
    places = match // width - here // width + height, match % width - here % width + width
    np.add.at(votes, places, 1)
    votes = cv2.GaussianBlur(votes, (0, 0), 0.8)
    peaks = (votes == cv2.dilate(votes, np.ones((3, 3)))) & (votes > 0)
    order = np.argsort(-votes[peaks], kind="stable")[:SHIFTS]
    return (np.argwhere(peaks)[order] - [height, width]) * CELL


def chosen(guide: np.ndarray, known: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Choose a shift for every place.

    guide: HxWx3 float32; known: HxW bool; candidates: Nx2 int -> HxW int, indices of candidates.
    Where one resembles the guide about as well as another, neighbours take the same: whole pieces
    are copied, not crumbs.
    """
    cost = np.stack([_cost(guide, known, shift) for shift in candidates])  # NxHxW
    best = cost.argmin(axis=0)
    for _ in range(ROUNDS):
        agreeing = np.stack(
            [cv2.blur((best == n).astype(np.float32), (PATCH, PATCH)) for n in range(len(cost))]
        )
        best = (cost - AGREEMENT * agreeing).argmin(axis=0)
    return best


def _cost(guide: np.ndarray, known: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """HxW: how much the guide differs, patch by patch, from the photograph under a shift."""
    source, inside = _moved(guide, shift), _moved(known, shift)
    difference = ((source - guide) ** 2).sum(axis=2)
    difference[~inside] = NOWHERE
    cost = cv2.blur(difference, (PATCH, PATCH), borderType=cv2.BORDER_REFLECT)
    cost[~inside] = NOWHERE
    return cost


def _moved(pixels: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """HxW(xC): at every place what stands `shift` away from it, zero beyond the edge.

    The shift is shorter than the sides.
    """
    height, width = pixels.shape[:2]
    down, right = (int(way) for way in shift)
    moved = np.zeros_like(pixels)
    here = np.s_[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    there = np.s_[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
    moved[here] = pixels[there]
    return moved
