"""Test holes: LaMa's numbers, the same from the same seed, objects moved, masks from files."""

import cv2
import numpy as np
import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.evaluation.holes import (
    STROKES,
    Strokes,
    generator_for,
    listed,
    object_hole,
    read_hole,
    read_shapes,
    stroke_hole,
)
from inpainting.mask import parts

FIRST = 294421  # drawn once, written down: it must not differ between runs or machines


def test_chance_is_the_seed_and_the_words_alone():
    assert generator_for(0, "a.jpg", "thin").integers(10**6) == FIRST
    others = [(1, "a.jpg", "thin"), (0, "b.jpg", "thin"), (0, "a.jpgthin"), (0, "a.jpgt", "hin")]
    drawn = [generator_for(*words).integers(10**6) for words in others]
    assert len({FIRST, *drawn}) == 5


@pytest.mark.parametrize("kind, size", STROKES)
def test_a_hole_is_seeded_and_never_empty_nor_more_than_half(kind, size):
    holes = [stroke_hole(kind, size, generator_for(0, str(turn))) for turn in range(30)]
    assert all(hole.shape == (size, size) and hole.dtype == bool for hole in holes)
    assert all(0 < hole.mean() <= 0.5 for hole in holes)
    assert np.array_equal(holes[7], stroke_hole(kind, size, generator_for(0, "7")))
    assert len({hole.tobytes() for hole in holes}) == 30


@pytest.mark.parametrize("size", [256, 512])
def test_thin_medium_and_thick_are_what_they_say(size):
    thin, medium, thick = (
        np.mean([thickness(stroke_hole(kind, size, generator_for(turn))) for turn in range(30)])
        for kind in ("thin", "medium", "thick")
    )
    assert 1.5 * thin < medium and 1.5 * medium < thick


def thickness(hole: np.ndarray) -> float:
    """Mean distance of the hole's pixels to what is known."""
    return cv2.distanceTransform(hole.view(np.uint8), cv2.DIST_L2, 5)[hole].mean()


def test_the_numbers_are_those_published():
    strokes = {key: (row.times, row.width, row.length) for key, row in STROKES.items()}
    assert strokes == {
        ("thin", 256): ((4, 50), 10, 40),
        ("medium", 256): ((4, 5), 50, 100),
        ("thick", 256): ((1, 5), 100, 200),
        ("thin", 512): ((4, 70), 20, 100),
        ("medium", 512): ((4, 10), 100, 200),
        ("thick", 512): ((1, 5), 250, 450),
    }
    boxes = {k: (r.box_odds, r.boxes, r.sides, r.margin) for k, r in STROKES.items() if r.box_odds}
    assert boxes == {
        ("medium", 256): (0.3, (1, 5), (10, 50), 0),
        ("thick", 256): (0.3, (1, 3), (30, 150), 10),
        ("medium", 512): (0.3, (1, 5), (30, 150), 0),
        ("thick", 512): (0.3, (1, 4), (30, 300), 10),
    }


def drawn(monkeypatch, numbers: Strokes, turns: int) -> list[np.ndarray]:
    """Holes by other numbers than LaMa's, of which one can say what must come out."""
    monkeypatch.setitem(STROKES, ("thick", 256), numbers)
    return [stroke_hole("thick", 256, generator_for(0, str(turn))) for turn in range(turns)]


def test_a_stroke_has_one_to_five_joined_segments_of_the_least_brush(monkeypatch):
    """Brush 5 and segments of 10 pixels, for the random part of both is 0."""
    holes = drawn(monkeypatch, Strokes((1, 1), width=1, length=1), 60)
    inner = [hole[8:-8, 8:-8] for hole in holes]
    assert all(len(parts(hole)) == 1 for hole in holes)
    assert max(thickness(part) for part in inner if part.any()) < 3
    assert 20 < min(hole.sum() for hole in holes) < 100  # one segment is 5 x 10 and its round ends
    assert 150 < max(hole.sum() for hole in holes) < 400  # five


def test_the_random_part_of_brush_and_length_is_used(monkeypatch):
    wide = drawn(monkeypatch, Strokes((1, 1), width=60, length=1), 30)
    long = drawn(monkeypatch, Strokes((1, 1), width=1, length=100), 30)
    assert 10 < max(thickness(hole) for hole in wide) <= 32  # half of a brush of at most 64
    assert max(thickness(hole) for hole in long) < 3
    assert max(hole.sum() for hole in long) > 5 * 150


def test_boxes_keep_their_number_sides_and_margin(monkeypatch):
    numbers = Strokes((1, 1), 1, 1, box_odds=1e9, boxes=(1, 2), sides=(30, 40), margin=10)
    holes = drawn(monkeypatch, numbers, 60)
    for hole in holes:
        boxes = parts(hole)
        assert len(boxes) <= 2 and 30 * 30 <= hole.sum() <= 2 * 40 * 40
        assert all(min(box.left, box.top, 256 - box.right, 256 - box.bottom) >= 10 for box in boxes)
    assert {len(parts(hole)) for hole in holes} == {1, 2}
    single = [parts(hole)[0] for hole in holes if len(parts(hole)) == 1 and hole.sum() <= 40 * 40]
    assert {30, 40} <= {box.width for box in single} | {box.height for box in single}


def test_boxes_come_instead_of_strokes_by_their_odds(monkeypatch):
    numbers = Strokes((1, 1), 1, 1, box_odds=0.3, boxes=(1, 1), sides=(30, 30))
    areas = [hole.sum() for hole in drawn(monkeypatch, numbers, 400)]
    boxes = sum(area == 900 for area in areas)
    assert all(area == 900 or area < 500 for area in areas)
    assert 60 < boxes < 125  # .3 / 1.3 of 400 is 92


