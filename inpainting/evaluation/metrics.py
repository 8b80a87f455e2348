"""Scores of one fill: bare functions with their formulas, for pictures of any size.

result, truth, photo: HxWx3 uint8; hole: HxW bool, True = filled. The result is composited: outside
the hole it is the photo. The photo is what was shown, with the unwanted object in it; the truth is
what stands behind the object. A score that has no pixels to look at is nan.

With the truth: `l1`, `psnr`, `ssim`, `ghost`. The picture alone: `sharpness`, `seam`, `shift`; they
hold the hole against the ring, the known pixels just outside it.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from skimage.metrics import structural_similarity

from inpainting.mask import grow

RING = (
    1 / 40
)  # width of the ring, of the shorter side: 13 pixels of 512, as wide as a texture shows
LEAST_RING = 4  # pixels, in small pictures
SOFT = 1.0  # grey levels: steps below it are not seen, and a ratio of two such is about 1
EQUAL = (
    1e-10  # squared grey levels: equality counts as 148 dB; one wrong value of 30 million is 123
)


def l1(result: np.ndarray, truth: np.ndarray, hole: np.ndarray | None = None) -> float:
    """Mean |r - t| over the hole, or over all, in per cent of the range: 0 to 100; 0 is best."""
    return _mean(np.abs(_pixels(result, hole) - _pixels(truth, hole))) / 255 * 100


def psnr(result: np.ndarray, truth: np.ndarray, hole: np.ndarray | None = None) -> float:
    """10 log10(255^2 / mean (r - t)^2) over the hole, or over all, in dB; more is better.

    It favours blur. The mean is held at 1e-10 from below, so that equality is 148.1 dB and finite.
    """
    error = _mean((_pixels(result, hole) - _pixels(truth, hole)) ** 2)
    return float(10 * np.log10(255**2 / np.maximum(error, EQUAL)))


def ssim(result: np.ndarray, truth: np.ndarray, hole: np.ndarray | None = None) -> float:
    """Structural similarity, at most 1, and 1 is best: its map's mean over the hole, or over all.

    Wang et al. 2004 (doi 10.1109/TIP.2003.819861), eq. 13, with their Gaussian window (11x11,
    sigma 1.5) and constants, in each channel. Windows about the hole's border see known pixels
    too. Both sides of the pictures are to be 11 pixels at least.
    """
    return _mean(_pixels(ssim_map(result, truth), hole))


def ssim_map(result: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """HxWx3 float: what `ssim` is the mean of."""
    _, similarity = structural_similarity(
        result,
        truth,
        channel_axis=2,
        data_range=255,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        full=True,
    )
    return similarity


def sharpness(result: np.ndarray, hole: np.ndarray) -> float:
    """(mean |gradient| in the hole + 1) / (the same in the ring + 1); 1 is best, less is blur.

    Of the grey picture, by central differences, in grey levels. Those that reach across the border
    count on neither side, unless no others are left. The 1 keeps a smooth ring, as of sky, from
    blowing the number up: it is a step that nobody sees.
    """
    gradient = np.hypot(*np.gradient(result.mean(axis=2)))
    ring = _ring(hole)
    inner, outer = ~grow(~hole, 1), ring & ~grow(hole, 1)
    inside = gradient[inner if inner.any() else hole]
    outside = gradient[outer if outer.any() else ring]
    return (_mean(inside) + SOFT) / (_mean(outside) + SOFT)


def seam(result: np.ndarray, hole: np.ndarray) -> float:
    """(mean |step| across the hole's border + 1) / (the same in the ring + 1); best is 1, not more.

    A step: the difference of 4-neighbours in grey levels, its mean over the channels. The 1 is what
    it is in `sharpness`. Well above 1 the seam shows; below 1 the border is smoother than the ring.
    """
    ring = _ring(hole)
    across, along = [], []
    for axis in (0, 1):
        steps = np.abs(np.diff(result.astype(float), axis=axis)).mean(axis=2)
        across.append(steps[np.diff(hole, axis=axis)])  # one of the two is in the hole
        along.append(steps[sliding_window_view(ring, 2, axis=axis).all(axis=-1)])
    return (_mean(np.concatenate(across)) + SOFT) / (_mean(np.concatenate(along)) + SOFT)


def shift(result: np.ndarray, hole: np.ndarray) -> float:
    """Mean over the channels of |mean of the hole - mean of the ring|, in per cent; less is better.

    Not 0 at the truth, which has colours of its own there: compare with the truth's shift.
    """
    inside, outside = _pixels(result, hole), _pixels(result, _ring(hole))
    if not len(inside) or not len(outside):
        return float("nan")
    return _mean(np.abs(inside.mean(axis=0) - outside.mean(axis=0))) / 255 * 100


def ghost(result: np.ndarray, truth: np.ndarray, photo: np.ndarray, hole: np.ndarray) -> float:
    """|b2| of the least squares r ~ b0 + b1 t + b2 p over the hole: how much of the object is left.

    0 is best, the object is gone; 1, it stands there still; a, the result is (1 - a) t + a p. All
    channels are pooled. The correlation of r - t with p - t would not do: both hold -t, so a clean
    fill that differs from the truth looks like half a ghost.

    b2 is found from what the photo has in it beyond an affine function of the truth. Where that is
    less than a grey level (no object, one plain colour, an even shadow), nothing tells the object
    from the rest, and the answer is 0.
    """
    r, t, p = (_pixels(picture, hole).ravel() for picture in (result, truth, photo))
    if not r.size:
        return float("nan")
    t, p = t - t.mean(), p - p.mean()
    object_alone = p - t * (p @ t) / max(t @ t, EQUAL)
    if (object_alone**2).mean() < SOFT**2:
        return 0.0
    return float(abs(r @ object_alone) / (object_alone @ object_alone))


def _ring(hole: np.ndarray) -> np.ndarray:
    """HxW bool: the known pixels that are no farther from the hole than the ring is wide."""
    width = max(LEAST_RING, round(min(hole.shape) * RING))
    return grow(hole, width) & ~hole


def _pixels(picture: np.ndarray, region: np.ndarray | None) -> np.ndarray:
    """NxC float: the pixels of a region of an HxWxC picture, or all of them."""
    chosen = picture.reshape(-1, picture.shape[2]) if region is None else picture[region]
    return chosen.astype(float)


def _mean(values: np.ndarray) -> float:
    """The mean, of none nan, without a warning."""
    return float(values.mean()) if values.size else float("nan")
