"""Windows: they hold every hole, stay inside, and cutting is the inverse of pasting."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inpainting.crop import SMALLEST, cut, mirrored, shrink, windows
from inpainting.mask import Box
from inpainting.paste import paste

RNG = np.random.default_rng(0)


def mask_of(height: int, width: int, boxes: list[tuple[int, int, int, int]]) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return mask


def test_a_small_hole_gets_a_small_window_about_it():
    (window,) = windows(mask_of(2000, 3000, [(1000, 700, 1040, 760)]), 512)
    assert (window.side, window.shown) == (SMALLEST, SMALLEST)
    assert window.left <= 1000 - 80 and window.left + window.side >= 1040 + 80
    assert window.hole == Box(1000, 700, 1040, 760)


def test_a_generator_of_digits_is_not_shown_a_photo_shrunk():
    hole = np.zeros((28, 28), bool)
    hole[10:16, 10:16] = True
    (window,) = windows(hole, 32)
    assert window.side == window.shown == 32


def test_a_large_hole_is_shown_smaller_with_context_in_proportion():
    (window,) = windows(mask_of(3000, 4000, [(1000, 1000, 1600, 1500)]), 512)
    assert (window.side, window.shown) == (1200, 512)


def test_near_holes_share_a_window_far_ones_do_not():
    near = mask_of(2000, 3000, [(500, 500, 540, 540), (580, 500, 600, 520)])
    far = mask_of(2000, 3000, [(500, 500, 540, 540), (2500, 500, 2520, 520)])
    assert len(list(windows(near, 512))) == 1
    assert len(list(windows(far, 512))) == 2


def test_a_thousand_specks_do_not_make_a_thousand_windows():
    specks = np.zeros((1000, 1000), bool)
    specks[RNG.integers(0, 1000, 2000), RNG.integers(0, 1000, 2000)] = True
    assert len(list(windows(specks, 512))) < 60


@given(st.integers(1, 400), st.integers(1, 400), st.data())
@settings(max_examples=60, deadline=None)
def test_windows_hold_every_hole_pixel(height, width, data):
    boxes = data.draw(
        st.lists(st.tuples(st.integers(0, width - 1), st.integers(0, height - 1)), max_size=5)
    )
    mask = mask_of(height, width, [(x, y, x + 30, y + 50) for x, y in boxes])
    covered = np.zeros_like(mask)
    for window in windows(mask, 512):
        hole = window.hole
        assert window.side % 16 == window.shown % 16 == 0
        assert window.left <= hole.left and hole.right <= window.left + window.side
        assert window.top <= hole.top and hole.bottom <= window.top + window.side
        covered[hole.top : hole.bottom, hole.left : hole.right] = True
    assert not (mask & ~covered).any()


def test_a_window_over_the_edge_is_mirrored():
    assert mirrored(-3, 9, 3).tolist() == [2, 1, 0, 0, 1, 2, 2, 1, 0]
    assert mirrored(1, 2, 3) is None
    assert mirrored(-2, 4, 1).tolist() == [0, 0, 0, 0]


@given(st.integers(1, 300), st.integers(1, 700))
@settings(max_examples=40, deadline=None)
def test_crop_and_paste_are_inverses(height, width):
    """Cutting a window and pasting the same pixels back changes nothing; others, only the hole."""
    photo = RNG.integers(0, 255, (height, width, 3), np.uint8)
    left, top = RNG.integers(0, width), RNG.integers(0, height)
    hole = mask_of(height, width, [(left, top, left + 60, top + 40)])
    same, changed = photo.copy(), photo.copy()
    for window in windows(hole, 2048):
        square = shrink(cut(photo, window), window.shown)
        paste(same, square, hole, window, feather=3)
        paste(changed, 255 - square, hole, window, feather=0)
    assert np.array_equal(same, photo)
    assert np.array_equal(changed, np.where(hole[..., None], 255 - photo, photo))
