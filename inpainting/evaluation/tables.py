"""A group's scores as Markdown for people and as rows for table.csv."""

from collections.abc import Callable

import numpy as np

from inpainting.evaluation.groups import Group
from inpainting.evaluation.intervals import mean_interval, paired_difference
from inpainting.evaluation.record import TRUTH
from inpainting.evaluation.scores import SCORES, Score

NEAR = ("PSNR dB", "L1 %", "SSIM", "ST-LPIPS")  # to the truth, over the hole
COMPLAINTS = ("sharpness", "seam", "shift %", "ghost")
SETS = (Score("FD-EffNet", "less", 2), Score("KD-EffNet x1000", "less", 2))
BY_NAME = {score.name: score for score in (*SCORES, *SETS)}
NONE = "–"
HEADINGS = {
    "thin": "Thin holes",
    "medium": "Medium holes",
    "thick": "Thick holes",
    "objects": "Holes of objects' shapes",
    "twins": "Clean twins, the object painted over",
    "shadows": "Clean twins, the object and its shadow painted over",
    "given": "Given holes",
    "removal": "Object removals",
}


def rows(group: Group, against: str) -> list[dict]:
    """Every mean with its interval and its paired difference, for all cases and for each band."""
    everything = np.ones(len(group.cases), bool)
    table = []
    for band, inside in {"all": everything, **group.bands()}.items():
        for method in (*group.methods, TRUTH):
            for score in (*(score.name for score in SCORES), "seconds", "peak MiB"):
                values = group.values(method, score)[inside]
                if not np.isfinite(values).any():
                    continue
                row = {"kind": group.kind, "size": group.size, "band": band, "method": method}
                mean, low, high = mean_interval(values)
                row |= {"score": score, "cases": int(np.isfinite(values).sum())}
                row |= {"mean": mean, "low": low, "high": high, "against": against}
                other = group.values(against, score)[inside]
                mean, low, high = paired_difference(values, other)
                table.append(row | {"difference": mean, "from": low, "to": high})
    for method, found in group.distances.items():
        row = {"kind": group.kind, "size": group.size, "band": "all", "method": method}
        for score, value in found.items():
            nothing = dict.fromkeys(("low", "high", "against", "difference", "from", "to"))
            table.append(row | {"score": score, "cases": len(group.cases), "mean": value} | nothing)
    return table


def markdown(group: Group, against: str) -> str:
    """The group's tables: nearness, complaints, costs, differences, bands of hole area."""
    scaled = f"at {group.size} px" if group.size else "in their own size"
    photographs = f"{len(group.cases)} photograph{'s' if len(group.cases) > 1 else ''}"
    parts = [f"### {HEADINGS[group.kind]}: {photographs} {scaled}\n"]
    if group.has_truth:
        parts += ["Nearness to the truth over the hole, mean [95 % interval]:\n", nearness(group)]
        if len(group.methods) > 1:
            parts += [f"Difference to {against}, paired:\n", differences(group, against)]
    natural = " (the truth's own line is what is natural)" if group.has_truth else ""
    parts += [f"What people complain about{natural}:\n"]
    parts += [complaints(group)]
    parts += ["Costs:\n", costs(group, against)]
    if len(group.bands()) > 1 and group.has_truth:
        parts += ["ST-LPIPS and PSNR dB by the share of the picture that is hole:\n", bands(group)]
    return "\n".join(parts)


def nearness(group: Group) -> str:
    """Method x distance to the truth."""

    def cell(method: str, name: str) -> tuple[float, str]:
        if name in NEAR:
            return interval(group.values(method, name), BY_NAME[name])
        if name in BY_NAME and name not in group.distances.get(method, {}):
            return single(group.values(method, name), BY_NAME[name])
        value = group.distances.get(method, {}).get(name, np.nan)
        return value, number(value, BY_NAME[name].digits)

    columns = [*NEAR, "image ST-LPIPS", *(score.name for score in SETS)]
    return table(group.methods, columns, cell)


def complaints(group: Group) -> str:
    """Method x blur, seam, shift, ghost; the truth beside them."""
    columns = [n for n in COMPLAINTS if any(applies(group, m, n) for m in group.methods)]
    methods = [*group.methods, *([TRUTH] if applies(group, TRUTH, "sharpness") else [])]
    return table(methods, columns, lambda m, n: interval(group.values(m, n), BY_NAME[n]))


