"""The fill fades in from the hole's edge inwards; nothing outside moves."""

import numpy as np
import pytest

from inpainting.crop import windows
from inpainting.paste import opacity, paste


def test_opacity_by_hand():
    hole = np.zeros((1, 9), bool)
    hole[0, 2:7] = True
    assert opacity(hole, 0)[0].tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 0]
    assert opacity(hole, 2)[0].tolist() == [0, 0, 0.5, 1, 1, 1, 0.5, 0, 0]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("feather", [0, 4])
def test_only_the_hole_changes_and_its_middle_is_the_fill(dtype, feather):
    top = np.iinfo(dtype).max
    photo = np.full((300, 400, 3), top // 5, dtype)
    hole = np.zeros((300, 400), bool)
    hole[100:160, 150:230] = True
    result = photo.copy()
    (window,) = windows(hole, 512)
    paste(result, np.full((window.shown, window.shown, 3), top, dtype), hole, window, feather)
    assert (result[~hole] == top // 5).all()
    assert (result[100 + feather : 160 - feather, 150 + feather : 230 - feather] == top).all()
    ring = result[100, 150:230, 0]
    assert (ring == top).all() if feather == 0 else ((ring > top // 5) & (ring < top)).all()


def test_a_window_shown_smaller_is_enlarged_into_its_place():
    photo = np.zeros((2000, 2000, 3), np.uint8)
    hole = np.zeros((2000, 2000), bool)
    hole[500:1100, 600:1200] = True
    (window,) = windows(hole, 256)
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 256, 0).repeat(3, 2)
    paste(photo, ramp, hole, window, 0)
    middle = 800
    for column in (650, 900, 1150):
        wanted = (column + 0.5 - window.left) / window.side * 256 - 0.5
        assert abs(photo[middle, column, 0] - wanted) <= 1
