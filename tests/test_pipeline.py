"""Inpainter: any picture, any mask: same kind, size and mode; identical outside the hole."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inpainting import InpaintingError
from inpainting.generator import Generator, GeneratorConfig
from inpainting.mask import grow
from inpainting.photo import from_pil
from inpainting.pipeline import Inpainter, default_margin, fastest_dtype
from tests.test_generator import randomised

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def inpainter() -> Inpainter:
    return Inpainter(randomised(), device="cpu")


def noise(height: int, width: int, channels: int = 3, dtype=np.uint8) -> np.ndarray:
    return RNG.integers(0, np.iinfo(dtype).max, (height, width, channels), dtype)


def spot(height: int, width: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[height // 3 : height // 2 + 1, width // 3 : width // 2 + 1] = True
    return mask


sides = st.one_of(st.integers(1, 40), st.integers(41, 700))


@given(height=sides, width=sides, data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_size_any_mask(inpainter, height, width, data):
    photo, mask = noise(height, width), np.zeros((height, width), bool)
    for _ in range(data.draw(st.integers(0, 4))):
        left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        mask[top : top + data.draw(sides), left : left + data.draw(sides)] = True
    before = photo.copy(), mask.copy()
    try:
        result = inpainter(photo, mask)
    except InpaintingError as refusal:
        assert "covers all" in str(refusal)
        assert grow(mask, default_margin((width, height))).all()
        return
    assert result.shape == photo.shape and result.dtype == photo.dtype
    outside = ~grow(mask, default_margin((width, height)))
    assert np.array_equal(result[outside], photo[outside])
    assert np.array_equal(photo, before[0]) and np.array_equal(mask, before[1])


@pytest.mark.parametrize("height, width", [(1, 1), (50, 3000), (3000, 50), (1, 600)])
def test_odd_sizes(inpainter, height, width):
    photo, mask = noise(height, width), np.zeros((height, width), bool)
    mask[:, : max(width // 5, 1)] = True
    if width == 1:
        with pytest.raises(InpaintingError, match="covers all"):
            inpainter(photo, mask)
        return
    result = inpainter(photo, mask)
    outside = ~grow(mask, default_margin((width, height)))
    assert result.shape == photo.shape
    assert np.array_equal(result[outside], photo[outside])


def test_the_hole_is_filled_and_what_stood_there_is_gone(inpainter):
    """The fill must not depend on the erased pixels, be they black or white."""
    photo, mask = noise(300, 400), spot(300, 400)
    black, white = photo.copy(), photo.copy()
    black[mask], white[mask] = 0, 255
    assert np.array_equal(inpainter(black, mask)[mask], inpainter(white, mask)[mask])
    assert not np.array_equal(inpainter(photo, mask)[mask], photo[mask])


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA"])
def test_pil_in_pil_out_of_the_same_mode(inpainter, mode):
    photo = Image.fromarray(noise(120, 90, 4), "RGBA").convert(mode)
    result = inpainter(photo, Image.fromarray(spot(120, 90)))
    assert (result.mode, result.size) == (photo.mode, photo.size)
    outside = ~grow(spot(120, 90), 3)
    assert np.array_equal(np.asarray(result)[outside], np.asarray(photo)[outside])
    if "A" in mode:
        assert result.getchannel("A").tobytes() == photo.getchannel("A").tobytes()


@pytest.mark.parametrize("shape", [(90, 70), (90, 70, 3), (90, 70, 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_arrays_keep_shape_and_depth(inpainter, shape, dtype):
    photo = RNG.integers(0, np.iinfo(dtype).max, shape, dtype)
    result = inpainter(photo, spot(90, 70))
    assert result.shape == shape and result.dtype == dtype
    outside = ~grow(spot(90, 70), 3)
    assert np.array_equal(result[outside], photo[outside])


def test_a_photo_keeps_what_it_carried(inpainter):
    photo = from_pil(Image.fromarray(noise(60, 80), "RGB"))
    result = inpainter(photo, spot(60, 80))
    assert type(result) is type(photo) and result.format == photo.format


def test_an_empty_mask_changes_nothing(inpainter):
    photo = noise(50, 60)
    assert np.array_equal(inpainter(photo, np.zeros((50, 60), np.uint8)), photo)


def test_margin_is_the_callers_choice(inpainter):
    photo, mask = noise(200, 200), spot(200, 200)
    exact = inpainter(photo, mask, margin=0)
    assert np.array_equal(exact[~mask], photo[~mask])
    wide = inpainter(photo, mask, margin=20)
    assert not np.array_equal(wide[grow(mask, 15)], photo[grow(mask, 15)])


@pytest.mark.parametrize(
    "photo, mask, words",
    [
        (np.zeros((60, 40, 3), np.uint8), np.ones((40, 60), bool), "60x40 .* 40x60"),
        (np.zeros((60, 40, 3), np.uint8), np.ones((60, 40), bool), "covers all"),
        (np.zeros((60, 40, 2), np.uint8), np.ones((60, 40), bool), "expected HxW"),
        (np.zeros((60, 40, 3), np.float32), np.ones((60, 40), bool), "float32"),
        (np.zeros((0, 40, 3), np.uint8), np.ones((0, 40), bool), "expected HxW"),
        (np.broadcast_to(np.uint8(0), (20000, 20000, 3)), np.ones((1, 1), bool), "million"),
    ],
)
def test_what_cannot_be_honoured_is_refused(inpainter, photo, mask, words):
    with pytest.raises(InpaintingError, match=words):
        inpainter(photo, mask)


def test_bf16_is_exact_enough():
    """Where the machine computes in bf16: within one level of float32 in the mean, 8 bits."""
    generator = Generator(GeneratorConfig(sinet_width=8, gpnet_width=16))
    generator.load_state_dict(randomised(generator.config).state_dict())
    square, hole = noise(64, 64).repeat(4, 0).repeat(4, 1), spot(256, 256)
    exact, quick = Inpainter(generator, "cpu"), None
    exact.dtype = torch.float32
    exact.generator.to(torch.float32)
    reference = exact.fill(square, hole, 256).astype(int)
    quick = Inpainter(generator, "cpu")
    assert quick.dtype == fastest_dtype(torch.device("cpu"))
    assert np.abs(quick.fill(square, hole, 256) - reference).mean() < 1
