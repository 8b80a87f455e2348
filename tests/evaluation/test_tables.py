"""Tables: the means are those of the scores, the best is bold, what does not apply is a dash."""

from functools import partial
from itertools import product
from pathlib import Path

import pytest

from inpainting.evaluation.cases import KINDS, Case
from inpainting.evaluation.groups import Group
from inpainting.evaluation.record import TRUTH
from inpainting.evaluation.tables import (
    HEADINGS,
    bands,
    complaints,
    costs,
    differences,
    markdown,
    nearness,
    rows,
)

NAN = float("nan")


def group(scores: dict, kind="objects", size=64, areas=(), distances=None) -> Group:
    """scores: method -> score -> its value on each case, None where it is not known."""
    count = max(len(values) for of in scores.values() for values in of.values())
    areas = areas or [0.1] * count
    cases = [Case(Path(), f"{n}", f"{n}", kind, size, area) for n, area in enumerate(areas)]
    lines = {
        method: [{name: values[n] for name, values in of.items()} for n in range(count)]
        for method, of in scores.items()
    }
    methods = [method for method in scores if method != TRUTH]
    return Group(kind, size, cases, methods, lines, distances or {})


def cells(table: str) -> dict[tuple[str, str], str]:
    """A Markdown table -> (method, column) -> text."""
    (_, *columns), _, *body = (
        [text.strip() for text in line.strip("|").split("|")] for line in table.splitlines()
    )
    return {
        (method, column): text
        for method, *texts in body
        for column, text in zip(columns, texts, strict=True)
    }


def test_nearness_is_the_mean_with_its_interval_by_hand():
    """Of two values the interval goes from one to the other: see test_intervals."""
    scores = {"PSNR dB": [20, 30], "L1 %": [3, 4], "SSIM": [0.5, 0.7], "ST-LPIPS": [0.1, 0.2]}
    scores |= {"image ST-LPIPS": [0.01, 0.04]}
    worse = {"PSNR dB": [19, 19], "L1 %": [9, 9], "SSIM": [0.1, 0.1], "ST-LPIPS": [1, 1]}
    worse |= {"image ST-LPIPS": [2, 4]}
    found = cells(nearness(group({"a": worse, "ours": scores})))
    assert [text for (method, _), text in found.items() if method == "ours"] == [
        "**25.00 [20.00, 30.00]**",
        "**3.50 [3.00, 4.00]**",
        "**0.600 [0.500, 0.700]**",
        "**0.1500 [0.1000, 0.2000]**",
        "**0.0250**",
        "–",
        "–",
    ]
    assert found["a", "PSNR dB"] == "19.00 [19.00, 19.00]"
    assert found["a", "image ST-LPIPS"] == "3.0000"


def test_distances_between_sets_stand_beside_the_means():
    distances = {"a": {"FD-EffNet": 12.345678, "KD-EffNet x1000": -0.1}}
    distances["b"] = {"FD-EffNet": 1.2, "KD-EffNet x1000": 0.0}
    found = cells(nearness(group({"a": {"L1 %": [1]}, "b": {"L1 %": [1]}}, distances=distances)))
    assert found["a", "FD-EffNet"] == "12.35" and found["b", "FD-EffNet"] == "**1.20**"
    assert found["a", "KD-EffNet x1000"] == "**-0.10**" and found["b", "KD-EffNet x1000"] == "0.00"


@pytest.mark.parametrize(
    "draw, column, best, other",
    [
        (nearness, "PSNR dB", 25, 20),
        (nearness, "L1 %", 5, 6),
        (nearness, "SSIM", 0.9, 0.8),
        (nearness, "ST-LPIPS", 0.1, 0.2),
        (nearness, "image ST-LPIPS", 0.1, 0.2),
        (complaints, "sharpness", 0.7, 1.5),
        (complaints, "sharpness", 1.2, 0.7),
        (complaints, "seam", 0.9, 1.2),
        (complaints, "seam", 1.2, 0.7),
        (complaints, "shift %", 1, 2),
        (complaints, "ghost", 0.1, 0.2),
    ],
)
def test_the_best_is_bold_wherever_it_stands(draw, column, best, other):
    for order in (["good", "bad"], ["bad", "good"]):
        scores = {"good": {column: [best]}, "bad": {column: [other]}}
        found = cells(draw(group({method: scores[method] for method in order})))
        assert found["good", column].startswith("**") and found["good", column].endswith("**")
        assert "*" not in found["bad", column]


