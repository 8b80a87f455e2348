"""The study from files to document, killed and resumed, in another config's folder, used."""

import re
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting import Inpainter, InpaintingError
from inpainting.training.mnist.config import StudyConfig, quick
from inpainting.training.mnist.study import study
from tests.training.digit_files import TINY, write_digits

ROOT = Path(__file__).parent.parent.parent
CHILD = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from inpainting.training import loop
from inpainting.training.mnist.study import study
from tests.training.digit_files import TINY
step = loop.Trainer.step
loop.Trainer.step = lambda *given: (time.sleep(0.05), step(*given))[1]  # time to be killed in
study(TINY, Path({data!r}), Path({out!r}))
"""


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Path:
    return write_digits(tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="module")
def whole(digits, tmp_path_factory) -> Path:
    """The folder of a study that nobody disturbed, with its copy in docs/ below."""
    out = tmp_path_factory.mktemp("study")
    study(TINY, digits, out, out / "docs")
    return out


def untimed(document: Path) -> list[str]:
    """Its lines without those that a clock has written."""
    text, marks = document.read_text(), ("a training step of", "claims that digits")
    before, _, rest = text.partition("## Time\n")
    lines = before.splitlines() + rest.partition("## What this")[2].splitlines()
    return [line for line in lines if not any(mark in line for mark in marks)]


def test_killed_and_resumed_it_writes_the_same_document(digits, whole, tmp_path):
    out = tmp_path / "killed"
    script = CHILD.format(root=str(ROOT), data=str(digits), out=str(out))
    child = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (out / "arms/combined-0").exists() and child.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.kill()
    child.wait()
    assert not (out / "mnist-study.md").exists(), "it was killed before its end"
    study(TINY, digits, out)
    assert untimed(out / "mnist-study.md") == untimed(whole / "mnist-study.md")


def test_what_is_finished_is_not_done_again(digits, whole):
    before = {path: path.stat().st_mtime_ns for path in whole.glob("arms/*/*")}
    study(TINY, digits, whole)
    assert {path: path.stat().st_mtime_ns for path in whole.glob("arms/*/*")} == before


def test_every_field_and_every_figure_of_the_document_is_there(whole):
    for document in (whole / "mnist-study.md", whole / "docs/mnist-study.md"):
        text = document.read_text()
        linked = re.findall(r"\]\(([^)#]+)\)", text)
        assert len(linked) == 6 and all((document.parent / link).exists() for link in linked)
        assert not re.search(r"[{}]", text)


def test_figures_come_as_png_and_svg(whole):
    names = {path.name for path in (whole / "mnist-study").iterdir()}
    stems = ("loss", "hole-l1", "stability", "search", "digits")
    assert names == {f"{stem}.{end}" for stem in stems for end in ("png", "svg")} | {"scores.csv"}


def test_the_table_of_scores_has_every_run_kind_and_band(whole):
    lines = (whole / "mnist-study/scores.csv").read_text().splitlines()
    assert len(lines) == 1 + 6 * TINY.seeds * (1 + 2 * 3)


def test_a_study_of_other_seeds_is_the_same_study_from_there_on(digits, whole, tmp_path):
    later = replace(TINY, seeds=1, first_seed=TINY.seeds - 1)
    study(later, digits, tmp_path)
    last = f"arms/adv+L1-{TINY.seeds - 1}/run.json"
    assert (tmp_path / last).read_text() == (whole / last).read_text()
    assert not (tmp_path / "arms/adv+L1-0").exists()


@pytest.mark.parametrize("field", ["steps", "seeds"])
def test_another_config_in_the_same_folder_is_refused(digits, whole, field):
    with pytest.raises(InpaintingError, match=f"whose {field} is {getattr(TINY, field)}, this"):
        study(replace(TINY, **{field: 1}), digits, whole)


@pytest.mark.parametrize("side", [28, 32])
def test_the_checkpoint_erases_a_part_of_a_digit(whole, side):
    inpainter = Inpainter.from_pretrained(whole / "checkpoint", device="cpu")
    photo = np.random.default_rng(0).integers(0, 256, (side, side), np.uint8)
    mask = np.zeros((side, side), np.uint8)
    mask[10:16, 10:16] = 1
    result = np.asarray(inpainter(Image.fromarray(photo), Image.fromarray(mask * 255), margin=0))
    assert np.array_equal(result[mask == 0], photo[mask == 0])
    assert not np.array_equal(result[mask == 1], photo[mask == 1])


def test_the_quick_form_asks_the_same_with_smaller_numbers():
    whole, small = StudyConfig(), quick(StudyConfig())
    work = [6 * c.seeds * c.steps + c.search_steps * len(c.weights) ** 2 for c in (small, whole)]
    assert 10 * work[0] < work[1] and small.generator == whole.generator


def test_every_number_of_the_study_is_used():
    """A field that nothing reads would be a number that decides nothing."""
    files = (ROOT / "inpainting/training/mnist").glob("*.py")
    code = "".join(path.read_text() for path in files)
    assert not [f.name for f in fields(TINY) if not re.search(rf"\.{f.name}\b", code)]


def test_the_command_refuses_a_folder_without_the_files(tmp_path):
    command = [sys.executable, "-m", "inpainting", "mnist", "--data", tmp_path, "--out", "x"]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "--data is a folder with the four files" in done.stderr
