"""ST-LPIPS in our words gives the published code's numbers, and is a measure of difference."""

import sys
from types import ModuleType

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from skimage.data import astronaut

from inpainting import InpaintingError
from inpainting.evaluation import stlpips
from inpainting.evaluation.stlpips import Blur, StLpips

PORTRAIT = astronaut()[::4, ::4][:96].copy()  # 96x128


def noise(seed: int, height: int = 64, width: int = 80) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def blurred(picture: np.ndarray, sigma: float) -> np.ndarray:
    return gaussian_filter(picture, (sigma, sigma, 0))


@pytest.fixture(scope="module")
def metric() -> StLpips:
    return StLpips()


@pytest.fixture
def published(monkeypatch):
    """The package's own metric; what it imports and does not need here is empty modules."""
    for name in ("torchvision", "IPython", "torchsummary"):
        stub = ModuleType(name)
        stub.models = stub.embed = stub.summary = None
        monkeypatch.setitem(sys.modules, name, stub)
    from stlpips_pytorch.stlpips import LPIPS

    yield LPIPS(net="alex", variant="shift_tolerant", verbose=False)
    for name in [name for name in sys.modules if name.startswith("stlpips_pytorch")]:
        del sys.modules[name]


def as_published(picture: np.ndarray) -> torch.Tensor:
    """HxWx3 uint8 -> 1x3xHxW in [-1, 1]."""
    return torch.tensor(picture / 127.5 - 1, dtype=torch.float32).permute(2, 0, 1)[None]


@pytest.mark.parametrize(
    "a, b",
    [
        (noise(0), noise(1)),
        (PORTRAIT, blurred(PORTRAIT, 1)),
        (PORTRAIT, np.roll(PORTRAIT, 1, axis=1)),
        (PORTRAIT[:21, :33], noise(0, 21, 33)),
    ],
    ids=["noise", "blur", "shift", "smallest"],
)
def test_the_score_and_the_map_are_the_published_ones(metric, published, a, b):
    features = metric.features(a), metric.features(b)
    with torch.no_grad():
        wanted = published(as_published(a), as_published(b)).item()
        published.spatial = True
        wanted_map = published(as_published(a), as_published(b))[0, 0].numpy()
    assert wanted > 0.001
    assert metric.distance(*features) == pytest.approx(wanted, rel=1e-4)
    found = metric.distance_map(*features, a.shape[:2])
    assert found.dtype == np.float32 and found.shape == a.shape[:2]
    np.testing.assert_allclose(found, wanted_map, rtol=1e-3, atol=1e-5)


def test_the_features_are_of_length_one_and_belong_to_the_picture(metric):
    features = metric.features(noise(0))
    assert [layer.shape[1] for layer in features] == [64, 192, 384, 256, 256]
    for layer in features:
        length = layer.norm(dim=1)
        assert (((length - 1).abs() < 1e-4) | (length == 0)).all()
    assert all(torch.equal(a, b) for a, b in zip(features, metric.features(noise(0)), strict=True))


def test_nothing_at_equality_the_same_both_ways_more_for_more_blur(metric):
    truth, *worse = (metric.features(blurred(PORTRAIT, sigma)) for sigma in (0, 0.7, 1.5, 4))
    assert metric.distance(truth, truth) == 0
    distances = [metric.distance(truth, other) for other in worse]
    assert 0 < distances[0] < distances[1] < distances[2]
    assert metric.distance(worse[0], truth) == distances[0]


def test_a_shift_of_a_pixel_costs_less_than_a_blur_of_the_same_error(metric):
    truth, shifted, soft = PORTRAIT, np.roll(PORTRAIT, 1, axis=1), blurred(PORTRAIT, 2)
    seen, moved, smooth = (metric.features(picture) for picture in (truth, shifted, soft))
    assert metric.distance(seen, moved) < metric.distance(seen, smooth) / 2


def test_the_map_shows_where_and_its_mean_is_near_the_score(metric):
    worse = PORTRAIT.copy()
    worse[40:72, 80:112] = blurred(PORTRAIT, 3)[40:72, 80:112]
    features = metric.features(PORTRAIT), metric.features(worse)
    found = metric.distance_map(*features, (96, 128))
    assert found.mean() == pytest.approx(metric.distance(*features), rel=0.1)
    assert found[40:72, 80:112].mean() > 5 * found[:, :48].mean()


def test_every_published_weight_is_used_and_none_is_made_up(metric):
    published = torch.load(stlpips.weights_path(), "cpu", weights_only=True)
    assert {stlpips.our_name(key) for key in published} == set(metric.state_dict())
    for key, value in published.items():
        assert torch.equal(metric.state_dict()[stlpips.our_name(key)], value)
    assert not any(parameter.requires_grad for parameter in metric.parameters())


def test_a_weight_too_few_or_too_many_is_refused(monkeypatch, tmp_path):
    weights = torch.load(stlpips.weights_path(), "cpu", weights_only=True)
    monkeypatch.setattr(stlpips, "weights_path", lambda: tmp_path / "weights.pth")
    bias = weights.pop("net.slice5.13.bias")
    torch.save(weights, tmp_path / "weights.pth")
    with pytest.raises(RuntimeError, match="trunk.13.bias"):
        StLpips()
    torch.save(weights | {"net.slice5.13.bias": bias, "more": bias}, tmp_path / "weights.pth")
    with pytest.raises(RuntimeError, match="more"):
        StLpips()


def test_the_blurs_formula_is_what_the_file_holds(metric):
    for index, channels in ((1, 64), (4, 64), (8, 192)):
        assert torch.equal(metric.trunk[index].filt, Blur(channels).filt)
    assert Blur(2)(torch.ones(1, 2, 6, 7)).shape == (1, 2, 4, 5)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(stlpips, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError) as error:
        StLpips()
    assert error.value.name == "stlpips_pytorch"


def test_too_small_a_picture_is_refused(metric):
    with pytest.raises(InpaintingError, match="20x64.*21x21"):
        metric.features(noise(0, 20, 64))