@pytest.mark.parametrize("column, a, b, c", [("seam", 0.5, 1.5, 1.75), ("shift %", 2, 2, 3)])
def test_of_equals_both_are_bold(column, a, b, c):
    scores = {"a": {column: [a]}, "b": {column: [b]}, "c": {column: [c]}}
    found = cells(complaints(group(scores)))
    assert [method for (method, _), text in found.items() if "*" in text] == ["a", "b"]


def test_the_truth_is_never_bold_and_takes_it_from_nobody():
    natural = {"sharpness": [1], "seam": [1], "shift %": [0]}
    scores = {"sharpness": [0.3], "seam": [1.4], "shift %": [9], "ghost": [0.5]}
    found = cells(complaints(group({"ours": scores, TRUTH: natural}, "twins")))
    assert [m for m, _ in found] == ["ours"] * 4 + [TRUTH] * 4
    assert found["ours", "sharpness"] == "**0.30 [0.30, 0.30]**"
    assert found["ours", "seam"] == "**1.40 [1.40, 1.40]**"
    assert found["ours", "shift %"] == "**9.00 [9.00, 9.00]**"
    assert found[TRUTH, "sharpness"] == "1.00 [1.00, 1.00]"
    assert found[TRUTH, "shift %"] == "0.00 [0.00, 0.00]"


@pytest.mark.parametrize("missing", [None, NAN])
@pytest.mark.parametrize(
    "draw, column, dash",
    [
        (nearness, "PSNR dB", "–"),
        (nearness, "image ST-LPIPS", "–"),
        (complaints, "ghost", "–"),
        (partial(costs, against="known"), "seconds", "–"),
        (partial(costs, against="known"), "x known", "–"),
        (partial(costs, against="known"), "peak MiB", "–"),
        (partial(costs, against="known"), "parameters M", "–"),
        (partial(costs, against="known"), "GMACs", "–"),
        (bands, "5-10 % (2)", "– / –"),
    ],
)
def test_what_nobody_knows_is_a_dash_and_not_bold(draw, column, dash, missing):
    names = {"parameters M": "parameters", "GMACs": "MACs", "x known": "seconds"}
    known = {names.get(column, column): [2e9, 4e9], "PSNR dB": [2, 4]}
    unknown = dict.fromkeys(known, [missing] * 2)
    found = cells(draw(group({"unknown": unknown, "known": known}, "twins")))
    assert found["unknown", column] == dash
    assert any(digit in found["known", column] for digit in "123456789")


@pytest.mark.parametrize("draw, column", [(nearness, "L1 %"), (complaints, "ghost")])
def test_a_rival_without_the_score_takes_the_bold_from_nobody(draw, column):
    scores = {"none": [None], "a": [3], "b": [2], "none too": [None]}
    found = cells(draw(group({m: {column: values} for m, values in scores.items()})))
    assert [m for (m, _), text in found.items() if "*" in text] == ["b"]


def test_a_value_missing_on_one_case_is_left_out_of_the_mean():
    found = cells(nearness(group({"a": {"L1 %": [1, None, 3], "image ST-LPIPS": [1, NAN, 3]}})))
    assert found["a", "L1 %"] == "**2.00 [1.00, 3.00]**"
    assert found["a", "image ST-LPIPS"] == "**2.0000**"


def test_columns_that_apply_to_no_method_are_left_out_of_the_complaints():
    natural = {"sharpness": [1], "seam": [1], "shift %": [0], "ghost": [None]}
    found = cells(complaints(group({"ours": natural, TRUTH: natural})))
    assert [column for method, column in found if method == "ours"] == [
        "sharpness",
        "seam",
        "shift %",
    ]


