"""How far apart two sets of pictures are, from their features; the order of pictures is nothing.

Both are named after Inception's features (FID, KID); with the features of another network they are
other numbers, to be shown under another name.
"""

import numpy as np

from inpainting.errors import InpaintingError


def frechet_distance(x: np.ndarray, y: np.ndarray) -> float:
    """|m_x - m_y|^2 + tr(C_x + C_y - 2 (C_x C_y)^(1/2)): 0 is best.

    x: NxD, y: MxD, a picture's features a row; m, C: their means and covariances (ddof = 1). The
    Frechet distance of two Gaussians, Heusel et al. 2017 (arXiv 1706.08500), eq. 6. It falls as the
    sets grow: compare sets of one size only.

    With C = R^T R from the centred features' QR decomposition, the trace of the root is the sum of
    the singular values of R_x R_y^T: no root is taken, so fewer pictures than features do no harm.
    """
    x, y = _checked(x, y)
    root_x, root_y = (
        np.linalg.qr(rows - rows.mean(axis=0), mode="r") / np.sqrt(len(rows) - 1) for rows in (x, y)
    )
    means = ((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum()
    traces = (root_x**2).sum() + (root_y**2).sum()
    return float(max(means + traces - 2 * np.linalg.norm(root_x @ root_y.T, "nuc"), 0))


def kernel_distance(x: np.ndarray, y: np.ndarray) -> float:
    """Squared maximum mean discrepancy, unbiased: 0 is best; by chance a little less than 0.

    x, y: NxD each, a picture's features a row, x[i] and y[i] of the same photograph. The mean over
    i != j of k(x_i, x_j) + k(y_i, y_j) - 2 k(x_i, y_j), with k(a, b) = (a.b / D + 1)^3: Binkowski
    et al. 2018 (arXiv 1801.01401), section 4, as the U-statistic of pairs of Gretton et al. 2012
    (JMLR 13, eq. 4). A fill resembles its own truth most: were k(x_i, y_i) counted, few pictures
    would bring every method far below 0.
    """
    x, y = _checked(x, y)
    if len(x) != len(y):
        raise InpaintingError(
            f"the sets of features are {_words(x)} and {_words(y)}: expected as many rows in each, "
            "in pairs; give every picture and its truth"
        )
    pairs = _kernel(x, x) + _kernel(y, y) - 2 * _kernel(x, y)
    return float((pairs.sum() - pairs.trace()) / (len(x) * (len(x) - 1)))


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """NxM: the polynomial kernel of every row of a with every row of b."""
    return (a @ b.T / a.shape[1] + 1) ** 3


def _checked(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two sets as float64; refuses what has no covariance, or no common features."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim != 2 or y.ndim != 2 or min(len(x), len(y)) < 2 or x.shape[1] != y.shape[1]:
        raise InpaintingError(
            f"the sets of features are {_words(x)} and {_words(y)}: expected two rows or more in "
            "each, of equal length; give more pictures, seen by one network"
        )
    return x, y


def _words(features: np.ndarray) -> str:
    """Sizes as people write them: 3x320."""
    return "x".join(map(str, features.shape))
