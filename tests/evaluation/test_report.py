"""The report of a run: text and numbers agree, the sheet shows what it says, the plot opens."""

import csv
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting.evaluation import sheet
from inpainting.evaluation.cases import Case, CaseSettings, prepare
from inpainting.evaluation.groups import Group
from inpainting.evaluation.plot import draw_plot
from inpainting.evaluation.record import TRUTH, Record
from inpainting.evaluation.report import report
from inpainting.evaluation.sheet import HEADING, worst_first, write_sheet
from tests.evaluation.test_tables import cells

MAGENTA = [255, 0, 128]
METHODS = ["mean", "ours"]
LEVELS = {"mean": 10, "ours": 240}  # the grey that each method answers with


def noise(seed: int, height: int = 64, width: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def made(folder: Path, kinds: tuple[str, ...], *photos: np.ndarray) -> tuple[Record, list[Case]]:
    """A run's folder with plain fills and no scores; photos are called a, b, c."""
    for name, photo in zip("abc", photos, strict=False):
        mask = np.zeros(photo.shape[:2], bool)
        mask[8:24, 4:28] = True
        for part, picture in (("photos", photo), ("masks", mask)):
            (folder / part).mkdir(exist_ok=True)
            Image.fromarray(picture).save(folder / part / f"{name}.png")
    cutout = np.full((30, 30, 4), (200, 30, 30, 255), np.uint8)
    cutout[:5, :5] = 0
    (folder / "cutouts").mkdir()
    Image.fromarray(cutout).save(folder / "cutouts/thing.png")
    sources = {"masks": folder / "masks", "cutouts": folder / "cutouts"}
    cases = prepare(CaseSettings(folder / "photos", kinds, (64,), **sources), folder / "run")
    record = Record(folder / "run", {})
    for method in METHODS:
        for case in cases:
            path = record.fill_path(method, case)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full_like(case.photo(), LEVELS[method])).save(path)
    return record, cases


def scored(record: Record, case: Case, method: str, value: float, seconds: float | None) -> None:
    """The same number for every score that matters here."""
    scores = {"seam": value, "sharpness": value}
    scores |= {"ST-LPIPS": value, "PSNR dB": value} if case.has_truth else {}
    record.add(method, case, scores | {"seconds": seconds})


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Record, list[Case], str]:
    """Three photographs, objects' holes and removals, reported with all paired with ours."""
    folder = tmp_path_factory.mktemp("report")
    record, cases = made(folder, ("objects", "removal"), noise(0), noise(1), noise(2))
    for case in cases:
        scored(record, case, "mean", {"a": 3, "b": 1, "c": 2}[case.stem], 0.5)
        scored(record, case, "ours", {"a": 0.1, "b": 0.6, "c": 0.2}[case.stem], 2.0)
        record.add(TRUTH, case, {"seam": 1.0} if case.has_truth else {})
    return record, cases, report(record, cases, METHODS, "ours")


def table_of(record: Record) -> list[dict]:
    with (record.out / "table.csv").open() as file:
        return [*csv.DictReader(file)]


def test_the_text_is_the_file_and_has_every_group_in_order(run):
    record, _, text = run
    assert text == (record.out / "table.md").read_text(encoding="utf-8")
    assert [part for part in text.split("\n\n") if part.startswith("#")] == [
        "### Holes of objects' shapes: 3 photographs at 64 px",
        "### Object removals: 3 photographs in their own size",
    ]


def test_the_numbers_of_the_file_are_those_of_the_text_and_by_hand(run):
    record, _, text = run
    rows = [row for row in table_of(record) if row["band"] == "all"]
    found = {(row["kind"], row["method"], row["score"]): row for row in rows}
    near = cells(next(part for part in text.split("\n\n") if part.startswith("|")))
    for method, mean in (("mean", 2), ("ours", 0.3)):
        row = found["objects", method, "ST-LPIPS"]
        assert float(row["mean"]) == pytest.approx(mean) and row["cases"] == "3"
        mean, low, high = (float(row[name]) for name in ("mean", "low", "high"))
        written = f"{mean:.4f} [{low:.4f}, {high:.4f}]"
        assert near[method, "ST-LPIPS"].strip("*") == written
        distance = float(found["objects", method, "FD-EffNet"]["mean"])
        assert near[method, "FD-EffNet"].strip("*") == f"{distance:.2f}"
    assert float(found["objects", "mean", "ST-LPIPS"]["difference"]) == pytest.approx(1.7)
    assert float(found["removal", "mean", "seam"]["mean"]) == pytest.approx(2)
    assert ("removal", "ours", "ST-LPIPS") not in found


def test_each_group_has_a_sheet_and_a_plot_that_open(run):
    images = {path.name: read(path).shape[:2] for path in run[0].out.glob("*-*.*g")}
    assert images.keys() == {
        "sheet-objects-64.jpg",
        "sheet-removal.jpg",
        "plot-objects-64.png",
        "plot-removal.png",
    }
    assert images["sheet-objects-64.jpg"] == (22 + 3 * (208 + 4), 5 * 208)
    assert images["sheet-removal.jpg"] == (22 + 3 * (208 + 4), 4 * 208)


