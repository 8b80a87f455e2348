"""Clean twins: what is known of them exactly, for any cut-out, place and light."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inpainting import InpaintingError
from inpainting.evaluation.holes import generator_for
from inpainting.evaluation.twins import read_cutout, twin
from inpainting.mask import Box, grow, parts

RED = (255, 0, 0)


def plain(level: int, size: int = 96) -> np.ndarray:
    return np.full((size, size, 3), level, np.uint8)


def cutout(height: int, width: int, colour=RED, border: int = 0) -> np.ndarray:
    """An opaque rectangle, with clear white ground about it."""
    layer = np.full((height + 2 * border, width + 2 * border, 4), (255, 255, 255, 0), np.uint8)
    layer[border : border + height, border : border + width] = (*colour, 255)
    return layer


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(64, 128), st.integers(1, 60), st.integers(1, 60))
def test_a_twin_is_its_truth_outside_its_holes(seed, size, height, width):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 256, (size, size, 3), dtype=np.uint8)
    object_ = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    object_[0, 0, 3] = 255
    made = twin(truth, object_, rng)
    assert made.photo.shape == truth.shape and made.photo.dtype == np.uint8
    assert np.array_equal(made.photo[~made.shadow_hole], truth[~made.shadow_hole])
    shadow = made.shadow_hole & ~made.object_hole
    lost = truth[shadow].astype(int) - made.photo[shadow]
    assert lost.min(initial=0) >= 0 and (lost.max(axis=1) != 1).all()
    assert made.object_hole.any() and (made.shadow_hole | ~made.object_hole).all()
    assert made.shadow_hole.mean() <= 0.5


def test_the_same_seed_makes_the_same_twin():
    first, again, other = (
        twin(plain(200), cutout(20, 30), generator_for(seed)) for seed in (0, 0, 1)
    )
    assert np.array_equal(first.photo, again.photo)
    assert np.array_equal(first.shadow_hole, again.shadow_hole)
    assert not np.array_equal(first.photo, other.photo)


@pytest.mark.parametrize("height, width", [(300, 100), (20, 30)])
def test_the_object_stands_whole_in_the_lower_two_thirds(height, width):
    lengths, tops, lefts = set(), set(), set()
    for seed in range(40):
        made = twin(plain(0), cutout(height, width, border=9), generator_for(seed))
        (box,) = parts((made.photo == RED).all(axis=2))
        assert box.top >= 32
        assert max(box.width, box.height) / min(box.width, box.height) == pytest.approx(
            max(height, width) / min(height, width), rel=0.12
        )
        lengths.add(max(box.width, box.height))
        tops.add(box.top)
        lefts.add(box.left)
    assert 19 <= min(lengths) < 25 and 40 < max(lengths) <= 48
    assert len(tops) > 15 and len(lefts) > 20


@pytest.mark.parametrize("size, margin", [(96, 3), (512, 5)])
def test_the_objects_hole_is_the_object_and_one_per_cent(size, margin):
    made = twin(plain(0, size), cutout(20, 30), generator_for(3))
    red = (made.photo == RED).all(axis=2)
    assert np.array_equal(made.object_hole, grow(red, margin))
    assert np.array_equal(made.shadow_hole, made.object_hole)  # black cannot be darkened


def test_no_fringe_comes_from_under_the_clear_pixels():
    """White ground under alpha 0; a red disc on black may have no green in it."""
    rows, columns = np.mgrid[-50:50, -50:50]
    disc = cutout(0, 0, border=50)
    disc[rows**2 + columns**2 < 45**2] = (*RED, 255)
    for seed in range(5):
        photo = twin(plain(0), disc, generator_for(seed)).photo
        assert photo[..., 1:].max() == 0
        assert len(np.unique(photo[..., 0])) > 5  # and its edge is soft


def shadow_of(seed: int) -> tuple[np.ndarray, Box]:
    """What the shadow of an upright post takes from white, HxW shares; the post."""
    made = twin(plain(255, 256), cutout(60, 20), generator_for(seed))
    post = (made.photo == RED).all(axis=2)
    return np.where(post, 0, 1 - made.photo[..., 1] / 255), parts(post)[0]


def test_the_shadow_takes_thirty_to_sixty_per_cent_where_it_is_darkest():
    darkest = [shadow_of(seed)[0].max() for seed in range(30)]
    assert 0.29 <= min(darkest) < 0.36 and 0.54 < max(darkest) <= 0.61


def test_the_shadow_lies_on_the_ground_begins_at_the_foot_and_fades():
    sides = set()
    for seed in range(20):
        taken, post = shadow_of(seed)
        assert taken[: post.bottom - int(0.6 * post.height)].max() == 0
        assert taken[post.bottom + int(0.15 * post.height) :].max(initial=0) == 0
        assert taken[post.bottom - 4 : post.bottom + 1].max() > 0.1
        rows, columns = np.nonzero(taken)
        middle = (rows.min() + rows.max()) // 2
        assert taken[:middle].max() < taken[middle:].max()
        sides.add(columns.mean() > (post.left + post.right) / 2)
    assert sides == {True, False}


@pytest.fixture
def saved(tmp_path):
    def save(samples: np.ndarray):
        Image.fromarray(samples).save(tmp_path / "thing.png")
        return tmp_path / "thing.png"

    return save


def test_a_cutout_comes_with_its_alpha_last(saved):
    samples = cutout(4, 6, border=2)
    assert np.array_equal(read_cutout(saved(samples)), samples)


@pytest.mark.parametrize(
    "samples, words",
    [
        (np.zeros((4, 4, 3), np.uint8), "no clear ground"),
        (np.full((4, 4, 4), 255, np.uint8), "no clear ground"),
        (np.zeros((4, 4, 4), np.uint8), "nothing"),
    ],
    ids=["no alpha", "opaque", "clear"],
)
def test_what_is_no_cutout_is_refused_by_name(saved, samples, words):
    with pytest.raises(InpaintingError, match=f"cut-out thing.png has {words} but an object"):
        read_cutout(saved(samples))
