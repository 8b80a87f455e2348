"""The curves of training runs, drawn from their stats.jsonl."""

import json
from pathlib import Path

import numpy as np

from inpainting.errors import InpaintingError

SMOOTH = 20  # lines of stats.jsonl that one point of a curve is the mean of


def read_curves(run: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Each loss by name -> (training pictures seen, mean of the loss since the point before)."""
    path = run / "stats.jsonl"
    if not path.exists():
        raise InpaintingError(f"{run} has no stats.jsonl: name the folder of a training run")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    curves = {}
    for name in sorted({name for line in lines for name in line} - {"step", "images"}):
        own = [(line["images"], line[name]) for line in lines if name in line]
        blocks = np.array_split(np.array(own), max(1, len(own) // SMOOTH))
        curves[name] = tuple(np.array([block.mean(axis=0) for block in blocks]).T)
    return curves


def draw(runs: list[Path], out: Path) -> None:
    """One panel a loss, one line a run; written as the picture that `out`'s ending names."""
    from matplotlib.figure import Figure

    curves = {run.name: read_curves(run) for run in runs}
    names = sorted({name for own in curves.values() for name in own})
    figure = Figure(figsize=(10, 2.4 * -(-len(names) // 3)), layout="constrained")
    panels = figure.subplots(-(-len(names) // 3), 3, squeeze=False).ravel()
    for panel, name in zip(panels, names, strict=False):
        for run, own in curves.items():
            if name in own:
                panel.plot(own[name][0] / 1000, own[name][1], label=run)
        panel.set(title=name.replace("_", " "), xlabel="thousand pictures")
        panel.legend()
    for panel in panels[len(names) :]:
        panel.remove()
    figure.savefig(out, dpi=100)
