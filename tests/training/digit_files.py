"""Small IDX files for the tests of the study: real in form, drawn by a seed."""

import gzip
from pathlib import Path

import numpy as np

from inpainting.training.mnist.config import StudyConfig

TINY = StudyConfig(
    seeds=2,
    steps=6,
    batch=4,
    sinet_width=4,
    gpnet_width=4,
    gpnet_dilations=(1,),
    discriminator_width=4,
    precision="bf16",  # one process has one precision, and the other tests of training have this
    validation=12,
    watched=8,
    watch_every=3,
    log_every=2,
    holes=24,
    test=12,
    search_steps=2,
    weights=(0, 3),
    cycle_weights=(3,),
    timing_rounds=2,
    classifier_steps=4,
    classifier_batch=8,
    shown=2,
)


def idx(array: np.ndarray) -> bytes:
    """An array of bytes in the form of an IDX file."""
    sides = b"".join(side.to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sides + array.tobytes()


def write_digits(folder: Path, train: int = 40, test: int = 12) -> Path:
    """Write the four files: blobs whose place tells their label."""
    rng = np.random.default_rng(0)
    for name, count in {"train": train, "t10k": test}.items():
        labels = rng.integers(10, size=count).astype(np.uint8)
        pixels = np.zeros((count, 28, 28), np.uint8)
        for picture, label in zip(pixels, labels, strict=True):
            picture[4 + 2 * label :, 8:20] = rng.integers(100, 255)
        (folder / f"{name}-images-idx3-ubyte").write_bytes(idx(pixels))
        (folder / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return folder
