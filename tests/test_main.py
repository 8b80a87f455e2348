"""The command line as a person uses it: files, folders, bad files, exit codes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting.checkpoint import save
from inpainting.mask import grow, write_mask
from tests.test_generator import randomised

ROOT = Path(__file__).parent.parent
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    save(randomised(), folder)
    return folder


def erase(*given, weights: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "inpainting", "erase", *given, "--checkpoint", weights]
    return subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)


def photo(path: Path, height: int = 90, width: int = 120) -> np.ndarray:
    pixels = RNG.integers(0, 255, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


def mask(path: Path, height: int = 90, width: int = 120) -> np.ndarray:
    hole = np.zeros((height, width), bool)
    hole[30:50, 40:70] = True
    write_mask(hole, path)
    return hole


def test_one_photo(tmp_path, weights):
    pixels, hole = photo(tmp_path / "p.png"), mask(tmp_path / "m.png")
    done = erase(tmp_path / "p.png", tmp_path / "m.png", "-o", tmp_path / "o.png", weights=weights)
    assert done.returncode == 0, done.stderr
    result = np.asarray(Image.open(tmp_path / "o.png"))
    assert np.array_equal(result[~grow(hole, 3)], pixels[~grow(hole, 3)])
    assert not np.array_equal(result[hole], pixels[hole])


def test_a_folder_goes_on_after_a_bad_file_and_says_which(tmp_path, weights):
    photos, masks, out = (tmp_path / name for name in ("photos", "masks", "out"))
    photos.mkdir()
    masks.mkdir()
    for stem in ("a", "b", "d"):
        photo(photos / f"{stem}.png")
        mask(masks / f"{stem}.png")
    photo(photos / "c.png")  # has no mask
    (photos / "b.png").write_bytes(b"")
    done = erase(photos, masks, "-o", out, weights=weights)
    assert done.returncode == 1
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "d.png"]
    assert "b.png: " in done.stderr and "c.png: there is no mask of that stem" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_mask_serves_every_photo(tmp_path, weights):
    (tmp_path / "photos").mkdir()
    for stem in "ab":
        photo(tmp_path / f"photos/{stem}.png")
    mask(tmp_path / "m.png")
    done = erase(tmp_path / "photos", tmp_path / "m.png", "-o", tmp_path / "out", weights=weights)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_the_photo_itself_is_never_replaced(tmp_path, weights):
    before = photo(tmp_path / "p.png")
    mask(tmp_path / "m.png")
    done = erase(tmp_path / "p.png", tmp_path / "m.png", "-o", tmp_path / "p.png", weights=weights)
    assert done.returncode == 1 and "would replace p.png itself" in done.stderr
    assert np.array_equal(np.asarray(Image.open(tmp_path / "p.png")), before)


def test_two_masks_of_one_stem_are_refused(tmp_path, weights):
    (tmp_path / "masks").mkdir()
    photo(tmp_path / "p.png")
    mask(tmp_path / "masks/p.png")
    photo(tmp_path / "masks/p.jpg")
    done = erase(tmp_path / "p.png", tmp_path / "masks", "-o", tmp_path / "o.png", weights=weights)
    assert done.returncode == 1 and "p.jpg and p.png" in done.stderr


@pytest.mark.parametrize(
    "given, words",
    [
        (["missing.png", "missing.png", "-o", "o.png"], "does not exist"),
        ([], "Missing argument"),
        (["--colour"], "No such option"),
    ],
)
def test_bad_usage_is_exit_code_two(given, words, weights):
    done = erase(*given, weights=weights)
    assert done.returncode == 2 and words in done.stderr


def test_a_missing_checkpoint_is_one_sentence(tmp_path):
    photo(tmp_path / "p.png")
    mask(tmp_path / "m.png")
    done = erase(
        tmp_path / "p.png", tmp_path / "m.png", "-o", tmp_path / "o.png", weights=tmp_path / "none"
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1 and "none" in done.stderr
