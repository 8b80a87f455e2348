"""The contact sheet: photo | hole | each method | truth, the worst of ours first."""

import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inpainting.evaluation.cases import Case
from inpainting.evaluation.groups import Group
from inpainting.evaluation.record import Record

ROWS = 20  # cases on a sheet, chosen by their names' hash, not by taste
CELL = 208  # pixels, the longer side of a picture on the sheet
HEADING = 22  # pixels, for the names above the columns
PAINT = (255, 0, 128)  # the hole, as it is painted over the photo


def write_sheet(group: Group, record: Record, path: Path) -> None:
    """Draw the sheet of a group, ordered by the last method's ST-LPIPS (or its seam)."""
    cases = worst_first(group)
    heads = ["photo", "hole", *group.methods]
    heads += ["truth"] if group.has_truth else []
    strips = [heading(heads)] + [strip(case, group.methods, record) for case in cases]
    Image.fromarray(np.concatenate(strips)).save(path, quality=88)


def worst_first(group: Group) -> list[Case]:
    """Some cases by hash, the worst of the last method first."""
    score = "ST-LPIPS" if group.has_truth else "seam"
    values = np.nan_to_num(group.values(group.methods[-1], score))
    ordered = sorted(
        range(len(group.cases)), key=lambda i: zlib.crc32(group.cases[i].name.encode())
    )
    chosen = sorted(ordered[:ROWS], key=lambda i: (-values[i], group.cases[i].name))
    return [group.cases[i] for i in chosen]


def strip(case: Case, methods: list[str], record: Record) -> np.ndarray:
    """One row: h x (columns * CELL) x 3 uint8."""
    photo, hole, truth = case.photo(), case.hole(), case.truth()
    seen = photo if case.shows_object else truth
    painted = np.where(hole[..., None], np.uint8(PAINT), seen)
    fills = [np.asarray(Image.open(record.fill_path(method, case))) for method in methods]
    pictures = [seen, painted, *fills, *([] if truth is None else [truth])]
    return np.concatenate([cell(picture) for picture in pictures], axis=1)


def cell(picture: np.ndarray) -> np.ndarray:
    """A picture scaled into its place: CELL wide, its own height in proportion."""
    height, width = picture.shape[:2]
    scale = CELL / max(height, width)
    inside = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, inside, interpolation=cv2.INTER_AREA)
    right = CELL - inside[0]
    return cv2.copyMakeBorder(small, 2, 2, 0, right, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def heading(names: list[str]) -> np.ndarray:
    """The columns' names: HEADING x (columns * CELL) x 3 uint8."""
    line = Image.new("RGB", (CELL * len(names), HEADING), "white")
    draw, font = ImageDraw.Draw(line), ImageFont.load_default(15)
    for place, name in enumerate(names):
        draw.text((place * CELL + 4, 2), name, fill="black", font=font)
    return np.asarray(line)
