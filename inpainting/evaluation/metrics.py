"""Scores of one fill against the truth, over the hole: bare functions with their formulas.

result, truth: HxWx3 uint8; hole: HxW bool, True = filled.
"""

import numpy as np


def hole_l1(result: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> float:
    """Mean |r - t| over the hole, in per cent of the range; 0 is best."""
    difference = result[hole].astype(float) - truth[hole]
    return float(np.abs(difference).mean() / 255 * 100)


def hole_psnr(result: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> float:
    """10 log10(255^2 / mean (r - t)^2) over the hole, in dB; more is better. It favours blur."""
    difference = result[hole].astype(float) - truth[hole]
    return float(10 * np.log10(255**2 / max((difference**2).mean(), 1e-10)))


def sharpness(result: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> float:
    """Mean gradient of the fill over that of the truth, in the hole; 1 is best, less is blur."""
    return float(_gradient(result)[hole].mean() / max(_gradient(truth)[hole].mean(), 1e-10))


def _gradient(picture: np.ndarray) -> np.ndarray:
    """HxW: length of the grey picture's gradient, central differences."""
    return np.hypot(*np.gradient(picture.mean(axis=2)))
