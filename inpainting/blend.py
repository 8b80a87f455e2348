"""Join pieces copied from elsewhere in the photograph: no seams, the right colours.

The result has the copies' gradients, the photograph's pixels about the hole, and, over wide
distances, the colours of the generator's picture: the screened Poisson equation (Perez et al. 2003,
"Poisson image editing"; Bhat et al. 2008, "Fourier analysis of the 2D screened Poisson equation").
"""

import cv2
import numpy as np

from inpainting.mask import resize

COARSEST = 384  # pixels, side: at most so large is the first picture that is solved
STEPS, FINER_STEPS = 60, 12  # of conjugate gradients; a finer picture begins from the coarser one


def blend(soft: np.ndarray, hole: np.ndarray, shifts: np.ndarray, reach: float) -> np.ndarray:
    """Fill the hole with what stands `shifts` away.

    Parameters
    ----------
    soft: SxSx3 float32, the photograph, in its hole the generator's picture.
    hole: SxS bool, True = to be filled; all else stays.
    shifts: HxWx2 int, (down, right) to the source, in pixels of an HxW picture of the same square.
    reach: pixels of that HxW picture; farther than this the colours are the generator's.

    Returns
    -------
    SxSx3 float32.

    """
    return _solved(soft, hole, shifts, reach)[0]


def _solved(
    soft: np.ndarray, hole: np.ndarray, shifts: np.ndarray, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """The blended picture, and the bare copies it is made of; coarse pictures first."""
    side = soft.shape[0]
    scale = side / shifts.shape[0]
    field = cv2.resize(shifts.astype(np.float32), (side, side), interpolation=cv2.INTER_NEAREST)
    copies = Copies(soft, hole, np.rint(field * scale).astype(int))
    if side <= COARSEST:
        away = cv2.GaussianBlur(soft - copies.picture, (0, 0), reach * scale)
        steps = STEPS
    else:
        half = (side // 2, side // 2)
        below = cv2.resize(soft, half, interpolation=cv2.INTER_AREA)
        blended, bare = _solved(below, resize(hole, half), shifts, reach)
        away = cv2.resize(blended - bare, (side, side), interpolation=cv2.INTER_LINEAR)
        steps = FINER_STEPS
    start = np.where(hole[..., None], copies.picture + away, soft)
    return copies.joined(start, 1 / (reach * scale) ** 2, steps), copies.picture


class Copies:
    """The photograph with every pixel of its hole copied from another place, and its gradients."""

    def __init__(self, soft: np.ndarray, hole: np.ndarray, shifts: np.ndarray):
        """soft: HxWx3 float32; hole: HxW bool; shifts: HxWx2 int, (down, right) to the source."""
        self.soft, self.hole = soft, hole
        left, top, width, height = cv2.boundingRect(hole.view(np.uint8))
        first, aside = max(0, top - 1), max(0, left - 1)
        self.box = np.s_[first : top + height + 1, aside : left + width + 1]  # and one pixel around
        rows, columns = np.moveaxis(shifts[self.box], 2, 0) + np.indices(hole[self.box].shape)
        here, right, left_, below, above = (
            _taken(soft, first + rows + y, aside + columns + x)
            for y, x in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))
        )
        # Between two neighbours: the mean of what either one's source says the step is.
        self.across = ((right - here)[:, :-1] + (here - left_)[:, 1:]) / 2
        self.down = ((below - here)[:-1] + (here - above)[1:]) / 2
        self.picture = soft.copy()
        self.picture[self.box] = np.where(hole[self.box][..., None], here, soft[self.box])

    def joined(self, start: np.ndarray, screen: float, steps: int) -> np.ndarray:
        """Minimise |grad u - copied|^2 + screen |u - soft|^2 over the hole, from `start` on.

        Conjugate gradients; outside the hole u is `start`.
        """
        free = self.hole[self.box][..., None].astype(np.float32)
        u = start[self.box].copy()
        wanted = _flowing(self.across, self.down, screen * self.soft[self.box])
        residual = (wanted - _operator(u, screen)) * free
        direction, size = residual, float((residual**2).sum())
        for _ in range(steps):
            image = _operator(direction, screen) * free
            step = size / max(float((direction * image).sum()), 1e-12)
            u += step * direction
            residual = residual - step * image
            before, size = size, float((residual**2).sum())
            direction = residual + size / max(before, 1e-12) * direction
        result = start.copy()
        result[self.box] = u
        return result


def _taken(pixels: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Gather pixels, the edge's own beyond the edge."""
    height, width = pixels.shape[:2]
    return pixels[rows.clip(0, height - 1), columns.clip(0, width - 1)]


def _operator(u: np.ndarray, screen: float) -> np.ndarray:
    """Screen times u, less its Laplacian; nothing flows over the edge."""
    return _flowing(np.diff(u, axis=1), np.diff(u, axis=0), screen * u)


def _flowing(across: np.ndarray, down: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Add what flows into each pixel, less what flows out, to the total HxWxC, in place.

    across: Hx(W-1)xC; down: (H-1)xWxC.
    """
    total[:, 1:] += across
    total[:, :-1] -= across
    total[1:] += down
    total[:-1] -= down
    return total