def test_a_hole_of_more_than_half_is_drawn_again(monkeypatch):
    numbers = Strokes((1, 1), 1, 1, box_odds=1e9, boxes=(1, 1), sides=(100, 256))
    shares = [hole.mean() for hole in drawn(monkeypatch, numbers, 40)]
    assert 0.4 < max(shares) <= 0.5


def test_unpublished_sizes_and_kinds_are_refused():
    with pytest.raises(InpaintingError, match="thin holes of 300 px came.*256 and 512 px: choose"):
        stroke_hole("thin", 300, generator_for(0))
    with pytest.raises(InpaintingError, match="square holes"):
        stroke_hole("square", 256, generator_for(0))


def test_an_object_is_moved_and_sometimes_mirrored_but_never_deformed():
    mask = np.zeros((64, 64), bool)
    mask[10:30, 20:24] = mask[26:30, 20:40] = True  # an L
    shape = mask[10:30, 20:40]
    found = set()
    for turn in range(60):
        hole = object_hole([mask], 64, generator_for(0, str(turn)))
        box = parts(hole)[0]
        if (box.width, box.height) == (20, 20):
            there = hole[box.top : box.bottom, box.left : box.right]
            mirrored = np.array_equal(there, shape[:, ::-1])
            assert mirrored or np.array_equal(there, shape)
            found.add((mirrored, box.left, box.top))
    assert {mirrored for mirrored, _, _ in found} == {True, False}
    assert len(found) > 20


def test_an_object_may_leave_the_picture_by_half_of_itself():
    mask = np.zeros((50, 50), bool)
    mask[:20, :20] = True
    areas = [object_hole([mask], 50, generator_for(0, str(turn))).sum() for turn in range(100)]
    assert 200 <= min(areas) < 300 and max(areas) == 400


def test_holes_of_a_pool_keep_to_one_to_fifty_per_cent():
    rng = np.random.default_rng(0)
    pool = [np.zeros((80, 60), bool) for _ in range(8)]
    for mask in pool:
        height, width = rng.integers(2, [80, 60])
        mask[:height, :width] = True
    holes = [object_hole(pool, 64, generator_for(1, str(turn))) for turn in range(60)]
    assert all(0.01 <= hole.mean() <= 0.5 and hole.shape == (64, 64) for hole in holes)
    assert len({hole.sum() for hole in holes}) > 8


def test_an_object_keeps_its_share_of_its_picture_and_its_thinnest_part():
    mask = np.zeros((128, 256), bool)
    mask[8:120, 99] = mask[8, 40:200] = True  # a T with lines of one pixel
    holes = [object_hole([mask], 64, generator_for(0, str(turn))) for turn in range(40)]
    whole = [hole for hole in holes if hole.sum() == 40 + 27]  # a quarter of 160 and of 112, joined
    box = parts(whole[0])[0]
    assert (box.width, box.height) == (40, 28)


def test_a_pool_of_specks_is_refused():
    mask = np.zeros((64, 64), bool)
    mask[0, 0] = True
    with pytest.raises(InpaintingError, match="none of 2 object masks makes a hole of 1% to 50%"):
        object_hole([mask, mask], 64, generator_for(0))


@pytest.fixture
def mask_file(tmp_path):
    """4 x 3 pixels, its left column white."""
    mask = np.zeros((3, 4), np.uint8)
    mask[:, 0] = 255
    Image.fromarray(mask).save(tmp_path / "m.png")
    return tmp_path / "m.png"


def test_a_mask_file_is_white_where_the_hole_is_unless_said_otherwise(mask_file):
    white = read_hole(mask_file, black_holes=False, size=(4, 3))
    assert white[:, 0].all() and not white[:, 1:].any()
    assert np.array_equal(read_hole(mask_file, black_holes=True), ~white)


def test_mask_files_that_cannot_serve_are_refused_by_name(mask_file):
    with pytest.raises(InpaintingError, match="m.png is 4x3 but its photo is 3x4"):
        read_hole(mask_file, black_holes=False, size=(3, 4))
    for value, word in ((0, "nothing"), (255, "everything")):
        Image.new("L", (4, 3), value).save(mask_file)
        with pytest.raises(InpaintingError, match=f"m.png covers {word}"):
            read_hole(mask_file, black_holes=False)


def test_a_pool_that_looks_flipped_is_refused_by_name_with_the_cure(mask_file):
    assert read_shapes([mask_file], black_holes=False)[0].sum() == 3
    with pytest.raises(InpaintingError, match="more than 50%.*m.png; white.*leave out --black-ho"):
        read_shapes([mask_file], black_holes=True)
    Image.fromarray(~np.array(Image.open(mask_file))).save(mask_file)
    with pytest.raises(InpaintingError, match="m.png; white = hole, so add --black-holes"):
        read_shapes([mask_file], black_holes=False)


def test_a_pool_may_hold_some_objects_that_fill_their_picture(mask_file, tmp_path):
    large = tmp_path / "large.png"
    Image.fromarray(~np.array(Image.open(mask_file))).save(large)
    assert len(read_shapes([mask_file, large], black_holes=False)) == 2


def test_a_sentence_names_five_at_most():
    assert listed([]) == "" and listed(range(5)) == "0, 1, 2, 3, 4"
    assert listed(range(8)) == "0, 1, 2, 3, 4 and 3 more"
