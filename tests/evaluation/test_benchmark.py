"""The whole evaluation on tiny pictures: every method, stopped, gone on with, nothing by luck."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.checkpoint import save
from inpainting.evaluation import benchmark
from inpainting.evaluation.benchmark import check_names, chosen, evaluate, named
from inpainting.evaluation.cases import CaseSettings
from inpainting.evaluation.peers import PEERS
from tests.test_generator import randomised

ROOT = Path(__file__).parent.parent.parent
STEMS = ("one", "three", "two")  # in the order of their names


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Three photographs, a mask and a rival's result for each, a pool of shapes, weights."""
    place = tmp_path_factory.mktemp("place")
    for folder in ("photos", "masks", "results", "pool"):
        (place / folder).mkdir()
    hole = np.zeros((48, 64), np.uint8)
    hole[10:30, 20:40] = 255
    for number, stem in enumerate(STEMS):
        small = np.random.default_rng(number).integers(0, 255, (6, 8, 3), np.uint8)
        photo = Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC)
        photo.save(place / f"photos/{stem}.png")
        Image.fromarray(np.roll(hole, 3 * number, axis=1)).save(place / f"masks/{stem}.png")
        soft = cv2.GaussianBlur(np.asarray(photo), (0, 0), 1)
        Image.fromarray(soft).save(place / f"results/{stem}.png")
    Image.fromarray(cv2.circle(np.zeros((64, 64), np.uint8), (30, 30), 12, 255, -1)).save(
        place / "pool/disc.png"
    )
    save(randomised(), place / "weights")
    return place


def objects(place: Path) -> CaseSettings:
    return CaseSettings(place / "photos", ("objects",), (64,), masks=place / "pool")


def given(place: Path) -> CaseSettings:
    return CaseSettings(place / "photos", ("given",), masks=place / "masks")


def scores(out: Path) -> dict:
    """(method, case) -> every score, without what two runs of one method may differ in."""
    found = {}
    for text in (out / "scores.jsonl").read_text().splitlines():
        line = json.loads(text)
        key = line.pop("method"), line.pop("case")
        found[key] = found.get(key, {}) | line
    return {
        key: {name: value for name, value in line.items() if name not in ("seconds", "peak MiB")}
        for key, line in found.items()
    }


def test_every_method_is_scored_costed_and_shown(place, tmp_path):
    text = evaluate(objects(place), chosen([], str(place / "weights")), {}, tmp_path, "patchmatch")
    assert text == (tmp_path / "table.md").read_text()
    methods = [*PEERS, "sinet", "gpnet", "ours"]
    assert all(f"| {method} | " in text for method in methods)
    found = scores(tmp_path)
    assert {key[0] for key in found} == {*methods, "truth"} and len(found) == 3 * 9
    ours = found["ours", "one-objects-64"]
    assert ours["parameters"] > found["sinet", "one-objects-64"]["parameters"] > 0
    assert ours["MACs"] > found["sinet", "one-objects-64"]["MACs"] > 0
    assert ours["MACs"] == found["gpnet", "one-objects-64"]["MACs"]
    settings = json.loads((tmp_path / "cases.json").read_text())["settings"]
    assert settings["seed"] == 0 and settings["kinds"] == ["objects"]
    assert {"ours", "telea"} < json.loads((tmp_path / "run.json").read_text()).keys()
    assert (tmp_path / "sheet-objects-64.jpg").exists()
    assert (tmp_path / "plot-objects-64.png").exists()


def test_results_are_composited_outside_the_hole_they_are_the_photo(place, tmp_path):
    evaluate(given(place), chosen(["telea"], str(place / "weights")), {}, tmp_path, "telea")
    for stem in STEMS:
        photo, fill = (
            np.asarray(Image.open(path).convert("RGB"))
            for path in (place / f"photos/{stem}.png", tmp_path / f"fills/ours/{stem}-given-0.png")
        )
        hole = np.asarray(Image.open(place / f"masks/{stem}.png")) > 0
        assert np.array_equal(fill[~hole], photo[~hole])
        assert (fill[hole] != photo[hole]).any()


def test_a_stopped_run_goes_on_where_it_stopped(place, tmp_path, monkeypatch):
    methods = chosen(["mean"], str(place / "weights"))
    evaluate(objects(place), methods, {}, tmp_path / "whole", "mean")
    measure, seen = benchmark.measure, []

    def stopping(record, case, todo, scorer):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(case.stem)
        measure(record, case, todo, scorer)

    monkeypatch.setattr(benchmark, "measure", stopping)
    with pytest.raises(KeyboardInterrupt):
        evaluate(objects(place), methods, {}, tmp_path / "halves", "mean")
    monkeypatch.setattr(benchmark, "measure", measure)
    before = (tmp_path / "halves/fills/mean/one-objects-64.png").stat().st_mtime_ns
    evaluate(objects(place), methods, {}, tmp_path / "halves", "mean")
    assert seen == ["one", "three"]
    assert scores(tmp_path / "halves") == scores(tmp_path / "whole")
    assert (tmp_path / "halves/fills/mean/one-objects-64.png").stat().st_mtime_ns == before


def test_a_finished_run_starts_no_method_but_for_a_deleted_fill(place, tmp_path, monkeypatch):
    methods = chosen(["mean", "telea"], str(place / "weights"))
    text = evaluate(objects(place), methods, {}, tmp_path, "telea")
    own, started = benchmark.OwnProcess, []

    class Counted(own):
        def __enter__(self):
            started.append(self.method.name)
            return super().__enter__()

    monkeypatch.setattr(benchmark, "OwnProcess", Counted)
    assert evaluate(objects(place), methods, {}, tmp_path, "telea") == text and not started
    (tmp_path / "fills/telea/two-objects-64.png").unlink()
    before = scores(tmp_path)
    evaluate(objects(place), methods, {}, tmp_path, "telea")
    assert started == ["telea"] and scores(tmp_path) == before


