"""Masks: 1 = erase, from wherever they come; against brute force, PIL and OpenCV."""

import io
import time
from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw

from inpainting.errors import InpaintingError
from inpainting.mask import (
    Box,
    as_mask,
    fill,
    from_layers,
    grow,
    parts,
    read_mask,
    resize,
    write_mask,
)

SIDES = st.integers(1, 14)
MASKS = arrays.arrays(bool, st.tuples(SIDES, SIDES))
SHAPES = [(1, 1), (50, 3000), (3000, 50), (40, 60)]


def specks(shape, share=0.02, seed=0):
    return np.random.default_rng(seed).random(shape) < share


def swapped(array):
    """An array's width and height."""
    return array.shape[1], array.shape[0]


def lopsided():
    mask = np.zeros((20, 30), bool)
    mask[2:6, 3:20] = mask[6:15, 3:5] = True
    return mask


# ----------------------------------------------------------------------------------- what is a hole


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.uint16, np.int64, np.float32, np.float64])
def test_one_is_erase_in_every_kind_of_number(dtype):
    mask = lopsided()
    for shaped in mask, mask[..., None], np.dstack([mask] * 3):
        assert np.array_equal(as_mask(shaped.astype(dtype), (30, 20)), mask)


@pytest.mark.parametrize(("dtype", "full"), [(np.uint8, 255), (np.uint16, 65535), (np.float32, 1)])
def test_half_of_the_range_is_where_erase_begins(dtype, full):
    values = np.linspace(0, full, 256).astype(dtype)[None]
    assert np.array_equal(as_mask(values, (256, 1))[0], np.arange(256) >= 128)


def test_black_is_kept_and_white_erased_in_pil_images():
    drawn = Image.new("L", (30, 20))
    ImageDraw.Draw(drawn).rectangle((3, 2, 19, 5), fill=255)
    expected = np.asarray(drawn) > 0
    for mode in "1", "L", "P", "RGB", "RGBA", "LA", "CMYK":
        assert np.array_equal(as_mask(drawn.convert(mode), (30, 20)), expected), mode


def test_colours_count_by_their_luminance_as_pil_has_it():
    colours = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    grey = np.asarray(Image.fromarray(colours).convert("L"))
    clear = np.abs(grey.astype(int) - 128) > 1  # the two round differently
    assert np.array_equal(as_mask(colours, (60, 60))[clear], (grey >= 128)[clear])


def test_a_jpegs_noise_does_not_count(tmp_path):
    drawn = Image.new("RGB", (64, 64))
    ImageDraw.Draw(drawn).ellipse((16, 16, 48, 48), fill="white")
    drawn.save(tmp_path / "mask.jpg", quality=50)
    noisy = np.asarray(Image.open(tmp_path / "mask.jpg").convert("L"))
    painted = np.asarray(drawn.convert("L")) > 0
    assert (noisy[~painted] > 0).any()
    mask = read_mask(tmp_path / "mask.jpg", (64, 64))
    assert (mask != painted).mean() < 0.005


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255)])
def test_alpha_is_the_mask_where_it_is_not_opaque_whatever_the_colour(colour):
    alpha = np.zeros((5, 6), np.uint8)
    alpha[1, 2:4] = (1, 255)
    rgba = np.dstack([np.full((5, 6, 3), colour, np.uint8), alpha])
    for value in rgba, Image.fromarray(rgba), Image.fromarray(rgba[..., 2:]):
        assert np.array_equal(as_mask(value, (6, 5)), alpha > 0)


def test_an_opaque_alpha_says_nothing():
    rgba = np.full((5, 6, 4), 255, np.uint8)
    rgba[:, 3:, :3] = 0
    assert np.array_equal(as_mask(rgba, (6, 5)), np.broadcast_to(np.arange(6) < 3, (5, 6)))


