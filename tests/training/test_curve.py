"""Curves are means of the lines of stats.jsonl; a loss that is not in every line has its own."""

import json

import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.training.curve import draw, read_curves


def test_a_point_is_the_mean_of_twenty_lines(tmp_path):
    lines = [{"step": i, "images": 4 * i, "l1": float(i)} for i in range(40)]
    lines[3]["rare"] = 7.0
    (tmp_path / "stats.jsonl").write_text("\n".join(map(json.dumps, lines)))
    curves = read_curves(tmp_path)
    assert curves["l1"][0].tolist() == [38, 118] and curves["l1"][1].tolist() == [9.5, 29.5]
    assert curves["rare"][0].tolist() == [12] and curves["rare"][1].tolist() == [7]
    draw([tmp_path], tmp_path / "curve.png")
    assert Image.open(tmp_path / "curve.png").size == (1000, 240)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(InpaintingError, match="no stats.jsonl"):
        draw([tmp_path], tmp_path / "curve.png")
