"""The four IDX files of MNIST -> padded digits, split into train, validation and test.

files -> [digits] -> holes -> arms. The 10,000 test digits are for the final scores alone; what
is decided on the way (the weights of the losses) is decided on the validation digits.
"""

import gzip
import math
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from inpainting.errors import InpaintingError

SIDE = 28  # pixels of a digit in the files
PADDED = 32  # pixels: the next multiple of the generator's 16
IMAGES, LABELS = 2051, 2049  # the magic numbers: bytes in three dimensions, bytes in one
WHERE = "the four files of MNIST, gzipped or plain, as its authors published them"


class Digits(NamedTuple):
    """pixels: Nx32x32 uint8, ink 255 on 0; labels: N int64, 0 to 9."""

    pixels: Tensor
    labels: Tensor

    def part(self, indices: Tensor | slice) -> "Digits":
        """Some of them."""
        return Digits(self.pixels[indices], self.labels[indices])


class Split(NamedTuple):
    """Three sets that share no digit."""

    train: Digits
    validation: Digits
    test: Digits


def read_split(folder: Path, validation: int, test: int, seed: int) -> Split:
    """Read the four files.

    Parameters
    ----------
    folder: where they are.
    validation: so many of the training digits are set aside, drawn by `seed`.
    test: so many of the test digits are kept, the first ones.
    seed: the only source of chance.

    Raises
    ------
    InpaintingError: a file is missing, broken, cut short or not what its name says; too few digits.

    """
    known, last = read_digits(folder, "train"), read_digits(folder, "t10k")
    if len(known.labels) <= validation or len(last.labels) < test:
        raise InpaintingError(
            f"{folder} holds {len(known.labels)} training and {len(last.labels)} test digits, "
            f"expected more than {validation} and at least {test}: take {WHERE}"
        )
    order = torch.from_numpy(np.random.default_rng(seed).permutation(len(known.labels)))
    return Split(
        known.part(order[validation:]), known.part(order[:validation]), last.part(slice(test))
    )


def read_digits(folder: Path, name: str) -> Digits:
    """Read the images and the labels called `name`: "train" or "t10k"."""
    images = read_idx(folder, f"{name}-images-idx3-ubyte", IMAGES)
    labels = read_idx(folder, f"{name}-labels-idx1-ubyte", LABELS)
    if images.shape[1:] != (SIDE, SIDE):
        raise InpaintingError(
            f"{name}-images-idx3-ubyte has pictures of {images.shape[2]}x{images.shape[1]} pixels, "
            f"expected {SIDE}x{SIDE}: take {WHERE}"
        )
    if len(images) != len(labels):
        raise InpaintingError(
            f"{name}-labels-idx1-ubyte has {len(labels)} labels for the {len(images)} digits of "
            f"{name}-images-idx3-ubyte, expected one each: take {WHERE}"
        )
    if len(labels) and labels.max() > 9:
        raise InpaintingError(
            f"{name}-labels-idx1-ubyte has the label {labels.max()}, expected 0 to 9: take {WHERE}"
        )
    rim = (PADDED - SIDE) // 2
    padded = np.pad(images, ((0, 0), (rim, rim), (rim, rim)))  # N x 32 x 32
    return Digits(torch.from_numpy(padded), torch.from_numpy(labels.astype(np.int64)))


def read_idx(folder: Path, name: str, magic: int) -> np.ndarray:
    """Read one IDX file of bytes, ``name`` or ``name.gz`` -> array of the shape it declares."""
    path, data = content(folder, name)
    dimensions = magic % 256  # the last byte of the magic number
    start = 4 + 4 * dimensions
    found = int.from_bytes(data[:4], "big")
    if found != magic:
        raise InpaintingError(
            f"{path.name} begins with the number {found}, expected {magic} as in every {name}: "
            f"take {WHERE}"
        )
    shape = [int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4)]
    if len(data) != start + math.prod(shape):
        raise InpaintingError(
            f"{path.name} has {len(data)} bytes, expected {start + math.prod(shape)} for "
            f"{'x'.join(map(str, shape))} values: it was cut short or added to, fetch it again"
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def content(folder: Path, name: str) -> tuple[Path, bytes]:
    """Find a file, gzipped or plain: its path and its bytes, unpacked."""
    packed, plain = folder / f"{name}.gz", folder / name
    try:
        if plain.is_file():
            return plain, plain.read_bytes()
        return packed, gzip.decompress(packed.read_bytes())
    except FileNotFoundError as error:
        raise InpaintingError(
            f"{folder} has neither {name}.gz nor {name}: --data is a folder with {WHERE}"
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise InpaintingError(
            f"{packed.name} cannot be unpacked ({error}), expected a whole gzip file: fetch it "
            "again"
        ) from error


def as_images(pixels: Tensor) -> Tensor:
    """Nx32x32 uint8 -> Nx3x32x32 float32 in [-1, 1], grey repeated, channels last."""
    grey = pixels[:, None].float() / 127.5 - 1  # N x 1 x 32 x 32
    return grey.repeat(1, 3, 1, 1).contiguous(memory_format=torch.channels_last)


def as_pixels(images: Tensor) -> Tensor:
    """Nx3x32x32 about [-1, 1] -> Nx32x32 uint8, the mean of the channels, rounded."""
    grey = (images.float().mean(dim=1).clamp(-1, 1) + 1) * 127.5  # N x 32 x 32
    return grey.round().byte().cpu()