def test_differences_are_paired_and_to_the_rival_which_is_left_out():
    names = ("PSNR dB", "L1 %", "SSIM", "ST-LPIPS")
    values = {"a": [20, 30], "ours": [10, 25], "b": [10, 25]}
    scores = {method: dict.fromkeys(names, pair) for method, pair in values.items()}
    found = cells(differences(group(scores), "ours"))
    assert found["a", "PSNR dB"] == "+7.50 [+5.00, +10.00]"
    assert found["b", "L1 %"] == "+0.00 [+0.00, +0.00]"
    assert {method for method, _ in found} == {"a", "b"}
    assert {column for _, column in found} == {*names}
    found = cells(differences(group(scores), "a"))
    assert found["ours", "SSIM"] == "-7.500 [-10.000, -5.000]"


def test_of_seconds_the_median_and_the_median_of_paired_ratios():
    """Ratios 1/2, 2, 1/2; the medians' own is 4/2, the means' 11/16."""
    scores = {"a": {"seconds": [1, 4, 6]}, "ours": {"seconds": [2, 2, 12]}}
    found = cells(costs(group(scores), "ours"))
    assert found["a", "seconds"] == "4.000" and found["ours", "seconds"] == "2.000"
    assert found["a", "x ours"] == "0.50" and found["ours", "x ours"] == "1.00"
    assert cells(costs(group(scores), "a"))["ours", "x a"] == "2.00"


def test_a_ratio_needs_the_seconds_of_both():
    scores = {"a": [1, 4, None, 9], "b": [None] * 4, "ours": [2, None, 3, 3]}
    found = cells(costs(group({m: {"seconds": values} for m, values in scores.items()}), "ours"))
    assert found["a", "x ours"] == "1.75" and found["a", "seconds"] == "4.000"
    assert found["b", "x ours"] == "–"


def test_of_memory_the_peak_and_of_networks_the_size_told_once():
    scores = {"peak MiB": [100, 300.4, 200], "parameters": [6_140_000, None, None]}
    scores |= {"MACs": [12.36e9, None, None]}
    found = cells(costs(group({"ours": scores}), "ours"))
    assert found["ours", "peak MiB"] == "300"
    assert found["ours", "parameters M"] == "6.1" and found["ours", "GMACs"] == "12.4"


def test_bands_hold_the_means_of_their_own_cases():
    scores = {"ST-LPIPS": [0.1, 0.5, 0.3], "PSNR dB": [30, 10, 20]}
    found = cells(bands(group({"ours": scores}, areas=[0.01, 0.4, 0.02])))
    assert found == {("ours", "0-5 % (2)"): "0.200 / 25.0", ("ours", "30-50 % (1)"): "0.500 / 10.0"}


def blocks(text: str) -> list[str]:
    """The first words of each paragraph of a text that is no table."""
    return [part.partition(" ")[0] for part in text.split("\n\n") if not part.startswith("|")]


NEAR = {"PSNR dB": [20, 30], "L1 %": [3, 4], "SSIM": [0.5, 0.7], "ST-LPIPS": [0.1, 0.2]}
ALONE = {"sharpness": [1, 2], "seam": [1, 2], "shift %": [1, 2]}


def test_all_tables_of_a_group_with_truth_bands_if_there_are_two():
    scores = {"a": NEAR | ALONE, "ours": NEAR | ALONE, TRUTH: ALONE}
    text = markdown(group(scores), "ours")
    assert text.startswith("### Holes of objects' shapes: 2 photographs at 64 px\n")
    assert blocks(text) == ["###", "Nearness", "Difference", "What", "Costs:"]
    for table in (nearness(group(scores)), differences(group(scores), "ours")):
        assert table in text
    for table in (complaints(group(scores)), costs(group(scores), "ours")):
        assert table in text
    wide = group(scores, areas=[0.01, 0.4])
    assert blocks(markdown(wide, "ours"))[-1] == "ST-LPIPS" and bands(wide) in markdown(
        wide, "ours"
    )


def test_a_removal_has_complaints_and_costs_alone():
    removal = group({"a": ALONE, "ours": ALONE}, "removal", size=0, areas=[0.01, 0.4])
    text = markdown(removal, "ours")
    assert text.startswith("### Object removals: 2 photographs in their own size\n")
    assert blocks(text) == ["###", "What", "Costs:"]
    assert "PSNR" not in text and TRUTH not in {method for method, _ in cells(complaints(removal))}