def test_all_are_paired_with_the_method_named(tmp_path):
    record, cases = made(tmp_path, ("objects",), noise(0))
    for method, value in (("mean", 1), ("ours", 3)):
        scored(record, cases[0], method, value, value)
    text = report(record, cases, METHODS, "ours")
    assert "Difference to ours, paired" in text and "| x ours |" in text and "x mean" not in text
    assert {row["against"] for row in table_of(record)} == {"ours"}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["objects", "removal"])
def test_a_single_case_works(tmp_path, kind):
    record, (case,) = made(tmp_path, (kind,), noise(0))
    for method in METHODS:
        scored(record, case, method, 0.5, 1.0)
    text = report(record, [case], METHODS, "ours")
    assert text.startswith("### ") and "0.50 [0.50, 0.50]" in text
    name = "removal" if kind == "removal" else "objects-64"
    assert read(record.out / f"sheet-{name}.jpg").shape[0] == 22 + 208 + 4


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """Draw the sheet of a run's only group, no picture scaled and none compressed."""
    monkeypatch.setattr(sheet, "CELL", 64)

    def draw(record: Record, cases: list[Case], methods: list[str]) -> np.ndarray:
        lines = {method: [record.line(method, case) for case in cases] for method in methods}
        group = Group(cases[0].kind, cases[0].size, cases, methods, lines, {})
        write_sheet(group, record, tmp_path / "sheet.png")
        return read(tmp_path / "sheet.png")

    return draw


def picture(drawn: np.ndarray, row: int, column: int) -> np.ndarray:
    """One 64x64 picture of a sheet: 2 white pixels are above and below each."""
    top, left = HEADING + row * 68 + 2, column * 64
    return drawn[top : top + 64, left : left + 64]


@pytest.mark.parametrize("kind, seen", [("objects", "truth"), ("twins", "photo")])
def test_a_row_is_photo_hole_methods_truth(tmp_path, drawn, kind, seen):
    """The photo is what somebody would hand in: with the object in it, not blotted out."""
    record, (case,) = made(tmp_path, (kind,), noise(0))
    found = drawn(record, [case], METHODS)
    assert found.shape == (HEADING + 68, 5 * 64, 3)
    given = read(case.folder / f"{seen}.png")
    assert np.array_equal(picture(found, 0, 0), given)
    assert (picture(found, 0, 2) == 10).all() and (picture(found, 0, 3) == 240).all()
    assert np.array_equal(picture(found, 0, 4), noise(0))
    assert (given != noise(0)).any() == (kind == "twins")


def test_a_removal_has_no_truth_to_show(tmp_path, drawn):
    record, (case,) = made(tmp_path, ("removal",), noise(0))
    found = drawn(record, [case], METHODS)
    assert found.shape == (HEADING + 68, 4 * 64, 3)
    assert np.array_equal(picture(found, 0, 0), noise(0))
    assert (picture(found, 0, 3) == 240).all()


@pytest.mark.parametrize("kind", ["objects", "twins", "given", "removal"])
def test_the_hole_is_magenta_and_the_photo_is_about_it(tmp_path, drawn, kind):
    record, (case,) = made(tmp_path, (kind,), noise(0))
    found = drawn(record, [case], METHODS)
    painted, photo = picture(found, 0, 1), picture(found, 0, 0)
    hole = np.asarray(Image.open(case.folder / "hole.png").convert("L")) > 0
    assert (painted[hole] == MAGENTA).all() and hole.any()
    assert np.array_equal(painted[~hole], photo[~hole]) and photo[~hole].any()


def test_every_column_has_its_name_above_it(tmp_path, drawn):
    """Of the methods' names, whose order is told by the wide m."""
    record, cases = made(tmp_path, ("given",), noise(0))
    heads, swapped = (
        np.split(drawn(record, cases, methods)[:HEADING], 5, axis=1)
        for methods in (["mean", "ours"], ["ours", "mean"])
    )
    photo, hole, mean, ours, truth = heads
    assert np.array_equal(swapped, [photo, hole, ours, mean, truth])
    ends = [np.nonzero((head < 128).any(axis=(0, 2)))[0].max() for head in heads]
    assert ends[2] > ends[3] > 4 and len({head.tobytes() for head in heads}) == 5


def order(found: np.ndarray) -> list[int]:
    """Which noise is the photo of each row."""
    count = (len(found) - HEADING) // 68
    photos = [picture(found, row, 0) for row in range(count)]
    return [next(s for s in range(3) if np.array_equal(noise(s), photo)) for photo in photos]


