"""The classical rivals: each fills exactly the hole, the same each time, by its own library."""

import subprocess
import sys

import numpy as np
import pytest

from inpainting import InpaintingError
from inpainting.evaluation import peers
from inpainting.evaluation.peers import PACKAGES, PEERS, package


def red_hole() -> tuple[np.ndarray, np.ndarray]:
    """A photo, 64x64: a blue ramp with two red rectangles; the hole: those rectangles."""
    photo = np.zeros((64, 64, 3), np.uint8)
    photo[..., 2] = 100 + np.arange(64)
    hole = np.zeros((64, 64), bool)
    hole[20:40, 20:40] = hole[50:56, 4:30] = True
    photo[hole] = [255, 0, 0]
    return photo, hole


@pytest.mark.parametrize("name", PEERS)
def test_each_peer_fills_exactly_the_hole(name):
    """What comes out is as blue as what is about it, and what was blue is untouched."""
    photo, hole = red_hole()
    result = PEERS[name](photo, hole)
    assert result.shape == photo.shape and result.dtype == np.uint8
    assert result[hole][:, 0].max() < 60 and result[hole][:, 2].min() > 80
    assert np.array_equal(result[~hole], photo[~hole])


@pytest.mark.parametrize("name", PEERS)
def test_each_peer_gives_the_same_each_time_and_leaves_its_input_alone(name):
    photo = np.random.default_rng(0).integers(0, 255, (48, 40, 3), np.uint8)
    hole = np.zeros((48, 40), bool)
    hole[10:30, 12:25] = True
    before = photo.copy(), hole.copy()
    first, second = PEERS[name](photo, hole), PEERS[name](photo, hole)
    assert np.array_equal(first, second)
    assert np.array_equal(photo, before[0]) and np.array_equal(hole, before[1])


def test_the_mean_is_that_of_the_known_part():
    photo = np.array([[[10, 0, 7], [13, 0, 7], [250, 250, 250]]], np.uint8)
    result = PEERS["mean"](photo, np.array([[False, False, True]]))
    assert result[0, 2].tolist() == [12, 0, 7]  # 11.5 is rounded to even


def test_a_ramp_is_what_the_biharmonic_surface_continues():
    photo, hole = red_hole()
    result = PEERS["biharmonic"](photo, hole)
    expected = np.broadcast_to(100 + np.arange(64), (64, 64))
    assert np.abs(result[..., 2].astype(int) - expected).max() <= 1


def test_every_peer_has_a_package(monkeypatch):
    assert list(PACKAGES) == list(PEERS)
    assert package("mean") == f"numpy {np.__version__}"
    assert all(package(name).startswith(f"{PACKAGES[name]} ") for name in PEERS)
    monkeypatch.setitem(peers.PACKAGES, "ns", "no-such-package")
    with pytest.raises(InpaintingError, match="ns needs no-such-package, .* not installed: run"):
        package("ns")


@pytest.mark.parametrize("module", ["peers", "process"])
def test_importing_it_is_light(module):
    """Else the peak memory of a classical method would be that of torch."""
    script = f"import inpainting.evaluation.{module}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "inpainting.evaluation.peers" in loaded, done.stderr
    assert not loaded & {"torch", "skimage", "scipy", "patchmatch", "onnxruntime"}