def test_the_callers_array_is_neither_changed_nor_shared():
    mask = lopsided()
    before = mask.copy()
    for made in (
        grow(mask, 0), grow(mask, 2), grow(mask, -1), fill(mask), resize(mask, (30, 20)),
        as_mask(mask, (30, 20)),
    ):  # fmt: skip
        made[:] = ~made
        assert np.array_equal(mask, before)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            np.zeros((640, 480)),
            "mask is 480x640 but the photo is 720x1280: they must have the same",
        ),
        (Image.new("1", (480, 640)), "mask is 480x640 but the photo is 720x1280"),
        (np.full((1280, 720), np.nan), "from nan to nan"),
        (np.full((1280, 720), 255.0), "floats 0 to 1 are expected"),
        (np.full((1280, 720), -1), "integers 0 to 255"),
        (np.full((1280, 720), "x"), "HxWxC of numbers"),
        (np.zeros((2, 1280, 720)), "an array of shape"),
        (np.zeros((1, 2, 1280, 720)), "an array of shape"),
    ],
)
def test_masks_that_are_refused(value, sentence):
    with pytest.raises(InpaintingError, match=sentence):
        as_mask(value, (720, 1280))


# -------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize("shape", SHAPES)
def test_a_written_mask_is_a_one_bit_png_with_white_to_erase(tmp_path, shape):
    mask = specks(shape, 0.3)
    write_mask(mask, tmp_path / "mask.png")
    written = Image.open(tmp_path / "mask.png")
    assert (written.format, written.mode) == ("PNG", "1")
    assert np.array_equal(np.asarray(written.convert("L")), np.where(mask, 255, 0))
    assert np.array_equal(read_mask(tmp_path / "mask.png", swapped(mask)), mask)
    assert [path.name for path in tmp_path.iterdir()] == ["mask.png"]