@pytest.mark.parametrize("kind", ["given", "removal"])
def test_the_worst_of_the_last_method_is_first(tmp_path, drawn, kind):
    record, cases = made(tmp_path, (kind,), noise(0), noise(1), noise(2))
    for case, mean, ours in zip(cases, (3, 1, 2), (0.1, 0.6, 0.2), strict=True):
        scored(record, case, "mean", mean, None)
        scored(record, case, "ours", ours, None)
    assert order(drawn(record, cases, ["mean", "ours"])) == [1, 2, 0]
    assert order(drawn(record, cases, ["ours", "mean"])) == [0, 2, 1]
    for case, ours in zip(cases, (0.2, 0.1, 0.6), strict=True):
        scored(record, case, "ours", ours, None)
    assert order(drawn(record, cases, ["mean", "ours"])) == [2, 0, 1]


def test_a_picture_of_its_own_size_keeps_its_proportions(tmp_path, drawn):
    """A wide one makes a low row, beside a tall one the sheet is white."""
    record, cases = made(tmp_path, ("given",), noise(0, 32, 64), noise(1, 64, 32))
    for case, ours in zip(cases, (2, 1), strict=True):
        scored(record, case, "ours", ours, None)
    found = drawn(record, cases, METHODS)
    assert found.shape == (HEADING + 36 + 68, 5 * 64, 3)
    assert np.array_equal(found[HEADING + 2 : HEADING + 34, :64], noise(0, 32, 64))
    tall = found[HEADING + 38 : HEADING + 102, :64]
    assert np.array_equal(tall[:, :32], noise(1, 64, 32)) and (tall[:, 32:] == 255).all()


def many(scores: Sequence[float | None]) -> Group:
    cases = [Case(Path(), f"{n:02}", f"{n:02}", "given", 0, 0.1) for n in range(len(scores))]
    lines = {"ours": [{"ST-LPIPS": score} for score in scores]}
    return Group("given", 0, cases, ["ours"], lines, {})


def test_twenty_are_shown_whatever_their_scores():
    rising, falling = (
        [c.name for c in worst_first(many(s))] for s in (range(50), range(50, 0, -1))
    )
    assert rising == sorted(rising, reverse=True) and falling == sorted(falling)
    assert {*rising} == {*falling} and len({*rising}) == 20
    assert {*rising} != {f"{n:02}" for n in range(20)}, "the first ones are of one folder"
    assert len(worst_first(many([1.0] * 20))) == 20 and len(worst_first(many([1.0] * 19))) == 19


def test_a_case_without_the_score_comes_last():
    scores = [None, 1.0, None, 3.0, None, 2.0, None]
    wanted = ["03", "05", "01", "00", "02", "04", "06"]
    assert [case.name for case in worst_first(many(scores))] == wanted


def plotted(path: Path, points: dict, kind: str = "given") -> np.ndarray:
    """points: method -> its ST-LPIPS and its seconds, on each case."""
    lines = {
        method: [{"ST-LPIPS": score, "seconds": seconds} for score, seconds in of]
        for method, of in points.items()
    }
    count = len(next(iter(lines.values())))
    cases = [Case(Path(), f"{n}", f"{n}", kind, 0, 0.1) for n in range(count)]
    draw_plot(Group(kind, 0, cases, [*points], lines, {}), path)
    image = Image.open(path)
    assert image.format == "PNG"
    return np.asarray(image)


@pytest.fixture
def plot(tmp_path):
    return partial(plotted, tmp_path / "plot.png")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "points, kind",
    [
        ({"one": [(0.1, 0.5)]}, "given"),
        ({"one": [(0.1, 0.5), (0.3, None), (None, 2.0)]}, "given"),
        ({"stored": [(0.1, None), (0.2, None)]}, "given"),
        ({"one": [(None, 0.5), (None, 0.7)]}, "removal"),
    ],
    ids=["single", "gaps", "stored", "removal"],
)
def test_a_plot_of_few_points_or_none_opens(plot, points, kind):
    assert plot(points, kind).std() > 1


THREE = [(0.1, 1.0), (0.3, 2.0), (0.2, 3.0)]


@pytest.mark.parametrize(
    "points",
    [
        {"one": [(0.2, 1.9), (0.3, 2.0), (0.1, 9.0)]},
        {"one": [(0.1, 1.0), (0.3, None), (0.2, 3.0)]},
        {"one": THREE, "stored": [(0.1, None)] * 3},
        {"one": THREE, "unscored": [(None, 1.0)] * 3},
    ],
    ids=["same median", "time not known", "stored", "unscored"],
)
def test_what_changes_neither_means_nor_medians_changes_no_plot(plot, points):
    """A method without seconds, which somebody stored, is in the tables alone."""
    assert np.array_equal(plot(points), plot({"one": THREE}))


@pytest.mark.parametrize(
    "points",
    [
        {"one": [(0.1, 1.0), (0.3, 2.2), (0.2, 3.0)]},
        {"one": [(0.1, 1.0), (0.3, 2.0), (0.3, 3.0)]},
        {"one": [(0.2, 1.0), (0.2, 2.0), (0.2, 3.0)]},
        {"two": THREE},
        {"one": THREE, "two": [(0.2, 5.0)] * 3},
    ],
    ids=["median", "mean", "interval", "name", "method"],
)
def test_what_differs_is_seen_in_the_plot(plot, points):
    assert not np.array_equal(plot(points), plot({"one": THREE}))
