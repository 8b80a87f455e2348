"""Groups: by kind and size, every case in one band of hole area, distances of sets where known."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting.evaluation.cases import Case
from inpainting.evaluation.distances import frechet_distance, kernel_distance
from inpainting.evaluation.features import picture_features
from inpainting.evaluation.groups import BANDS, Group, groups
from inpainting.evaluation.record import TRUTH, Record


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)


def case(name: str, kind: str = "removal", size: int = 0, area: float = 0.1) -> Case:
    return Case(Path(), name, name, kind, size, area)


def of_areas(*areas: float) -> Group:
    return Group("given", 0, [case(str(a), area=a) for a in areas], [], {}, {})


@pytest.fixture
def record(tmp_path) -> Record:
    return Record(tmp_path, {})


@pytest.fixture
def with_truth(tmp_path):
    """Make cases of a kind: the truth of the n-th is noise(n)."""

    def make(kind: str, count: int) -> list[Case]:
        cases = [Case(tmp_path / str(n), str(n), str(n), kind, 64, 0.1) for n in range(count)]
        for n, made in enumerate(cases):
            made.folder.mkdir()
            Image.fromarray(noise(n)).save(made.folder / "truth.png")
        return cases

    return make


def fill(record: Record, method: str, case: Case, picture: np.ndarray) -> None:
    path = record.fill_path(method, case)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path)


def test_cases_of_a_kind_and_size_come_together_in_their_order(record):
    cases = [
        case("z", "removal"),
        case("z2", "given", 96),
        case("z1", "given", 64),
        case("a", "removal"),
    ]
    found = groups(record, cases, [])
    assert [(g.kind, g.size, [c.name for c in g.cases]) for g in found] == [
        ("removal", 0, ["z", "a"]),
        ("given", 96, ["z2"]),
        ("given", 64, ["z1"]),
    ]
    assert [g.name for g in found] == ["removal", "given-96", "given-64"]
    assert [g.has_truth for g in found] == [False, True, True]


def test_values_are_in_the_cases_order_and_nan_where_nothing_is_known(record):
    cases = [case(name) for name in "abcd"]
    record.add("ours", cases[2], {"seam": 3, "seconds": 7})
    record.add("ours", cases[0], {"seam": 1})
    record.add("ours", cases[1], {"seam": float("nan"), "seconds": None})
    record.add(TRUTH, cases[3], {"seam": 4})
    (group,) = groups(record, cases, ["ours"])
    np.testing.assert_array_equal(group.values("ours", "seam"), [1, np.nan, 3, np.nan])
    np.testing.assert_array_equal(group.values("ours", "seconds"), [np.nan, np.nan, 7, np.nan])
    np.testing.assert_array_equal(group.values(TRUTH, "seam"), [np.nan, np.nan, np.nan, 4])
    assert group.values("ours", "ghost").dtype == float


def test_a_group_holds_the_lines_of_its_own_cases_alone(record):
    cases = [case("a"), case("b", "given", 64)]
    for number, one in enumerate(cases):
        record.add("ours", one, {"seam": number})
    first, second = groups(record, cases, ["ours"])
    assert first.values("ours", "seam").tolist() == [0]
    assert second.values("ours", "seam").tolist() == [1]


@pytest.mark.parametrize(
    "area, band",
    [
        (1e-6, "0-5 %"),
        (0.05, "0-5 %"),
        (0.0501, "5-10 %"),
        (0.1, "5-10 %"),
        (0.1001, "10-20 %"),
        (0.2, "10-20 %"),
        (0.2001, "20-30 %"),
        (0.3, "20-30 %"),
        (0.3001, "30-50 %"),
        (0.5, "30-50 %"),
        (0.5001, "50-100 %"),
        (1, "50-100 %"),
    ],
)
def test_a_border_belongs_to_the_band_below(area, band):
    found = of_areas(area).bands()
    assert {name: inside.tolist() for name, inside in found.items()} == {band: [True]}


def test_every_case_is_in_one_band_and_empty_bands_are_left_out():
    rng = np.random.default_rng(0)
    areas = [*BANDS[1:], *rng.uniform(0.001, 0.2, 50)]
    assert (sum(inside.astype(int) for inside in of_areas(*areas).bands().values()) == 1).all()
    found = of_areas(0.4, 0.02, 0.31).bands()
    assert {name: inside.tolist() for name, inside in found.items()} == {
        "0-5 %": [False, True, False],
        "30-50 %": [True, False, True],
    }


@pytest.mark.parametrize("kind, count", [("removal", 2), ("objects", 1)])
def test_no_truth_or_a_single_picture_has_no_distances(record, with_truth, kind, count):
    cases = with_truth(kind, count)
    for one in cases:
        fill(record, "ours", one, noise(9))
    (group,) = groups(record, cases, ["ours"])
    assert group.distances == {}


def test_the_truth_itself_is_at_no_distance(record, with_truth):
    cases = with_truth("objects", 3)
    for number, one in enumerate(cases):
        fill(record, "same", one, noise(number))
        fill(record, "grey", one, noise(number) // 4 + 90)
    (group,) = groups(record, cases, ["grey", "same"])
    assert group.distances["same"] == pytest.approx(
        {"FD-EffNet": 0, "KD-EffNet x1000": 0}, abs=1e-6
    )
    assert min(group.distances["grey"].values()) > 1e-3


def test_distances_are_between_the_sets_of_fills_and_of_truths(record, with_truth):
    cases = with_truth("objects", 2)
    for number, one in enumerate(cases):
        fill(record, "ours", one, noise(number) // 2)
    (group,) = groups(record, cases, ["ours"])
    x = picture_features(noise(number) // 2 for number in range(2))
    y = picture_features(noise(number) for number in range(2))
    assert group.distances == {
        "ours": {
            "FD-EffNet": pytest.approx(frechet_distance(x, y)),
            "KD-EffNet x1000": pytest.approx(1000 * kernel_distance(x, y)),
        }
    }
