"""The tables of the study's document, in Markdown.

results -> [tables] -> report.
"""

import numpy as np

from inpainting.training.mnist.claims import (
    NO,
    NOISE,
    YES,
    Claim,
    difference,
    per_cent,
    points,
    relative,
    verdict,
)
from inpainting.training.mnist.holes import BANDS
from inpainting.training.mnist.results import Results, psnr
from inpainting.training.mnist.timing import median_ratio

SCORES = ("l1", "square", "ssim", "read")


def answer(results: Results, found: list[Claim]) -> str:
    """The outcome against each of the paper's two rivals, and how many claims hold."""
    lines = []
    for rival in ("base", "cycle"):
        l1 = relative(results.scores("combined", "l1"), results.scores(rival, "l1"))
        read = points(results, "combined", rival)
        lines.append(
            f"* Against `{rival}`: hole L1 {per_cent(l1)}, better: {verdict(l1)}; digits read "
            + "right {:+.1f} points [{:+.1f}, {:+.1f}], ".format(*read)
            + f"better: {verdict(read, less=False)}."
        )
    count = {kind: sum(claim.verdict == kind for claim in found) for kind in (YES, NO, NOISE)}
    lines.append(
        f"* Of {len(found)} claims that digits can test, {count[YES]} hold, {count[NO]} do not, "
        f"{count[NOISE]} cannot be told from noise: the [table](#claims)."
    )
    return "\n".join(lines)


def setup(results: Results) -> str:
    """What was trained on what, in numbers."""
    config = results.config
    bands = ", ".join(f"{100 * low:.0f} to {100 * high:.0f} %" for low, high in BANDS)
    rows = [
        ("training", f"{config.steps} steps of {config.batch} digits, {config.seeds} seeds an arm"),
        ("digits", f"MNIST, 28 px padded to 32; {config.validation} training digits set aside"),
        ("holes", f"boxes and strokes by turns, in bands of area: {bands} of the picture"),
        ("SINet", f"width {config.sinet_width}"),
        ("GPNet", f"width {config.gpnet_width}, dilations {config.gpnet_dilations}"),
        ("discriminator", f"width {config.discriminator_width}, one number a picture"),
        ("Adam", f"{config.learning_rate:g}, discriminator {config.discriminator_learning_rate:g}"),
        ("scored", f"weights averaged by {config.ema:g} a step, on {config.test} test digits"),
    ]
    return table(["what", "how"], rows)


def losses(results: Results) -> str:
    """The arms and the weights of their terms."""
    names = {"adversarial": "adversarial", "l2_hole": "L2", "l1_hole": "L1", "cycle": "cycle"}
    rows = [
        [f"`{arm}`", *(f"{weights.get(name, 0):g}" for name in names)]
        for arm, weights in results.losses.items()
    ]
    return table(["arm", *names.values()], rows)


def arms(results: Results) -> str:
    """The scores of every arm on test digits, and of what needs no network."""
    found = {
        f"`{arm}`": {name: results.scores(arm, name) for name in SCORES} for arm in results.losses
    }
    for name, scores in results.bounds.items():
        found[name] = {score: np.array([values], float) for score, values in scores.items()}
    rows = []
    for name, scores in found.items():
        l1, ssim = scores["l1"].mean(axis=1), scores["ssim"].mean(axis=1)
        decibels, read = psnr(scores["square"]), 100 * scores["read"].mean(axis=1)
        numbers = (spread(l1, 2), spread(decibels, 2), spread(ssim, 3), spread(read, 1))
        rows.append([name, *numbers])
    return table(["fill", "hole L1 %", "PSNR dB", "SSIM", "read right %"], rows)


def spread(seeds: np.ndarray, decimals: int) -> str:
    """Mean over the seeds ± their standard deviation, if there are several."""
    text = f"{seeds.mean():.{decimals}f}"
    return text if len(seeds) == 1 else f"{text} ± {seeds.std(ddof=1):.{decimals}f}"


def pairs(results: Results) -> str:
    """The combined arm against every other, paired: L1, SSIM, digits read."""
    rows = []
    for rival in results.losses:
        if rival == "combined":
            continue
        l1 = relative(results.scores("combined", "l1"), results.scores(rival, "l1"))
        ssim = difference(results.scores("combined", "ssim"), results.scores(rival, "ssim"))
        read = points(results, "combined", rival)
        found = [
            f"{per_cent(l1)}: {verdict(l1)}",
            "{:+.3f} [{:+.3f}, {:+.3f}]: ".format(*ssim) + verdict(ssim, less=False),
            "{:+.1f} [{:+.1f}, {:+.1f}]: ".format(*read) + verdict(read, less=False),
        ]
        rows.append([f"`{rival}`", *found])
    return table(["against", "hole L1", "SSIM", "read right, points"], rows)


def timings(results: Results) -> str:
    """Seconds of a step, and their ratio to the base's."""
    rows = []
    for arm, seconds in results.timings.items():
        ratio = median_ratio(seconds, results.timings["base"])
        text = "{:.3f} [{:.3f}, {:.3f}]".format(*ratio)
        rows.append([f"`{arm}`", f"{1000 * np.median(seconds):.1f}", text])
    return table(["arm", "ms a step, median", "ratio to `base`"], rows)


def table(heads: list[str], rows: list) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