def test_every_kind_has_a_heading():
    assert [*HEADINGS] == [*KINDS] and len({*HEADINGS.values()}) == len(KINDS)


def known(table: list[dict], *columns: str) -> dict:
    """(band, method, score) -> those columns."""
    found = {(row["band"], row["method"], row["score"]): row for row in table}
    assert len(found) == len(table)
    return {key: tuple(row[column] for column in columns) for key, row in found.items()}


def test_rows_count_average_and_pair_for_each_band_by_hand():
    scores = {
        "a": {"L1 %": [1, 3, 8], "seconds": [None] * 3},
        "ours": {"L1 %": [2, 2, 2], "seconds": [1, 2, 6]},
        TRUTH: {"seam": [1, 1, 4], "L1 %": [None] * 3},
    }
    table = rows(group(scores, areas=[0.02, 0.01, 0.4]), "ours")
    found = known(table, "cases", "mean", "difference")
    no_pair = pytest.approx(NAN, nan_ok=True)
    assert found == {
        ("all", "a", "L1 %"): (3, 4, 2),
        ("all", "ours", "L1 %"): (3, 2, 0),
        ("all", "ours", "seconds"): (3, 3, 0),
        ("all", TRUTH, "seam"): (3, 2, no_pair),
        ("0-5 %", "a", "L1 %"): (2, 2, 0),
        ("0-5 %", "ours", "L1 %"): (2, 2, 0),
        ("0-5 %", "ours", "seconds"): (2, 1.5, 0),
        ("0-5 %", TRUTH, "seam"): (2, 1, no_pair),
        ("30-50 %", "a", "L1 %"): (1, 8, 6),
        ("30-50 %", "ours", "L1 %"): (1, 2, 0),
        ("30-50 %", "ours", "seconds"): (1, 6, 0),
        ("30-50 %", TRUTH, "seam"): (1, 4, no_pair),
    }
    intervals = known(table, "low", "high", "from", "to")
    assert intervals["0-5 %", "a", "L1 %"] == (1, 3, -1, 1)
    assert {(row["kind"], row["size"], row["against"]) for row in table} == {
        ("objects", 64, "ours")
    }


def test_a_row_counts_the_cases_that_have_the_score():
    scores = {"a": {"seam": [1, None, 5]}, "ours": {"seam": [None, 2, 1]}}
    found = known(rows(group(scores), "ours"), "cases", "mean", "difference")
    assert found["all", "a", "seam"] == (2, 3, 4)


def test_a_score_that_no_case_of_a_band_has_is_no_row_there():
    scores = {"ours": {"seam": [1, 3, None], "L1 %": [1, 1, 1]}}
    found = known(rows(group(scores, areas=[0.02, 0.01, 0.4]), "ours"), "cases")
    assert {key[0] for key in found if key[2] == "seam"} == {"all", "0-5 %"}


def test_distances_between_sets_are_rows_of_all_cases_without_intervals():
    distances = {"ours": {"FD-EffNet": 3.5, "KD-EffNet x1000": 0.25}}
    of = group({"ours": {"L1 %": [1, 2]}}, areas=[0.02, 0.4], distances=distances)
    table = rows(of, "ours")
    found = known(table, "cases", "mean", "low", "high", "difference", "from", "to", "against")
    nothing = (None,) * 6
    assert {key: row for key, row in found.items() if "EffNet" in key[2]} == {
        ("all", "ours", "FD-EffNet"): (2, 3.5, *nothing),
        ("all", "ours", "KD-EffNet x1000"): (2, 0.25, *nothing),
    }
    assert all(row.keys() == table[0].keys() for row in table)


def test_every_method_band_and_score_that_applies_has_its_row():
    full = NEAR | ALONE | {"seconds": [1, 2], "peak MiB": [100, 200]}
    of = group({"a": full, "ours": full, TRUTH: ALONE}, areas=[0.02, 0.4])
    wanted = [*product(("a", "ours"), full), *product((TRUTH,), ALONE)]
    assert known(rows(of, "ours")).keys() == {
        (band, *key) for band in ("all", "0-5 %", "30-50 %") for key in wanted
    }