def test_a_method_more_is_added_to_a_finished_run(place, tmp_path):
    weights = str(place / "weights")
    evaluate(objects(place), chosen(["mean"], weights), {}, tmp_path, "mean")
    before = scores(tmp_path)
    text = evaluate(objects(place), chosen(["mean", "ns"], weights), {}, tmp_path, "mean")
    assert "| ns | " in text
    assert {k: v for k, v in scores(tmp_path).items() if k[0] != "ns"} == before


def test_other_weights_in_the_same_folder_are_noticed(place, tmp_path):
    weights = tmp_path / "weights"
    save(randomised(), weights)
    evaluate(objects(place), chosen(["mean"], str(weights)), {}, tmp_path / "out", "mean")
    save(randomised(seed=1), weights)
    with pytest.raises(InpaintingError, match="measured with other ours"):
        evaluate(objects(place), chosen(["mean"], str(weights)), {}, tmp_path / "out", "mean")


def test_somebodys_results_are_scored_beside_the_live_ones(place, tmp_path):
    methods, results = chosen(["telea"], str(place / "weights")), {"rival": place / "results"}
    text = evaluate(given(place), methods, results, tmp_path, "rival")
    assert "x rival" in text and "| telea | " in text
    assert scores(tmp_path)["rival", "one-given-0"]["PSNR dB"] > 20


def test_a_deleted_result_is_missed_by_name(place, tmp_path):
    (tmp_path / "results").mkdir()
    for stem in STEMS[1:]:
        picture = (place / f"results/{stem}.png").read_bytes()
        (tmp_path / f"results/{stem}.png").write_bytes(picture)
    methods = chosen(["mean"], str(place / "weights"))
    with pytest.raises(InpaintingError, match="no result of rival for one: add them"):
        evaluate(given(place), methods, {"rival": tmp_path / "results"}, tmp_path / "out", "mean")


def test_a_flipped_mask_is_noticed(place, tmp_path):
    """A rival filled the white part; told that black is the hole, its known part is another."""
    (tmp_path / "results").mkdir()
    for stem in STEMS:
        picture = np.array(Image.open(place / f"photos/{stem}.png"))
        picture[np.asarray(Image.open(place / f"masks/{stem}.png")) > 0] ^= 255
        Image.fromarray(picture).save(tmp_path / f"results/{stem}.png")
    flipped = CaseSettings(place / "photos", ("given",), masks=place / "masks", black_holes=True)
    methods, results = chosen(["mean"], str(place / "weights")), {"rival": tmp_path / "results"}
    evaluate(given(place), methods, results, tmp_path / "right", "mean")
    with pytest.raises(InpaintingError, match="rival's one.png differs .* polarity reversed"):
        evaluate(flipped, methods, results, tmp_path / "wrong", "mean")


def test_a_method_that_is_too_slow_ends_the_run_by_name(place, tmp_path):
    methods = chosen(["patchmatch"], str(place / "weights"))
    with pytest.raises(InpaintingError, match="gave no answer in 1e-06 s"):
        evaluate(objects(place), methods, {}, tmp_path, "ours", limit=1e-6)


@pytest.mark.parametrize(
    "names, against, words",
    [
        (["mean", "mean"], "mean", "'mean' cannot name another method"),
        (["truth", "ours"], "ours", "'truth' cannot name another method"),
        (["scores", "ours"], "ours", "'scores' cannot name another method"),
        (["a/b", "ours"], "ours", "called 'a/b', which no folder can be"),
        (["mean", "ours"], "telea", "'telea', expected one of mean, ours"),
    ],
)
def test_names_that_do_not_serve(names, against, words):
    with pytest.raises(InpaintingError, match=words):
        check_names(names, against)


def test_methods_by_their_names():
    assert [method.name for method in chosen([], "w")] == [*PEERS, "sinet", "gpnet", "ours"]
    lama, ours = chosen(["lama=big-lama.pt", "ours"], "w")
    assert (lama.name, lama.kind, lama.source) == ("lama", "file", "big-lama.pt")
    assert (ours.name, ours.kind, ours.source) == ("ours", "checkpoint", "w")
    with pytest.raises(InpaintingError, match="no peer 'lama', expected mean, .* name=file.pt"):
        chosen(["lama"], "w")


def test_results_by_their_names():
    assert named(["migan=a/b"]) == {"migan": Path("a/b")}
    for text in ("migan", "migan=", "=a/b"):
        with pytest.raises(InpaintingError, match="expected name=folder"):
            named([text])
    with pytest.raises(InpaintingError, match="two results are called 'a'"):
        named(["a=b", "a=c"])


def test_the_command_prints_the_table_and_refuses_in_one_sentence(place, tmp_path):
    command = [sys.executable, "-m", "inpainting", "evaluate", "--photos", place / "photos"]
    command += ["--holes", "objects", "--size", "64", "--checkpoint", place / "weights"]
    command += ["--peer", "mean", "--against", "mean", "--out", tmp_path]
    refused = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 1 and len(refused.stderr.strip().splitlines()) == 1
    assert "--holes objects came without the files" in refused.stderr
    command += ["--masks", place / "pool"]
    done = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (tmp_path / "table.md").read_text().strip()
