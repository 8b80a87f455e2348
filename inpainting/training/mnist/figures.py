"""The figures of the study, each as PNG for GitHub and as SVG for print.

results -> [figures] -> report. An arm has the same colour in all of them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inpainting.training.mnist.claims import COLLAPSED, UNFOOLED
from inpainting.training.mnist.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "base": "tab:gray",
    "cycle": "tab:orange",
    "combined": "tab:blue",
    "adv+L1": "tab:green",
    "adv+L2": "tab:purple",
    "L1+L2": "tab:brown",
}
CELL = 32  # pixels of a digit
LABEL = {"facecolor": "white", "edgecolor": "none", "alpha": 0.6, "pad": 1.5}  # under a number


def draw_all(results: Results, folder: Path) -> None:
    """Write every figure into a folder that is there, as NAME.png and NAME.svg."""
    from matplotlib import rc_context

    drawn = {
        "loss": loss(results),
        "hole-l1": hole_l1(results),
        "stability": stability(results),
        "search": surface(results),
        "digits": digits(results),
    }
    for name, figure in drawn.items():
        figure.savefig(folder / f"{name}.png", dpi=110)
        with rc_context({"svg.hashsalt": name}):  # equal results give equal files
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


def blank(width: float, height: float, columns: int) -> tuple["Figure", list["Axes"]]:
    """A figure of some panels side by side, sizes in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(1, columns, squeeze=False)[0])


def loss(results: Results) -> "Figure":
    """The paper's Fig. 1 and Fig. 2: the generator's loss during training, base and combined."""
    figure, panels = blank(9, 3.4, 2)
    titles = {"base": "Fig. 1, base: adversarial alone", "combined": "Fig. 2, combined loss"}
    for axes, (arm, title) in zip(panels, titles.items(), strict=True):
        steps, values = results.curve(arm, "losses", "loss")
        axes.plot(steps, values.T, color=COLOURS[arm], linewidth=0.6, alpha=0.5)
        axes.plot(steps, values.mean(axis=0), color=COLOURS[arm], label="mean of the seeds")
        axes.set(title=title, xlabel="step", ylabel="generator loss", ylim=(0, None))
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def hole_l1(results: Results) -> "Figure":
    """All arms in what they share: L1 over the holes of validation digits."""
    figure, (axes,) = blank(8, 4, 1)
    for arm in results.losses:
        band(axes, arm, *results.curve(arm, "watched", "l1"))
    axes.set(xlabel="step", ylabel="L1 over the hole, %", ylim=(0, None))
    axes.set_title("validation digits: mean and range of the seeds; lower is better", fontsize=10)
    figure.legend(loc="outside right upper")
    return figure


def stability(results: Results) -> "Figure":
    """Discriminator accuracy, both gradients' norms and the spread of the fills over training."""
    figure, panels = blank(14, 3.6, 4)
    kinds = {
        "discriminator_accuracy": ("losses", "discriminator accuracy", "linear"),
        "discriminator_gradient": ("losses", "discriminator gradient, norm", "log"),
        "generator_gradient": ("losses", "generator gradient, norm", "log"),
        "spread": ("watched", "spread of the fills / truth's", "linear"),
    }
    for axes, (name, (kind, title, scale)) in zip(panels, kinds.items(), strict=True):
        judged = name.startswith("discriminator")
        for arm in results.adversarial_arms if judged else results.losses:
            band(axes, arm, *results.curve(arm, kind, name))
        axes.set(title=title, xlabel="step", yscale=scale)
    for axes, line in ((panels[0], UNFOOLED), (panels[3], COLLAPSED)):
        axes.axhline(line, color="black", linestyle=":", linewidth=1)
    handles, labels = panels[3].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper")
    return figure


def band(axes: "Axes", arm: str, steps: np.ndarray, values: np.ndarray) -> None:
    """A line for the mean of the seeds, a band from the least to the greatest."""
    axes.plot(steps, values.mean(axis=0), color=COLOURS[arm], label=arm)
    axes.fill_between(
        steps, values.min(axis=0), values.max(axis=0), color=COLOURS[arm], alpha=0.15, linewidth=0
    )
    axes.grid(alpha=0.3)


def surface(results: Results) -> "Figure":
    """Hole L1 and PSNR for every pair of weights that was tried; the one chosen is framed."""
    from matplotlib.patches import Rectangle

    weights = results.config.weights
    pairs = [cell for cell in results.cells if "cycle" not in cell]
    chosen = results.losses["combined"]
    column, row = weights.index(chosen["l1_hole"]), weights.index(chosen["l2_hole"])
    figure, panels = blank(10, 4.4, 2)
    kinds = {"l1": ("L1 over the hole, %", "viridis_r"), "psnr": ("PSNR, dB", "viridis")}
    for axes, (name, (title, colours)) in zip(panels, kinds.items(), strict=True):
        values = np.array([cell[name] for cell in pairs]).reshape(len(weights), -1)
        axes.imshow(values, cmap=colours, origin="lower")
        for place, value in np.ndenumerate(values):
            axes.text(*place[::-1], f"{value:.1f}", ha="center", va="center", bbox=LABEL)
        ticks = {"ticks": range(len(weights)), "labels": [f"{weight:g}" for weight in weights]}
        axes.set_xticks(**ticks)
        axes.set_yticks(**ticks)
        axes.set(title=title, xlabel="λ₂, of L1", ylabel="λ₁, of L2")
        corner = (column - 0.5, row - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="red", linewidth=2))
    return figure


def digits(results: Results) -> "Figure":
    """A row a test digit: true, with its hole, and as each arm's first seed fills it."""
    columns = results.sheet
    rows = len(columns["true"])
    figure, (axes,) = blank(0.9 * len(columns), 0.9 * rows + 0.4, 1)
    picture = np.concatenate([np.concatenate(list(c.numpy())) for c in columns.values()], axis=1)
    axes.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set_xticks([CELL * (at + 0.5) - 0.5 for at in range(len(columns))], list(columns))
    axes.xaxis.tick_top()
    axes.set_yticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for at in range(1, len(columns)):
        axes.axvline(CELL * at - 0.5, color="white", linewidth=1)
    for at in range(1, rows):
        axes.axhline(CELL * at - 0.5, color="white", linewidth=1)
    return figure