def differences(group: Group, against: str) -> str:
    """Method x paired difference to one of them."""

    def cell(method: str, name: str) -> tuple[float, str]:
        values = paired_difference(group.values(method, name), group.values(against, name))
        digits = BY_NAME[name].digits
        text = "{:+.{d}f} [{:+.{d}f}, {:+.{d}f}]".format(*values, d=digits)
        return np.nan, text

    return table([m for m in group.methods if m != against], NEAR, cell)


def costs(group: Group, against: str) -> str:
    """Method x seconds, ratio of seconds, memory, parameters, multiply-adds."""
    rival = group.values(against, "seconds")

    def cell(method: str, name: str) -> tuple[float, str]:
        seconds = group.values(method, "seconds")
        known = np.isfinite(seconds)
        if name == "seconds":
            return np.nan, number(np.median(seconds[known]) if known.any() else np.nan, 3)
        if name == f"x {against}":
            ratio = (seconds / rival)[known & np.isfinite(rival)]
            return np.nan, number(np.median(ratio) if ratio.size else np.nan, 2)
        column, unit, digits = {
            "peak MiB": ("peak MiB", 1, 0),
            "parameters M": ("parameters", 1e6, 1),
            "GMACs": ("MACs", 1e9, 1),
        }[name]
        values = group.values(method, column) / unit
        return np.nan, number(np.nanmax(values) if np.isfinite(values).any() else np.nan, digits)

    columns = ["seconds", f"x {against}", "peak MiB", "parameters M", "GMACs"]
    return table(group.methods, columns, cell)


def bands(group: Group) -> str:
    """Method x band: ST-LPIPS / PSNR over the hole."""
    found = group.bands()

    def cell(method: str, name: str) -> tuple[float, str]:
        inside = found[name.partition(" (")[0]]
        near, _ = single(group.values(method, "ST-LPIPS")[inside], BY_NAME["ST-LPIPS"])
        psnr, _ = single(group.values(method, "PSNR dB")[inside], BY_NAME["PSNR dB"])
        return np.nan, f"{number(near, 3)} / {number(psnr, 1)}"

    return table(
        group.methods, [f"{band} ({inside.sum()})" for band, inside in found.items()], cell
    )


def table(
    methods: list[str], columns: list[str], cell: Callable[[str, str], tuple[float, str]]
) -> str:
    """A Markdown table; the best of a column is bold.

    cell: (method, column) -> (value to compare by, or nan; text)
    """
    cells = {(m, c): cell(m, c) for m in methods for c in columns}
    lines = ["| method | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for method in methods:
        texts = []
        for column in columns:
            value, text = cells[method, column]
            rivals = [cells[m, column][0] for m in methods if m != TRUTH]
            best = method != TRUTH and is_best(value, rivals, column)
            texts.append(f"**{text}**" if best else text)
        lines.append(f"| {method} | " + " | ".join(texts) + " |")
    return "\n".join(lines) + "\n"


def is_best(value: float, all_values: list[float], column: str) -> bool:
    """Whether no other value of the column is better."""
    if column not in BY_NAME or not np.isfinite(value):
        return False
    worse = {"less": lambda v: v, "more": lambda v: -v, "one": lambda v: abs(v - 1)}
    rank = worse[BY_NAME[column].better]
    return rank(value) <= min(rank(other) for other in all_values if np.isfinite(other))


def applies(group: Group, method: str, name: str) -> bool:
    """Whether a method has that score on any case."""
    return bool(np.isfinite(group.values(method, name)).any())


def interval(values: np.ndarray, score: Score) -> tuple[float, str]:
    """Mean with its interval."""
    mean, low, high = mean_interval(values)
    if not np.isfinite(mean):
        return np.nan, NONE
    d = score.digits
    return mean, f"{mean:.{d}f} [{low:.{d}f}, {high:.{d}f}]"


def single(values: np.ndarray, score: Score) -> tuple[float, str]:
    """Mean alone."""
    mean = values[np.isfinite(values)].mean() if np.isfinite(values).any() else np.nan
    return mean, number(mean, score.digits)


def number(value: float, digits: int) -> str:
    """With so many digits after the point, or a dash."""
    return f"{value:.{digits}f}" if np.isfinite(value) else NONE
