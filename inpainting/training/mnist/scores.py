"""Scores of filled digits: hole L1, squared error, SSIM over the hole, read as its label or not.

arms, classifier -> [scores] -> report. Every digit is scored as it would be pasted: known pixels
from the truth, the hole from GPNet, rounded to grey levels.
"""

import numpy as np
import torch
from torch import Tensor, nn

from inpainting.evaluation.metrics import ssim
from inpainting.generator import composite
from inpainting.training.mnist.classifier import read
from inpainting.training.mnist.digits import Digits, as_pixels
from inpainting.training.mnist.holes import as_batch

AT_ONCE = 250  # digits in one forward
GREY = 128  # the middle of the range: a hole as it is shown


@torch.no_grad()
def fill(generator: nn.Module, pixels: Tensor, holes: Tensor) -> Tensor:
    """Nx32x32 uint8 digits and holes -> Nx32x32 uint8, the holes filled."""
    device, filled = next(generator.parameters()).device, []
    for some, hidden in zip(pixels.split(AT_ONCE), holes.split(AT_ONCE), strict=True):
        image, mask = (tensor.to(device) for tensor in as_batch(some, hidden))
        filled.append(as_pixels(composite(image, mask, generator(image, mask).gpnet)))
    return torch.cat(filled)


def hole_errors(filled: Tensor, truth: Tensor, holes: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Of each digit over its hole: (mean |r - t| in per cent of 255, mean (r - t)^2).

    The first is `evaluation.metrics.l1`, for many at once. The second is kept instead of a PSNR:
    a hole in the black around a digit is filled exactly, and one infinite PSNR spoils a mean.
    """
    error, inside = filled.double() - truth.double(), holes.double()
    area = inside.sum(dim=(1, 2))
    l1 = (error.abs() * inside).sum(dim=(1, 2)) / area / 255 * 100
    return l1.numpy(), ((error.square() * inside).sum(dim=(1, 2)) / area).numpy()


def score(filled: Tensor, digits: Digits, holes: Tensor, reader: nn.Module) -> dict[str, list]:
    """Every score of every digit: name -> N values."""
    l1, square = hole_errors(filled, digits.pixels, holes)
    pairs = zip(filled.numpy(), digits.pixels.numpy(), holes.numpy().astype(bool), strict=True)
    alike = [ssim(result[..., None], truth[..., None], hole) for result, truth, hole in pairs]
    correct = (read(reader, filled) == digits.labels).int()
    rounded = {"l1": l1.round(4), "square": square.round(2), "ssim": np.round(alike, 5)}
    return {name: values.tolist() for name, values in rounded.items()} | {"read": correct.tolist()}


def bounds(digits: Digits, holes: Tensor, reader: nn.Module) -> dict[str, dict[str, list]]:
    """The scores of what needs no network: the truth, holes filled black, holes left grey."""
    fills = {
        "the truth": digits.pixels,
        "black": painted(digits.pixels, holes, 0),
        "grey": painted(digits.pixels, holes, GREY),
    }
    return {name: score(filled, digits, holes, reader) for name, filled in fills.items()}


def painted(pixels: Tensor, holes: Tensor, level: int) -> Tensor:
    """Nx32x32 uint8 digits with their holes at one grey level."""
    return torch.where(holes.bool(), torch.full_like(pixels, level), pixels)