def test_a_mask_file_turns_as_its_photo_does():
    mask = lopsided()
    tags = Image.Exif()
    tags[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG", exif=tags)
    assert np.array_equal(read_mask(buffer.getvalue(), (20, 30)), np.rot90(mask, -1))


def test_mask_files_that_are_refused(tmp_path):
    (tmp_path / "notes.png").write_text("not a mask")
    with pytest.raises(InpaintingError, match="notes.png is not a picture"):
        read_mask(tmp_path / "notes.png", (4, 4))
    with pytest.raises(InpaintingError, match="none.png does not exist"):
        read_mask(tmp_path / "none.png", (4, 4))
    with pytest.raises(InpaintingError, match="read it by as_mask"):
        write_mask(np.zeros((4, 4), np.uint8), tmp_path / "mask.png")


# ------------------------------------------------------------------------------------------- layers


def layer(size, *box):
    drawn = Image.new("RGBA", size)
    ImageDraw.Draw(drawn).rectangle(box, fill=(0, 0, 0, 90))  # black, half clear: still a stroke
    return drawn


def test_layers_are_joined_by_their_alpha_never_their_colour():
    white_but_clear = np.full((20, 30, 4), (255, 255, 255, 0), np.uint8)
    layers = [layer((30, 20), 2, 3, 5, 6), np.asarray(layer((30, 20), 10, 3, 12, 9)), None]
    expected = np.zeros((20, 30), bool)
    expected[3:7, 2:6] = expected[3:10, 10:13] = True
    assert np.array_equal(from_layers([*layers, white_but_clear], (30, 20)), expected)


def test_layers_are_scaled_to_the_photo():
    mask = from_layers([layer((30, 20), 10, 5, 19, 14)], (300, 200))
    assert mask[50:150, 100:200].all()
    assert not mask[:44].any()
    assert not mask[:, 206:].any()


@pytest.mark.parametrize("layers", [None, [], [None]])
def test_no_layers_are_an_empty_mask(layers):
    mask = from_layers(layers, (30, 20))
    assert (mask.shape, mask.dtype, mask.any()) == ((20, 30), bool, False)


@pytest.mark.parametrize("opaque", [Image.new("RGB", (4, 4)), np.zeros((4, 4, 3), np.uint8)])
def test_a_layer_without_alpha_is_refused_for_it_would_cover_all(opaque):
    with pytest.raises(InpaintingError, match="RGBA is expected"):
        from_layers([opaque], (4, 4))


# ------------------------------------------------------------------------------------------ scaling


def covered(mask, size):
    """Brute force: where a pixel of the new size has some painted part under its middle half."""
    width, height = size
    rows = [(y + share) * mask.shape[0] / height for y in range(height) for share in (0.25, 0.75)]
    columns = [(x + share) * mask.shape[1] / width for x in range(width) for share in (0.25, 0.75)]
    samples = mask[np.ix_(np.array(rows).astype(int), np.array(columns).astype(int))]
    return samples.reshape(height, 2, width, 2).any(axis=(1, 3))


@settings(deadline=None, max_examples=50)
@given(mask=MASKS, width=SIDES, height=SIDES)
def test_scaling_loses_no_painted_pixel(mask, width, height):
    scaled = resize(mask, (width, height))
    assert scaled.shape == (height, width)
    for y, x in np.argwhere(mask):  # the middle of every painted pixel is still painted
        middle = ((2 * y + 1) * height // (2 * mask.shape[0]),
                  (2 * x + 1) * width // (2 * mask.shape[1]))  # fmt: skip
        assert scaled[middle]
    for y, x in np.ndindex(height, width):  # and so is every pixel whose own middle was painted
        cell = ((2 * y + 1) * mask.shape[0] // (2 * height),
                (2 * x + 1) * mask.shape[1] // (2 * width))  # fmt: skip
        assert scaled[y, x] or not mask[cell]


@settings(deadline=None, max_examples=50)
@given(mask=MASKS, factor=st.integers(1, 5))
def test_any_coverage_counts_when_made_smaller(mask, factor):
    fine = np.kron(mask, np.ones((factor, factor), bool))
    lone = np.zeros_like(fine)
    lone[::factor, ::factor] = mask  # one pixel of each painted cell
    assert np.array_equal(resize(fine, swapped(mask)), mask)
    assert np.array_equal(resize(lone, swapped(mask)), mask)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [(1, 1), (37, 53), (400, 9)])
def test_scaling_covers_what_brute_force_finds(shape, size):
    mask = specks(shape)
    mask[-1, -1] = True
    assert (resize(mask, size) >= covered(mask, size)).all()


def test_scaling_up_grows_by_less_than_a_pixel_and_leaves_no_steps():
    mask = np.tri(16, dtype=bool)  # a diagonal
    large = resize(mask, (160, 160))
    assert not resize(np.zeros_like(mask), (160, 160)).any()
    reach = np.kron(grow(mask, 1), np.ones((10, 10), bool))
    assert (reach >= large).all()
    ends = [np.flatnonzero(row).max() for row in large[40:120]]
    assert np.diff(ends).max() <= 4  # nearest would step by 10


def test_a_speck_survives_any_shrinking():
    mask = np.zeros((4000, 3000), bool)
    mask[1234, 2345] = True
    assert np.argwhere(resize(mask, (30, 40))).tolist() == [[12, 23]]


# ------------------------------------------------------------------------------ growing and filling


def discs(mask, radius):
    """Brute force: the pixels within a distance of some painted one."""
    y, x = np.indices(mask.shape)
    grown = mask.copy()
    for row, column in np.argwhere(mask):
        grown |= (y - row) ** 2 + (x - column) ** 2 <= radius**2
    return grown


@settings(deadline=None, max_examples=50)
@given(mask=MASKS, radius=st.integers(0, 9))
def test_growing_is_by_discs(mask, radius):
    assert np.array_equal(grow(mask, radius), discs(mask, radius))


@settings(deadline=None, max_examples=50)
@given(mask=MASKS, radius=st.integers(1, 5))
def test_shrinking_grows_what_is_kept(mask, radius):
    assert np.array_equal(grow(mask, -radius), ~discs(~mask, radius))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("radius", [3, 60])
def test_growing_odd_shapes(shape, radius):
    mask = specks(shape, 10 / np.prod(shape))
    mask[-1, 0] = True
    assert np.array_equal(grow(mask, radius), discs(mask, radius))
    assert np.array_equal(grow(mask[:, ::-1], radius), grow(mask, radius)[:, ::-1])


def test_growing_is_quick_at_24_megapixels():
    mask = np.zeros((4000, 6000), bool)
    mask[:2, :2] = mask[-2:, -2:] = True  # their box is the whole photo
    start = time.perf_counter()
    grown = grow(mask, 60)
    assert time.perf_counter() - start < 8  # a kernel of 121x121 takes some ten times our second
    assert grown[61, 1]
    assert not grown[62, 1]


def enclosed(mask):
    """Brute force: what cannot be walked to from outside, by sides, is hole."""
    outside = np.pad(mask, 1)
    reached = np.zeros_like(outside)
    queue = deque([(0, 0)])
    while queue:
        y, x = queue.popleft()
        inside = 0 <= y < outside.shape[0] and 0 <= x < outside.shape[1]
        if inside and not outside[y, x] and not reached[y, x]:
            reached[y, x] = True
            queue.extend([(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)])
    return ~reached[1:-1, 1:-1]


@settings(deadline=None, max_examples=50)
@given(mask=MASKS)
def test_filling_is_of_all_that_is_enclosed(mask):
    assert np.array_equal(fill(mask), enclosed(mask))


@pytest.mark.parametrize("shape", SHAPES)
def test_filling_odd_shapes(shape):
    mask = specks(shape, 0.6)
    assert np.array_equal(fill(mask), enclosed(mask))


def test_a_circled_object_is_filled_and_an_open_bow_is_not():
    circle = Image.new("1", (60, 40))
    ImageDraw.Draw(circle).ellipse((10, 5, 50, 35), outline=1)
    assert fill(np.array(circle))[20, 30]
    ImageDraw.Draw(circle).point((30, 5), 0)
    ImageDraw.Draw(circle).line((28, 5, 32, 5), 0)
    assert not fill(np.array(circle))[20, 30]


# -------------------------------------------------------------------------------------------- parts


def components(mask):
    """Brute force: the boxes of the parts, by a walk over sides and corners."""
    left, boxes = mask.copy(), []
    for start in np.argwhere(mask):
        queue, found = deque([tuple(start)]), []
        while queue:
            y, x = queue.popleft()
            if 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and left[y, x]:
                left[y, x] = False
                found.append((x, y))
                queue.extend((y + a, x + b) for a in (-1, 0, 1) for b in (-1, 0, 1))
        if found:
            low, high = np.min(found, axis=0), np.max(found, axis=0) + 1
            boxes.append(Box(*low.tolist(), *high.tolist()))
    return boxes


def in_order(boxes):
    return sorted(boxes, key=lambda box: (box.top, box.left, box.bottom, box.right))


@settings(deadline=None, max_examples=50)
@given(mask=MASKS)
def test_parts_are_the_connected_ones(mask):
    assert parts(mask) == in_order(components(mask))


@pytest.mark.parametrize("shape", SHAPES)
def test_parts_of_odd_shapes(shape):
    mask = specks(shape, 0.001)
    mask[-1, -1] = True
    assert parts(mask) == in_order(components(mask))


def test_a_box_ends_before_its_right_and_bottom():
    (box,) = parts(lopsided())
    assert box == Box(left=3, top=2, right=20, bottom=15)
    assert (box.width, box.height) == (17, 13)
    assert lopsided()[box.top : box.bottom, box.left : box.right].sum() == lopsided().sum()


def test_thousands_of_specks_at_24_megapixels_are_quick():
    mask = np.zeros((4000, 6000), bool)
    mask[::40, ::60] = True  # 10,000
    start = time.perf_counter()
    assert len(parts(mask)) == 10_000
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_comes_of_nothing_and_all_of_all(shape):
    none, every = np.zeros(shape, bool), np.ones(shape, bool)
    assert parts(none) == []
    assert parts(every) == [Box(0, 0, shape[1], shape[0])]
    for change in (fill, lambda mask: grow(mask, 5), lambda mask: grow(mask, -5)):
        assert not change(none).any()
        assert change(every).all()


@pytest.mark.parametrize("work", [fill, parts, lambda mask: grow(mask, 1)])
def test_what_is_no_mask_yet_is_refused(work):
    with pytest.raises(InpaintingError, match="HxW bool is expected"):
        work(np.zeros((4, 4), np.uint8))
