"""The document of the study in Markdown, its figures, and all scores as CSV.

results -> claims, figures -> [report]. The document stands beside the folder of its figures, in
the study's folder and, as a copy, in docs: its links hold in both.
"""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inpainting.photo import write_whole
from inpainting.training.config import TrainConfig
from inpainting.training.mnist import tables
from inpainting.training.mnist.claims import COLLAPSED, UNFOOLED, claims
from inpainting.training.mnist.config import StudyConfig, quick
from inpainting.training.mnist.figures import draw_all
from inpainting.training.mnist.holes import BANDS, KINDS, group
from inpainting.training.mnist.results import Results, psnr
from inpainting.training.mnist.search import SEED
from inpainting.training.run import replace_folder

NAME = "mnist-study"  # of the document and of the folder of its figures
QUICK = """

**This is the quick form.** It shows that everything works; the networks have hardly begun to learn,
and its verdicts say nothing about the paper. Leave out `--quick` for the study itself."""


def write_report(results: Results, out: Path, docs: Path | None) -> Path:
    """Write document and figures into `out`, and a copy into `docs`; returns the document."""

    def figures(place: str) -> None:
        draw_all(results, Path(place))
        write_csv(results, Path(place) / "scores.csv")

    replace_folder(out / NAME, figures)
    document = out / f"{NAME}.md"
    write_whole(markdown(results).encode(), document)
    if docs:
        docs.mkdir(parents=True, exist_ok=True)
        replace_folder(
            docs / NAME,
            lambda place: shutil.copytree(out / NAME, place, dirs_exist_ok=True),
        )
        write_whole(document.read_bytes(), docs / document.name)
    return document


def write_csv(results: Results, path: Path) -> None:
    """One line for each arm, seed, kind of hole and band of its area."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["arm", "seed", "hole", "band", "digits", "l1", "psnr", "ssim", "read"])
        for arm, seed in results.runs:
            run = results.config.run_seeds.index(seed)
            scores = {name: results.scores(arm, name)[run] for name in ("l1", "ssim", "read")}
            squares = results.scores(arm, "square")[run]
            for kind, band, inside in groups(results.config.test):
                l1, ssim, read = (values[inside].mean() for values in scores.values())
                numbers = [l1, psnr(squares[inside]), ssim, read]
                row = [arm, seed, kind, band, inside.sum(), *(f"{n:.4f}" for n in numbers)]
                writer.writerow(row)


def groups(count: int) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield (kind, band, which of the digits: bool), all of them first."""
    of = [group(index) for index in range(count)]
    yield "all", "all", np.ones(count, bool)
    for kind in KINDS:
        for band in BANDS:
            inside = np.array([found == (kind, band) for found in of])
            if inside.any():
                yield kind, "{:g} to {:g} %".format(*(100 * edge for edge in band)), inside


def markdown(results: Results) -> str:
    """The whole document: document.md with its numbers."""
    config = results.config
    l2, l1 = (results.losses["combined"][name] for name in ("l2_hole", "l1_hole"))
    hasty = config == quick(StudyConfig(seeds=config.seeds, first_seed=config.first_seed))
    found = claims(results)
    heads = ["claim of the paper", "its figure", "ours", "agrees?"]
    document = Path(__file__).with_name("document.md").read_text(encoding="utf-8")
    return document.format(
        out="runs/mnist --quick" if hasty else "runs/mnist",
        note=QUICK if hasty else "",
        answer=tables.answer(results, found),
        setup=tables.setup(results),
        l2=f"{l2:g}",
        l1=f"{l1:g}",
        cells=len(results.cells),
        search_steps=config.search_steps,
        search_seed=SEED,
        losses=tables.losses(results),
        arms=tables.arms(results),
        pairs=tables.pairs(results),
        claims=tables.table(heads, found),
        timings=tables.timings(results),
        rounds=config.timing_rounds,
        clip=TrainConfig().clip,
        seeds="1 seed" if config.seeds == 1 else f"{config.seeds} seeds",
        test=config.test,
        unfooled=f"{100 * UNFOOLED:.0f} %",
        collapsed=f"{100 * COLLAPSED:.0f} %",
        name=NAME,
    )
