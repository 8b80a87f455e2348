"""The hole: a mask is HxW bool, and **True, 1, nonzero, white = erase**, everywhere.

photo -> [mask] -> crop -> generator -> detail -> paste

Masks come from an editor's strokes, from files, from callers' arrays; they are grown, filled and
cut into parts here. No other polarity exists in this house; who brings one turns it first.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from PIL import Image

from inpainting.errors import InpaintingError
from inpainting.photo import Photo, from_pil, read_photo, write_whole


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels; right and bottom are the first outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns in it."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows in it."""
        return self.bottom - self.top


def as_mask(value: np.ndarray | Image.Image, size: tuple[int, int]) -> np.ndarray:
    """Take a caller's mask.

    Parameters
    ----------
    value: a PIL image, or an array HxW or HxWxC: C of 1 or 3, and one more if it has alpha; bool,
        integers 0 to 255 (uint16: to 65535) or 0 and 1, or floats 0 to 1. With an alpha that is not
        opaque everywhere, the hole is what was painted on the clear ground: alpha > 0. Else it is
        where luminance reaches half of the range, for JPEG leaves noise on black.
    size: width and height of the photo.

    Returns
    -------
    HxW bool, True = erase.

    Raises
    ------
    InpaintingError: another size than the photo's, another shape, values outside the range.

    """
    return _hole(_samples(from_pil(value) if isinstance(value, Image.Image) else value), size)


def read_mask(path: Path | str | bytes | BinaryIO, size: tuple[int, int]) -> np.ndarray:
    """Read a mask file (or its bytes) by the rules of ``as_mask``, with a photo file's refusals."""
    return _hole(_samples(read_photo(path)), size)


def write_mask(mask: np.ndarray, path: Path | str) -> None:
    """Write HxW bool as a 1-bit PNG, white = erase; whole or not at all."""
    buffer = io.BytesIO()
    Image.fromarray(_checked(mask)).save(buffer, "PNG")
    write_whole(buffer.getvalue(), Path(path))


def from_layers(
    layers: Iterable[np.ndarray | Image.Image | None] | None, size: tuple[int, int]
) -> np.ndarray:
    """Join the strokes of an editor's layers: wherever one has any alpha, whatever its colour.

    layers: each a PIL image with alpha, HxWx4 RGBA or None, of any size, for it is scaled;
    size: width and height of the photo -> HxW bool, True = erase.
    """
    hole = np.zeros(size[::-1], bool)
    for layer in layers or ():
        if layer is not None:
            hole |= resize(_alpha(layer) > 0, size)
    return hole


