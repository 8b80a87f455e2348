"""Every method on the same holes of the same photographs -> table.csv, table.md, sheet.jpg."""

import csv
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np
from PIL import Image
from tqdm import tqdm

from inpainting.batch import pictures
from inpainting.errors import InpaintingError
from inpainting.evaluation.holes import medium_hole
from inpainting.evaluation.metrics import hole_l1, hole_psnr, sharpness
from inpainting.evaluation.peers import PEERS, OwnProcess
from inpainting.photo import read_photo
from inpainting.pipeline import Inpainter

METRICS = {"L1 %": hole_l1, "PSNR dB": hole_psnr, "sharpness": sharpness}
OURS = "ours"
SHEET_ROWS = 12  # photographs on the sheet


def evaluate(photos: Path, out: Path, source: str, size: int, limit: int, seed: int) -> str:
    """Score the eraser and its rivals; returns the Markdown table that it also writes.

    Each photograph gives its central square, scaled to `size`, and one medium hole. All scores are
    taken over the hole, on 8-bit pictures whose known part is the truth itself.
    """
    paths = pictures(photos)[: limit or None]
    if not paths:
        raise InpaintingError(f"no photographs in {photos}: name a folder with some")
    inpainter = Inpainter.from_pretrained(source)
    inpainter.warm_up()
    out.mkdir(parents=True, exist_ok=True)
    rows, strips = [], []
    with OwnProcess() as peers:
        for path in tqdm(paths, unit=" photos"):
            truth = central_square(read_photo(path).pixels, size)
            hole = medium_hole(seed, path.name, size)
            fills = {}
            for method in (*PEERS, OURS):
                if method == OURS:
                    fill, seconds = timed(inpainter, truth, hole)
                else:
                    fill, seconds = peers.run(method, np.where(hole[..., None], 0, truth), hole)
                fills[method] = np.where(hole[..., None], fill, truth)
                scores = {n: score(fills[method], truth, hole) for n, score in METRICS.items()}
                rows.append({"photo": path.name, "method": method, **scores, "seconds": seconds})
            if len(strips) < SHEET_ROWS:
                holed = np.where(hole[..., None], 255, truth)
                strips.append(np.concatenate([holed, *fills.values(), truth], axis=1))
    write(out, rows, strips)
    text = markdown(rows, len(paths), size)
    (out / "table.md").write_text(text)
    return text


def timed(inpainter: Inpainter, photo: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, float]:
    """Our own fill of exactly that hole, and its seconds."""
    start = perf_counter()
    return inpainter(photo, hole, margin=0), perf_counter() - start


def central_square(pixels: np.ndarray, size: int) -> np.ndarray:
    """The middle of a photograph, scaled to size x size x 3 uint8."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = pixels[top : top + side, left : left + side]
    if square.dtype == np.uint16:
        square = (square >> 8).astype(np.uint8)
    scaling = cv2.INTER_AREA if side > size else cv2.INTER_CUBIC
    return cv2.resize(square, (size, size), interpolation=scaling)


def write(out: Path, rows: list[dict], strips: list[np.ndarray]) -> None:
    """Every score as table.csv; the first photographs as sheet.jpg: hole | methods | truth."""
    with (out / "table.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    Image.fromarray(np.concatenate(strips)).save(out / "sheet.jpg", quality=90)


def markdown(rows: list[dict], photos: int, size: int) -> str:
    """The means by method."""
    columns = [*METRICS, "seconds"]
    lines = [f"{photos} photographs at {size} px, medium holes, means over the hole", ""]
    lines += ["| method | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for method in (*PEERS, OURS):
        own = [row for row in rows if row["method"] == method]
        means = [f"{np.mean([row[column] for row in own]):.2f}" for column in columns]
        lines.append(f"| {method} | " + " | ".join(means) + " |")
    return "\n".join(lines) + "\n"
