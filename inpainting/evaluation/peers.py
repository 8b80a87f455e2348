"""The classical rivals, which need no weights: functions (photo, hole) -> picture.

photo: HxWx3 uint8 RGB; what stands under the hole is for the caller to blot out.
hole: HxW bool, True = hole, not all of the photo.
picture: HxWx3 uint8 RGB, the photo with the hole filled.
"""

from collections.abc import Callable
from importlib import metadata

import cv2
import numpy as np

from inpainting.errors import InpaintingError

Fill = Callable[[np.ndarray, np.ndarray], np.ndarray]
RADIUS = 4  # pixels that OpenCV looks around each pixel of the hole; Sanster/IOPaint takes 4 too


def mean_colour(photo: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """The mean of what is known: the least that any method must beat."""
    return np.where(hole[..., None], photo[~hole].mean(axis=0).round(), photo).astype(np.uint8)


def telea(photo: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Telea 2004, fast marching; OpenCV (nonzero = hole). It knows no order of colours."""
    return cv2.inpaint(photo, hole.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)


def navier_stokes(photo: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Bertalmio et al. 2001; OpenCV (nonzero = hole)."""
    return cv2.inpaint(photo, hole.astype(np.uint8), RADIUS, cv2.INPAINT_NS)


def biharmonic(photo: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Damelin & Hoang 2018, the smoothest surface; scikit-image (True = hole), floats in [0, 1]."""
    from skimage.restoration import inpaint_biharmonic

    surface = inpaint_biharmonic(photo, hole, split_into_regions=True, channel_axis=-1)
    return (surface * 255).round().clip(0, 255).astype(np.uint8)


def patchmatch(photo: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """PatchMatch (Barnes et al. 2009) over a pyramid; PyPatchMatch (nonzero = hole), seeded."""
    from patchmatch import patch_match

    patch_match.set_random_seed(0)
    return np.asarray(patch_match.inpaint(photo, hole.astype(np.uint8) * 255, patch_size=3))


PEERS: dict[str, Fill] = {
    "mean": mean_colour,
    "telea": telea,
    "ns": navier_stokes,
    "biharmonic": biharmonic,
    "patchmatch": patchmatch,
}
PACKAGES = {
    "mean": "numpy",
    "telea": "opencv-python-headless",
    "ns": "opencv-python-headless",
    "biharmonic": "scikit-image",
    "patchmatch": "PyPatchMatch",
}


def package(name: str) -> str:
    """The package that a peer comes from and its version, as "numpy 2.2.6".

    Raises
    ------
    InpaintingError: it is not installed.

    """
    try:
        return f"{PACKAGES[name]} {metadata.version(PACKAGES[name])}"
    except metadata.PackageNotFoundError as error:
        raise InpaintingError(
            f"{name} needs {PACKAGES[name]}, which is not installed: run "
            "pip install -r requirements-dev.txt, or leave it out"
        ) from error
