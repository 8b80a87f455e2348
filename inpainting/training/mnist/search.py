"""The search for lambda_1 and lambda_2, on validation digits only: a grid of short runs.

arms -> [search] -> study. The criterion is hole L1: every cell has it whatever its loss, and an
error counts once for its size, where PSNR's square would reward fills that are blurred to be safe.
The cycle loss has its weight searched for in the same way.
"""

import json
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from inpainting.photo import write_whole
from inpainting.training.mnist.arms import Chosen, Material, train_arm
from inpainting.training.mnist.config import StudyConfig

SEED = 1000  # of every cell, and of no run of an arm: the arms are not tuned on their own seeds

Cell = dict[str, float]  # the weights of one run ("l2_hole", "l1_hole" or "cycle"), its scores


def search(study: StudyConfig, material: Material, path: Path) -> list[Cell]:
    """Train a cell of the grid after the other; each is kept in `path` when it is done."""
    cells = json.loads(path.read_text()) if path.exists() else []
    left, steps = grid(study)[len(cells) :], study.search_steps
    with tqdm(desc="search", total=len(left) * steps, unit=" steps", smoothing=0.05) as bar:
        for weights in left:
            losses = {"adversarial": 1.0, **weights}
            _, curves = train_arm(study, losses, SEED, material, steps, bar.update)
            last = curves["watched"][-1]
            cells.append({**weights, "l1": last["l1"], "psnr": last["psnr"]})
            write_whole((json.dumps(cells, indent=1) + "\n").encode(), path)
    return cells


def grid(study: StudyConfig) -> list[dict[str, float]]:
    """The weights of every cell: lambda_1 x lambda_2, then the cycle loss's."""
    pairs = [{"l2_hole": l2, "l1_hole": l1} for l2 in study.weights for l1 in study.weights]
    return pairs + [{"cycle": weight} for weight in study.cycle_weights]


def choose(cells: list[Cell]) -> Chosen:
    """The cells of least hole L1: with both terms, with L1 alone, with L2 alone, with the cycle."""

    def best(fits: Callable[[float, float], bool]) -> Cell:
        pairs = (cell for cell in cells if "cycle" not in cell)
        return min((c for c in pairs if fits(c["l2_hole"], c["l1_hole"])), key=lambda c: c["l1"])

    both = best(lambda l2, l1: l2 > 0 and l1 > 0)
    cycle = min((cell for cell in cells if "cycle" in cell), key=lambda cell: cell["l1"])
    return Chosen(
        combined=(both["l2_hole"], both["l1_hole"]),
        l1=best(lambda l2, l1: l2 == 0 and l1 > 0)["l1_hole"],
        l2=best(lambda l2, l1: l2 > 0 and l1 == 0)["l2_hole"],
        cycle=cycle["cycle"],
    )
