"""The classical rivals: functions (HxWx3 uint8 RGB, HxW bool with True = hole) -> HxWx3 uint8.

None needs weights. `OwnProcess` runs them in a process of their own with a time limit, since native
code may hang or crash and must not take the measurement with it.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
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
    """Runs peers in one child process, which ends with the `with` block, whatever it is doing."""

    def __init__(self, limit: float = 60.0):
        self.limit = limit  # seconds for one picture
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.child = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.child.start()
        theirs.close()  # so that the child's end of it is the only one

    def __enter__(self) -> "OwnProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.child.kill()

    def run(self, name: str, photo: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, float]:
        """Fill by the named peer -> (HxWx3 uint8, seconds inside the child).

        Raises
        ------
        InpaintingError: no answer within the limit, or the child broke; it is of no use then.

        """
        try:
            self.pipe.send((name, photo, mask))
            if self.pipe.poll(self.limit):
                return self.pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise InpaintingError(f"{name} broke its process: leave it out") from error
        raise InpaintingError(
            f"{name} gave no answer in {self.limit:.0f} s: leave it out, or make --size smaller"
        )


def _serve(pipe: Connection) -> None:
    """In the child: answer one request after the other until the parent is gone."""
    while True:
        try:
            name, photo, mask = pipe.recv()
        except EOFError:
            return
        start = perf_counter()
        result = PEERS[name](photo, mask)
        pipe.send((result, perf_counter() - start))
