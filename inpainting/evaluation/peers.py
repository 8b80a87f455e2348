"""The classical rivals: functions (HxWx3 uint8 RGB, HxW bool with True = hole) -> HxWx3 uint8.

None needs weights. `in_process` runs one in a process of its own with a time limit, since native
code may hang or crash and must not take the measurement with it.
"""

import multiprocessing
from collections.abc import Callable
from time import perf_counter

import cv2
import numpy as np

from inpainting.errors import InpaintingError

Fill = Callable[[np.ndarray, np.ndarray], np.ndarray]


def mean_colour(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The mean of what is known: the least that any method must beat."""
    return np.where(mask[..., None], photo[~mask].mean(axis=0).round(), photo).astype(np.uint8)


def telea(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Telea 2004, fast marching; OpenCV, radius 4. It knows no colour order: RGB in, RGB out."""
    return cv2.inpaint(photo, mask.astype(np.uint8), 4, cv2.INPAINT_TELEA)


def navier_stokes(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Bertalmio et al. 2001; OpenCV, radius 4."""
    return cv2.inpaint(photo, mask.astype(np.uint8), 4, cv2.INPAINT_NS)


def patchmatch(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """PatchMatch (Barnes et al. 2009) over a pyramid; PyPatchMatch, patches of 3: the strongest."""
    from patchmatch import patch_match

    patch_match.set_random_seed(0)
    return np.asarray(patch_match.inpaint(photo, mask.astype(np.uint8) * 255, patch_size=3))


PEERS: dict[str, Fill] = {
    "mean colour": mean_colour,
    "Telea": telea,
    "Navier-Stokes": navier_stokes,
    "PatchMatch": patchmatch,
}


class OwnProcess:
    """Runs peers in one child process; a call that outlasts its limit ends the child."""

    def __init__(self, limit: float = 60.0):
        self.limit = limit  # seconds for one picture
        self.pool = multiprocessing.get_context("spawn").Pool(1)

    def __enter__(self) -> "OwnProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.terminate()

    def run(self, name: str, photo: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, float]:
        """Fill by the named peer -> (HxWx3 uint8, seconds inside the child)."""
        try:
            return self.pool.apply_async(_timed, (name, photo, mask)).get(self.limit)
        except multiprocessing.TimeoutError as error:
            raise InpaintingError(
                f"{name} gave no answer in {self.limit:.0f} s: leave it out, or make --size smaller"
            ) from error


def _timed(name: str, photo: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, float]:
    start = perf_counter()
    result = PEERS[name](photo, mask)
    return result, perf_counter() - start
