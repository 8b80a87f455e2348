"""Clean twins: a clean photograph, and the same one with an object and its shadow put into it.

What an erase should give back is then known exactly: the clean photograph. Two holes go with each:
the object alone, as people paint it who forget the shadow, and the object with its shadow.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inpainting.errors import InpaintingError
from inpainting.mask import grow
from inpainting.photo import read_photo

LARGEST_SHARE = 0.5  # of the picture, for either hole
FAINTEST = 2  # levels of 255; what the shadow darkens by less is left as it was
MARGIN, LEAST_MARGIN = 0.01, 3  # of the side, pixels: how far people paint past what they see


@dataclass(frozen=True)
class Twin:
    """A photograph with an object in it; outside the shadow's hole, it is its clean twin."""

    photo: np.ndarray  # SxSx3 uint8
    object_hole: np.ndarray  # SxS bool, True = hole: the object, grown
    shadow_hole: np.ndarray  # SxS bool, True = hole: the object and its shadow, grown


def read_cutout(path: Path) -> np.ndarray:
    """Read a picture of an object on clear ground -> HxWx4 uint8, alpha last.

    Raises
    ------
    InpaintingError: no clear ground, nothing to see, or a file that ``read_photo`` refuses.

    """
    photo = read_photo(path)
    if photo.alpha is None or photo.alpha.all() or not photo.alpha.any():
        seen = "nothing" if photo.alpha is not None and not photo.alpha.any() else "no clear ground"
        raise InpaintingError(
            f"cut-out {path.name} has {seen} but an object on clear ground is expected: give a PNG "
            "or WebP file with alpha"
        )
    samples = np.dstack([photo.pixels, photo.alpha])
    return samples if samples.dtype == np.uint8 else (samples >> 8).astype(np.uint8)


def twin(truth: np.ndarray, cutout: np.ndarray, rng: np.random.Generator) -> Twin:
    """Put an object into the lower two thirds of a photograph, its shadow about its foot.

    Parameters
    ----------
    truth: SxSx3 uint8, the clean photograph, S at least 64.
    cutout: HxWx4 uint8, the object; its alpha is 0 where it is not.
    rng: the only source of chance: the object's size and place, the light.

    Returns
    -------
    The twin; either hole is at most half of the picture.

    """
    size = truth.shape[0]
    margin = max(LEAST_MARGIN, round(MARGIN * size))
    while True:
        layer = _placed(_scaled(cutout, size * rng.uniform(0.2, 0.5)), size, rng)
        alpha = layer[..., 3]
        shaded = _darkened(truth, rng.uniform(0.3, 0.6) * _shadow(alpha, rng))
        photo = np.rint(layer[..., :3] + (1 - alpha[..., None]) * shaded).astype(np.uint8)
        there = alpha > 0
        object_hole = grow(there, margin)
        shadow_hole = grow(there | (shaded != truth).any(axis=2), margin)
        if shadow_hole.mean() <= LARGEST_SHARE:
            return Twin(photo, object_hole, shadow_hole)


def _scaled(cutout: np.ndarray, longest: float) -> np.ndarray:
    """HxWx4 uint8 -> hxwx4 float32: trimmed, its longer side `longest`, alpha 0 to 1.

    Colours are 0 to 255 times alpha before they are mixed: what lies under clear pixels cannot
    bleed into the edge as a dark or bright fringe.
    """
    left, top, width, height = cv2.boundingRect(cutout[..., 3])
    object_ = cutout[top : top + height, left : left + width].astype(np.float32)
    object_[..., 3:] /= 255
    object_[..., :3] *= object_[..., 3:]
    scale = longest / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    scaling = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(object_, size, interpolation=scaling)
    scaled[scaled[..., 3] < 1 / 255] = 0  # nobody sees it, so it should not count as object
    return scaled


def _placed(object_: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """HxWx4 -> size x size x 4: somewhere in the lower two thirds, wholly inside."""
    height, width = object_.shape[:2]
    top = rng.integers(size // 3, size - height, endpoint=True)
    left = rng.integers(0, size - width, endpoint=True)
    layer = np.zeros((size, size, 4), np.float32)
    layer[top : top + height, left : left + width] = object_
    return layer


def _shadow(alpha: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """SxS, 0 to 1 -> SxS, 0 to 1: the silhouette laid on the ground, darkest about its foot.

    The light comes from the front and from one side: the higher a point stands, the farther up and
    aside its shadow falls, fainter and softer.
    """
    _, top, _, height = cv2.boundingRect((alpha > 0).view(np.uint8))
    foot = top + height
    above = (foot - np.arange(len(alpha), dtype=np.float32))[:, None]  # pixels, a row each
    fading = alpha * (1 - 0.5 * np.clip(above / height, 0, 1))
    squash, shear = rng.uniform(0.2, 0.4), rng.choice([-1, 1]) * rng.uniform(0.6, 1.2)
    onto_ground = np.array([[1, -shear, shear * foot], [0, squash, foot - squash * foot]])
    laid = cv2.warpAffine(fading, onto_ground, alpha.shape[::-1])
    near, far = (cv2.GaussianBlur(laid, (0, 0), height * share) for share in (0.012, 0.05))
    away = np.clip(above / (squash * height / 2), 0, 1)  # 0 at the foot, 1 from the middle on
    soft = (1 - away) * near + away * far
    darkest = max(soft[alpha == 0].max(), np.finfo(np.float32).tiny)  # that is seen: not under it
    return np.minimum(soft / darkest, 1)


def _darkened(truth: np.ndarray, shadow: np.ndarray) -> np.ndarray:
    """SxSx3 uint8, SxS share of the light taken -> SxSx3 uint8, untouched where it is too faint."""
    shaded = np.rint(truth * (1 - shadow[..., None])).astype(np.uint8)
    seen = (truth - shaded).max(axis=2, keepdims=True) >= FAINTEST
    return np.where(seen, shaded, truth)
