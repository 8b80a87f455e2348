"""The study from the four files to the document: classifier, search, arms, timings, report.

Each finished piece is in the folder, whole: the classifier, a cell of the search, a run of an arm,
the timings. A study that was killed goes on with the first piece that is missing.
"""

import json
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from inpainting import checkpoint
from inpainting.memory import keep_freed_memory
from inpainting.training.mnist.arms import Material, arms, train_arm
from inpainting.training.mnist.classifier import classifier
from inpainting.training.mnist.config import StudyConfig
from inpainting.training.mnist.digits import Digits, Split, read_split
from inpainting.training.mnist.holes import as_batch, draw_holes
from inpainting.training.mnist.pieces import RUN, begin, copy_checkpoint, kept
from inpainting.training.mnist.report import write_report
from inpainting.training.mnist.results import Results
from inpainting.training.mnist.scores import GREY, bounds, fill, painted, score
from inpainting.training.mnist.search import choose, search
from inpainting.training.mnist.timing import step_times
from inpainting.training.run import replace_folder

SPLIT_SEED = 0  # says which of the training digits are the validation's
TRAINING_HOLES, WATCHED_HOLES, TEST_HOLES = 1, 2, 3  # seeds
SHOWN_SEED = 0  # says which of the test digits are on the sheet


class Exam(NamedTuple):
    """What the arms are judged by in the end."""

    digits: Digits
    holes: Tensor  # Nx32x32 uint8
    reader: nn.Module


def study(config: StudyConfig, data: Path, out: Path, docs: Path | None = None) -> Path:
    """Run the study, or go on with it; returns the document that it wrote.

    Parameters
    ----------
    config: all of its numbers.
    data: the folder with the four files of MNIST.
    out: the study's folder; another config in it is refused.
    docs: a folder that gets a copy of the document and its figures.

    """
    # The same digits and holes for every arm.
    keep_freed_memory()
    split = read_split(data, config.validation, config.test, SPLIT_SEED)
    begin(config, out)
    material = prepare(config, split)
    reader = classifier(out / "classifier.safetensors", split.train, config)
    exam = Exam(split.test, draw_holes(config.test, TEST_HOLES), reader)

    # The weights of the losses; the arms, each from every seed; what a step of each costs.
    cells = search(config, material, out / "search.json")
    losses = arms(choose(cells))
    pairs = [(arm, seed) for seed in config.run_seeds for arm in losses]
    runs = {pair: arm_folder(out, *pair) for pair in pairs}
    left = {pair: folder for pair, folder in runs.items() if not folder.exists()}
    with tqdm(desc="arms", total=len(left) * config.steps, unit=" steps", smoothing=0.05) as bar:
        for (arm, seed), folder in left.items():
            train_run(config, losses[arm], seed, material, exam, folder, bar)
    timings = kept(out / "timings.json", partial(step_times, config, losses, material))

    # The first combined run's checkpoint, and the document.
    copy_checkpoint(arm_folder(out, "combined", config.first_seed), out / "checkpoint")
    found = {pair: json.loads((folder / RUN).read_text()) for pair, folder in runs.items()}
    trivial = bounds(exam.digits, exam.holes, reader)
    columns = sheet(config, list(losses), exam, out)
    results = Results(config, cells, losses, found, timings, trivial, columns)
    return write_report(results, out, docs)


def prepare(config: StudyConfig, split: Split) -> Material:
    """The training digits and holes, and those to watch by; the same for every arm."""
    watched = split.validation.pixels[: config.watched]
    watched = as_batch(watched, draw_holes(len(watched), WATCHED_HOLES))
    return Material(split.train, draw_holes(config.holes, TRAINING_HOLES), watched)


def arm_folder(out: Path, arm: str, seed: int) -> Path:
    """Where a run of an arm is kept."""
    return out / "arms" / f"{arm}-{seed}"


def train_run(
    config: StudyConfig,
    weights: dict[str, float],
    seed: int,
    material: Material,
    exam: Exam,
    folder: Path,
    bar: tqdm,
) -> None:
    """Train an arm from a seed, score it, and keep checkpoint, curves and scores in its folder.

    Scored are the weights as they are stored: what the document says is true of the files.
    """
    bar.set_postfix_str(folder.name)
    trainer, curves = train_arm(config, weights, seed, material, config.steps, bar.update)

    def write(place: str) -> None:
        trainer.export(Path(place), config.steps * config.batch)
        filled = fill(checkpoint.load(Path(place)).generator, exam.digits.pixels, exam.holes)
        run = {**curves, "scores": score(filled, exam.digits, exam.holes, exam.reader)}
        (Path(place) / RUN).write_text(json.dumps(run) + "\n")

    replace_folder(folder, write)


def sheet(config: StudyConfig, names: list[str], exam: Exam, out: Path) -> dict[str, Tensor]:
    """Test digits drawn by seed: the truth, its hole left grey, each arm's first fill."""
    rng = np.random.default_rng(SHOWN_SEED)
    rows = torch.from_numpy(rng.permutation(len(exam.digits.labels))[: config.shown])
    pixels, holes = exam.digits.pixels[rows], exam.holes[rows]
    columns = {"true": pixels, "hole": painted(pixels, holes, GREY)}
    for name in names:
        generator = checkpoint.load(arm_folder(out, name, config.first_seed)).generator
        columns[name] = fill(generator, pixels, holes)
    return columns
