"""Detail is copied from where the photograph looks like the generator's picture."""

import cv2
import numpy as np
import pytest

from inpainting.detail import _moved, add_detail, chosen, frequent_shifts
from inpainting.evaluation.metrics import psnr, sharpness

SIDE = 256


def two_textures() -> np.ndarray:
    """SxSx3 uint8: red stripes on the left, blue checks on the right, each of period 16."""
    y, x = np.indices((SIDE, SIDE))
    wave = 70 * np.sin(x * np.pi / 8)
    checks = 70 * np.sign(np.sin(x * np.pi / 8 + 0.1) * np.sin(y * np.pi / 8 + 0.1))
    picture = np.full((SIDE, SIDE, 3), 80.0)
    left = x < SIDE // 2
    picture[left] += np.stack([90 + wave, wave, wave], axis=2)[left]
    picture[~left] += np.stack([checks, checks, 90 + checks], axis=2)[~left]
    return picture.clip(0, 255).astype(np.uint8)


def hole_in(left: int) -> np.ndarray:
    hole = np.zeros((SIDE, SIDE), bool)
    hole[96:160, left : left + 48] = True
    return hole


def soft(picture: np.ndarray) -> np.ndarray:
    """What a generator gives: the right colours, no texture."""
    return cv2.GaussianBlur(picture, (0, 0), 8)


@pytest.mark.parametrize("down, right", [(0, 0), (2, -3), (-1, 4), (5, 0), (0, -6)])
def test_moved_by_hand(down, right):
    pixels = np.arange(1, 43).reshape(6, 7)
    wanted = np.zeros_like(pixels)
    for y in range(6):
        for x in range(7):
            if 0 <= y + down < 6 and 0 <= x + right < 7:
                wanted[y, x] = pixels[y + down, x + right]
    assert np.array_equal(_moved(pixels, np.array([down, right])), wanted)


@pytest.mark.parametrize("left", [40, 170], ids=["stripes", "checks"])
def test_the_texture_about_the_hole_comes_back_sharp(left):
    truth, hole = two_textures(), hole_in(left)
    fill = soft(truth)
    result = add_detail(np.where(hole[..., None], 0, truth).astype(np.uint8), hole, fill)
    assert np.array_equal(result[~hole], truth[~hole])
    composed = np.where(hole[..., None], fill, truth)
    assert sharpness(composed, hole) < 0.4 < 0.8 < sharpness(result, hole) < 1.2
    assert psnr(result, truth, hole) > psnr(composed, truth, hole) + 3


def test_what_lay_in_the_hole_is_never_looked_at():
    truth, hole = two_textures(), hole_in(40)
    other = np.where(hole[..., None], 255 - truth, truth)
    assert np.array_equal(*(add_detail(p, hole, soft(truth)) for p in (truth, other)))


def test_each_texture_is_copied_from_its_own_kind():
    truth = two_textures().astype(np.float32)[::2, ::2] / 255
    for left, kind in ((40, 0), (170, 1)):
        hole = hole_in(left)[::2, ::2]
        guide = np.where(hole[..., None], cv2.GaussianBlur(truth, (0, 0), 4), truth)
        candidates = frequent_shifts(guide, ~hole)
        shifts = candidates[chosen(guide, ~hole, candidates)]
        sources = (np.moveaxis(np.indices(hole.shape), 0, 2) + shifts)[hole]
        assert not hole[tuple(sources.T)].any(), "a hole holds nothing to copy"
        assert ((sources[:, 1] >= 64) == kind).mean() > 0.95


def test_a_large_window_is_as_sharp_at_its_own_size():
    """The generator saw a quarter of the size; the fill has the photo's full resolution."""
    y, x = np.indices((1024, 1024))
    grain = np.random.default_rng(0).normal(0, 25, (1024, 1024, 1))
    truth = np.repeat(130 + 40 * np.sin(x / 40 + y / 60)[..., None] + grain, 3, axis=2)
    truth = truth.clip(0, 255).astype(np.uint8)
    hole = np.zeros((1024, 1024), bool)
    hole[300:700, 300:700] = True
    small = cv2.resize(truth, (256, 256), interpolation=cv2.INTER_AREA)
    result = add_detail(truth, hole, soft(small))
    assert 0.8 < sharpness(result, hole) < 1.2


def test_sixteen_bits_stay_and_mean_the_same():
    truth, hole = two_textures(), hole_in(170)
    deep, fill = (pixels.astype(np.uint16) * 257 for pixels in (truth, soft(truth)))
    result = add_detail(deep, hole, fill)
    assert result.dtype == np.uint16 and np.array_equal(result[~hole], deep[~hole])
    assert np.abs(result // 257 - add_detail(truth, hole, soft(truth)).astype(int)).max() <= 1


def test_a_window_of_a_digits_size_has_its_fill_as_it_is():
    rng = np.random.default_rng(0)
    truth, fill = rng.integers(0, 256, (2, 64, 64, 3), np.uint8)
    hole = np.zeros((64, 64), bool)
    hole[20:40, 20:40] = True
    assert np.array_equal(add_detail(truth, hole, fill), fill)


def test_with_nothing_to_copy_the_fill_stands_enlarged():
    fill = np.full((SIDE // 2, SIDE // 2, 3), 77, np.uint8)
    hole = np.ones((SIDE, SIDE), bool)
    result = add_detail(np.zeros((SIDE, SIDE, 3), np.uint8), hole, fill)
    assert result.shape == (SIDE, SIDE, 3) and (result == 77).all()
