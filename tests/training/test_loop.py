"""The loop learns, resumes exactly, keeps its word on disk, and uses every field of its config."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.checkpoint import load
from inpainting.generator import GeneratorConfig
from inpainting.training.config import TrainConfig
from inpainting.training.discriminator import DiscriminatorConfig
from inpainting.training.loop import train

ROOT = Path(__file__).parent.parent.parent
TINY = TrainConfig(
    generator=GeneratorConfig(4, (1,), 8, (1, 2), 64),
    discriminator=DiscriminatorConfig(width=4),
    images=48,
    reconstruction_images=24,
    size=32,
    batch=4,
    learning_rate=2e-3,
    log_every=1,
    save_every=5,
)


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    """Eight smooth photographs, half in a zip file, half in a folder."""
    folder = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(0)
    for index in range(8):
        small = Image.fromarray(rng.integers(0, 255, (4, 5, 3), np.uint8))
        small.resize((100, 80), Image.Resampling.BICUBIC).save(folder / f"{index}.png")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        for index in range(4):
            archive.write(folder / f"{index}.png", f"inside/{index}.png")
            (folder / f"{index}.png").unlink()
    return folder


def stats(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "stats.jsonl").read_text().splitlines()]


def test_it_learns(photos, tmp_path):
    config = replace(TINY, images=320, reconstruction_images=320, perceptual=0.0, save_every=1000)
    train(config, [photos], tmp_path / "run")
    curve = [line["l1_hole"] for line in stats(tmp_path / "run")]
    assert np.mean(curve[-20:]) < 0.88 * np.mean(curve[:20])


def test_killed_and_resumed_it_computes_the_same(photos, tmp_path):
    """One run in one go; one killed in the middle of stage two and resumed: equal to the digit."""
    data = [photos, photos / "more.zip"]
    train(TINY, data, tmp_path / "whole")
    killed = tmp_path / "killed"
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            CHILD.format(root=str(ROOT), data=list(map(str, data)), run=str(killed)),
        ]
    )
    deadline = time.monotonic() + 120
    while not (killed / "state/000000005").exists() and child.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.kill()
    child.wait()
    assert len(stats(killed)) < len(stats(tmp_path / "whole")), "it was killed before its end"
    train(TINY, data, killed)
    assert stats(killed) == stats(tmp_path / "whole")
    assert "discriminator" in stats(killed)[-1] and "discriminator" not in stats(killed)[0]
    ours, theirs = (load(run / "checkpoint") for run in (killed, tmp_path / "whole"))
    assert ours.sha256 == theirs.sha256


CHILD = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from inpainting.training import loop
from tests.training.test_loop import TINY
step = loop.Trainer.step
loop.Trainer.step = lambda *given: (time.sleep(0.3), step(*given))[1]  # time to be killed in
loop.train(TINY, [Path(path) for path in {data!r}], Path({run!r}))
"""


def test_ctrl_c_saves_and_the_same_command_goes_on(photos, tmp_path):
    command = [sys.executable, "-m", "inpainting", "train", "--data", photos, photos / "more.zip"]
    command += ["--run", tmp_path / "run", "--images", "100000", "--size", "32", "--batch", "2"]
    command += ["--generator-sinet-width", "4", "--generator-gpnet-width", "8"]
    command += ["--log-every", "1", "--reconstruction-images", "0", "--perceptual", "0"]
    child = subprocess.Popen(list(map(str, command)), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (tmp_path / "run/stats.jsonl").exists():
        assert time.monotonic() < deadline and child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 0 and "the same command goes on from here" in said
    assert "images/s" in said
    done = stats(tmp_path / "run")[-1]["step"]
    assert os.listdir(tmp_path / "run/state") == [f"{done:09d}"]
    assert load(tmp_path / "run/checkpoint").generator.config.sinet_width == 4


def test_a_run_leaves_what_it_promises(photos, tmp_path):
    train(TINY, [photos], tmp_path / "run")
    run = tmp_path / "run"
    assert json.loads((run / "config.json").read_text())["images"] == 48
    assert sorted(path.name for path in (run / "samples").iterdir()) == [
        "000000020.jpg",
        "000000040.jpg",
        "000000048.jpg",
    ]
    assert Image.open(run / "samples/000000048.jpg").size == (4 * 32, 8 * 32)
    assert sorted(path.name for path in (run / "checkpoint").iterdir()) == [
        "config.json",
        "discriminator.safetensors",
        "model.safetensors",
    ]
    assert len(stats(run)) == 12 and stats(run)[-1]["images"] == 48


def test_another_config_in_the_same_folder_is_refused(photos, tmp_path):
    train(replace(TINY, images=4), [photos], tmp_path / "run")
    with pytest.raises(InpaintingError, match="begun with another seed"):
        train(replace(TINY, images=4, seed=1), [photos], tmp_path / "run")
    train(replace(TINY, images=8), [photos], tmp_path / "run")  # a longer run goes on
    assert [line["step"] for line in stats(tmp_path / "run")] == [1, 2]


def test_training_starts_from_a_checkpoint(photos, tmp_path):
    train(replace(TINY, images=200, reconstruction_images=100), [photos], tmp_path / "first")
    init = tmp_path / "first/checkpoint"
    train(replace(TINY, images=4), [photos], tmp_path / "fresh")
    train(replace(TINY, images=4), [photos], tmp_path / "second", init)
    fresh, second = (stats(tmp_path / run)[0]["l1_hole"] for run in ("fresh", "second"))
    assert second < fresh
    other = replace(TINY, discriminator=DiscriminatorConfig(width=8))
    with pytest.raises(InpaintingError, match="the same --discriminator"):
        train(other, [photos], tmp_path / "third", init)


def test_every_field_is_used():
    """A field that nothing reads would be a flag that is accepted and ignored."""
    code = "".join(path.read_text() for path in ROOT.glob("inpainting/**/*.py"))
    for config in (TrainConfig, GeneratorConfig, DiscriminatorConfig):
        for entry in fields(config):
            assert re.search(rf"\.{entry.name}\b", code), f"{config.__name__}.{entry.name}"


@pytest.mark.parametrize("name", ["no.zip", "text.png", "small.png"])
def test_bad_data_is_refused_by_name(tmp_path, name):
    path = tmp_path / name
    path.write_text("this is no picture")
    if name == "small.png":
        Image.new("RGB", (40, 400)).save(path)
    with pytest.raises(InpaintingError, match=name):
        train(TINY, [path if name == "no.zip" else tmp_path], tmp_path / "run")
