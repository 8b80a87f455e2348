"""The plot of quality against seconds, a point a method."""

from pathlib import Path

import numpy as np

from inpainting.evaluation.groups import Group
from inpainting.evaluation.intervals import mean_interval


def draw_plot(group: Group, path: Path) -> None:
    """ST-LPIPS over the hole, with its interval, against the median seconds of a picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    for method in group.methods:
        seconds = group.values(method, "seconds")
        mean, low, high = mean_interval(group.values(method, "ST-LPIPS"))
        if not np.isfinite(mean) or not np.isfinite(seconds).any():
            continue  # results from elsewhere have no time, a removal no truth
        point = float(np.nanmedian(seconds))
        whiskers = [[mean - low], [high - mean]]
        axes.errorbar(point, mean, whiskers, fmt="o", capsize=3, label=method)
    axes.set(xscale="log", xlabel="seconds a picture, median", ylabel="ST-LPIPS over the hole")
    axes.set_title(f"{group.name}: lower and further left is better", fontsize=10)
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside right upper")
    figure.savefig(path, dpi=110)
