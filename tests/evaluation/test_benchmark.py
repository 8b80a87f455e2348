"""Every method on the same holes: names and order of the files change nothing, rivals do fill."""

import csv
import shutil

import numpy as np
import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.checkpoint import save
from inpainting.evaluation.benchmark import evaluate
from inpainting.evaluation.holes import medium_hole
from inpainting.evaluation.peers import PEERS, OwnProcess
from tests.test_generator import randomised


def test_a_hole_belongs_to_a_name_and_a_seed():
    first = medium_hole(0, "a.jpg", 128)
    assert first.shape == (128, 128) and first.dtype == bool and 0 < first.mean() <= 0.5
    assert np.array_equal(first, medium_hole(0, "a.jpg", 128))
    assert not np.array_equal(first, medium_hole(0, "b.jpg", 128))
    assert not np.array_equal(first, medium_hole(1, "a.jpg", 128))


@pytest.mark.parametrize("name", PEERS)
def test_each_peer_fills_exactly_the_hole(name):
    """A red hole in a blue ramp: what comes out is as blue as what is about it."""
    photo = np.zeros((64, 64, 3), np.uint8)
    photo[..., 2] = 100 + np.arange(64)
    mask = np.zeros((64, 64), bool)
    mask[20:40, 20:40] = True
    photo[mask] = [255, 0, 0]
    result = PEERS[name](photo, mask)
    assert result.shape == photo.shape and result.dtype == np.uint8
    assert result[mask][:, 0].max() < 60 and result[mask][:, 2].min() > 80


@pytest.mark.parametrize("name, words", [("PatchMatch", "no answer in 0 s"), ("none", "broke")])
def test_a_peer_that_hangs_or_breaks_is_ended(name, words):
    limit = 0.01 if name == "PatchMatch" else 60
    with OwnProcess(limit) as child, pytest.raises(InpaintingError, match=words):
        child.run(name, np.zeros((512, 512, 3), np.uint8), np.eye(512, dtype=bool))
    child.child.join(10)
    assert not child.child.is_alive()


def test_the_table_does_not_depend_on_the_order_of_the_files(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("one", "two", "three"):
        small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), np.uint8))
        (tmp_path / "photos").mkdir(exist_ok=True)
        small.resize((160, 120), Image.Resampling.BICUBIC).save(tmp_path / f"photos/{name}.png")
    save(randomised(), tmp_path / "weights")
    text = evaluate(tmp_path / "photos", tmp_path / "out", str(tmp_path / "weights"), 64, 0, 0)
    assert text == (tmp_path / "out/table.md").read_text()
    assert all(f"| {method} |" in text for method in (*PEERS, "ours"))
    shutil.move(tmp_path / "photos/one.png", tmp_path / "away.png")
    evaluate(tmp_path / "photos", tmp_path / "less", str(tmp_path / "weights"), 64, 0, 0)
    all_rows, less = (rows(tmp_path / name / "table.csv") for name in ("out", "less"))
    assert less == {key: row for key, row in all_rows.items() if key[0] != "one.png"}
    assert Image.open(tmp_path / "out/sheet.jpg").size == (64 * 7, 64 * 3)


def rows(path) -> dict:
    with path.open() as file:
        return {
            (row["photo"], row["method"]): (row["L1 %"], row["PSNR dB"])
            for row in csv.DictReader(file)
        }
