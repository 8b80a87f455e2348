"""The IDX files are read as they are, or refused by name; the three sets share no digit."""

import gzip

import numpy as np
import pytest
import torch

from inpainting import InpaintingError
from inpainting.training.mnist.digits import as_images, as_pixels, read_digits, read_split
from tests.training.digit_files import idx, write_digits

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"
BLANK = np.zeros((40, 28, 28), np.uint8)


def test_a_digit_comes_back_with_a_rim_of_two_black_pixels(tmp_path):
    folder = write_digits(tmp_path)
    pixels = np.random.default_rng(0).integers(0, 256, (40, 28, 28), np.uint8)
    (folder / IMAGES).write_bytes(idx(pixels))
    read = read_digits(folder, "train").pixels.numpy()
    assert np.array_equal(read, np.pad(pixels, ((0, 0), (2, 2), (2, 2))))


def test_a_packed_file_reads_as_the_plain_one(tmp_path):
    folder = write_digits(tmp_path)
    plain = read_digits(folder, "train")
    packed = gzip.compress((folder / IMAGES).read_bytes())
    (folder / IMAGES).unlink()
    (folder / f"{IMAGES}.gz").write_bytes(packed)
    assert torch.equal(read_digits(folder, "train").pixels, plain.pixels)


def test_images_are_grey_from_minus_one_to_one_and_back():
    pixels = torch.arange(0, 1024).remainder(256).byte().view(1, 32, 32)
    images = as_images(pixels)
    assert images.shape == (1, 3, 32, 32) and (images.min(), images.max()) == (-1, 1)
    assert torch.equal(as_pixels(images), pixels)


BROKEN = {  # what stands in the file -> what the sentence says
    "another magic number": (
        IMAGES,
        b"\0\0\x08\x01" + idx(BLANK)[4:],
        "number 2049, expected 2051",
    ),
    "cut short": (IMAGES, idx(BLANK)[:-1], "has 31375 bytes, expected 31376"),
    "no header": (IMAGES, b"\0\0\x08\x03\0", "has 5 bytes"),
    "another size": (IMAGES, idx(BLANK[:, :20]), "28x20 pixels, expected 28x28"),
    "fewer digits than labels": (IMAGES, idx(BLANK[:39]), "40 labels for the 39 digits"),
    "no gzip": (LABELS, b"labels", "cannot be unpacked"),
    "half a gzip": (LABELS, gzip.compress(b"a" * 999)[:-9], "cannot be unpacked"),
    "a label too large": (LABELS, gzip.compress(idx(np.full(40, 10, np.uint8))), "the label 10"),
}


@pytest.mark.parametrize("name, content, sentence", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_by_name(tmp_path, name, content, sentence):
    folder = write_digits(tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(InpaintingError, match=sentence) as refusal:
        read_digits(folder, "train")
    assert name.removesuffix(".gz") in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InpaintingError, match=f"neither {IMAGES}.gz nor {IMAGES}"):
        read_digits(tmp_path, "train")


def test_train_and_validation_share_no_digit_and_lose_none(tmp_path):
    folder = write_digits(tmp_path)
    pixels = np.zeros((40, 28, 28), np.uint8)
    pixels[:, 0, 0] = np.arange(40)
    (folder / IMAGES).write_bytes(idx(pixels))
    split = read_split(folder, 12, 12, seed=0)
    train, validation = (set(part.pixels[:, 2, 2].tolist()) for part in split[:2])
    assert len(validation) == 12 and not train & validation and len(train | validation) == 40


def test_another_seed_sets_other_digits_aside(tmp_path):
    folder = write_digits(tmp_path)
    first, second, other = (
        read_split(folder, 12, 12, seed).validation.labels for seed in (0, 0, 1)
    )
    assert torch.equal(first, second) and not torch.equal(first, other)


@pytest.mark.parametrize("validation, test", [(40, 12), (12, 13)])
def test_too_few_digits_are_refused_with_their_numbers(tmp_path, validation, test):
    folder = write_digits(tmp_path)
    with pytest.raises(InpaintingError, match="40 training and 12 test digits, expected more than"):
        read_split(folder, validation, test, seed=0)