def resize(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Scale HxW bool to a width and height, never losing a painted pixel.

    Smaller: a pixel with any hole in it is hole. Larger: linear between pixels' centres, cut at a
    quarter, which a lone pixel's own corners just reach; so edges come out smooth, not in steps.
    """
    width, height = size
    if (height, width) == _checked(mask).shape:
        return mask.copy()
    small = (min(width, mask.shape[1]), min(height, mask.shape[0]))
    if small != mask.shape[::-1]:
        mask = cv2.resize(mask.astype(np.float32), small, interpolation=cv2.INTER_AREA) > 0
    if small == (width, height):
        return mask
    linear = cv2.resize(mask * np.uint8(255), (width, height), interpolation=cv2.INTER_LINEAR)
    return linear >= 255 // 4 - 1  # less one: cv2 rounds


def grow(mask: np.ndarray, pixels: int) -> np.ndarray:
    """Grow HxW bool by a disc of that radius; a negative one shrinks, but not from photo's edges.

    By Euclidean distance, so that a large radius costs no more than a small one.
    """
    rows, columns = _around(mask, abs(pixels) + 1)
    part, result = mask[rows, columns], mask.copy()
    if pixels > 0 and part.any():
        result[rows, columns] = _distance(~part) <= pixels
    elif pixels < 0 and not part.all():
        result[rows, columns] = _distance(part) > -pixels
    return result


def fill(mask: np.ndarray) -> np.ndarray:
    """Fill HxW bool's closed loops: what one can only leave by crossing the hole is hole.

    Who circles an object means the object. A loop may close by corners only. One that is open at
    the photo's edge stays open, for nothing says which of its sides is meant.
    """
    rows, columns = _around(mask, 0)
    result = mask.copy()
    part = cv2.copyMakeBorder(_bytes(mask[rows, columns]), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(part, None, (0, 0), 2)  # 2: outside; by sides, so it does not slip past corners
    result[rows, columns] = part[1:-1, 1:-1] != 2
    return result


def parts(mask: np.ndarray) -> list[Box]:
    """Find the boxes of HxW bool's connected parts (by sides or corners), by top, then left."""
    rows, columns = _around(mask, 0)
    _, _, stats, _ = cv2.connectedComponentsWithStats(_bytes(mask[rows, columns]), connectivity=8)
    left, top, width, height, _ = stats[1:].T.astype(np.int64)  # the first is the background
    boxes = np.stack([left, top, left + width, top + height], axis=1)
    boxes += [columns.start, rows.start, columns.start, rows.start]
    ordered = sorted(boxes.tolist(), key=lambda box: (box[1], box[0], box[3], box[2]))
    return [Box(*box) for box in ordered]


def _samples(value: np.ndarray | Photo) -> np.ndarray:
    """HxWxC: grey or RGB, then alpha if there is one."""
    if isinstance(value, Photo):
        colour = value.pixels[..., :1] if value.mode == "L" else value.pixels
        return colour if value.alpha is None else np.dstack([colour, value.alpha])
    array = np.asarray(value)
    array = array[..., None] if array.ndim == 2 else array
    if array.ndim != 3 or array.shape[2] not in (1, 2, 3, 4) or array.dtype.kind not in "buif":
        raise InpaintingError(
            f"mask is an array of shape {np.shape(value)} and dtype {array.dtype} but HxW or HxWxC "
            "of numbers, C from 1 to 4, is expected: give one mask for one photo"
        )
    return array


def _hole(samples: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    height, width, channels = samples.shape
    if (width, height) != tuple(size):
        raise InpaintingError(
            f"mask is {width}x{height} but the photo is {size[0]}x{size[1]}: they must have the "
            "same size"
        )
    samples, full = _ranged(samples)
    if channels in (2, 4) and (samples[..., -1] < full).any():
        return samples[..., -1] > 0
    if channels < 3:
        return samples[..., 0] >= full / 2
    colour = np.ascontiguousarray(samples[..., :3])
    return cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY) >= full / 2


def _ranged(samples: np.ndarray) -> tuple[np.ndarray, int]:
    """The samples as uint8, uint16 or float32, and what counts as full: 1, 255 or 65535."""
    low, high = samples.min(), samples.max()
    whole = samples.dtype.kind in "bui"
    limit = (65535 if samples.dtype == np.uint16 else 255) if whole else 1
    if not (low >= 0 and high <= limit):  # false for NaN too
        raise InpaintingError(
            f"mask holds {samples.dtype} from {low} to {high} but bool, integers 0 to 255 or "
            "floats 0 to 1 are expected, the largest meaning erase: scale it"
        )
    if not whole:
        return samples.astype(np.float32), 1
    return samples.astype(np.uint16 if limit > 255 else np.uint8), limit if high > 1 else 1


def _alpha(layer: np.ndarray | Image.Image) -> np.ndarray:
    """HxW, of whatever range."""
    if isinstance(layer, Image.Image) and layer.has_transparency_data:
        return np.asarray(layer.convert("RGBA").getchannel("A"))
    shape = np.shape(layer)
    if isinstance(layer, Image.Image) or len(shape) != 3 or shape[2] != 4:
        raise InpaintingError(
            f"a layer of shape {shape} came but RGBA is expected, for strokes are told by alpha: "
            "convert it"
        )
    return np.asarray(layer)[..., 3]


def _checked(mask: np.ndarray) -> np.ndarray:
    if mask.ndim != 2 or mask.dtype != bool or 0 in mask.shape:
        raise InpaintingError(
            f"mask is {mask.shape} {mask.dtype} but HxW bool is expected: read it by as_mask"
        )
    return mask


def _bytes(mask: np.ndarray) -> np.ndarray:
    """Bool -> 0 and 1 as uint8, which is what cv2 takes; not copied."""
    return mask.view(np.uint8)


def _around(mask: np.ndarray, margin: int) -> tuple[slice, slice]:
    """Rows and columns of the hole's bounding box, with a margin where the photo has it.

    Never empty: a pixel in the corner stands for no hole.
    """
    left, top, width, height = cv2.boundingRect(_bytes(_checked(mask)))
    rows = slice(max(0, top - margin), top + max(height, 1) + margin)
    columns = slice(max(0, left - margin), left + max(width, 1) + margin)
    return rows, columns


def _distance(mask: np.ndarray) -> np.ndarray:
    """HxW float32: each True pixel's Euclidean distance to the nearest False one, in pixels."""
    return cv2.distanceTransform(_bytes(mask), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
