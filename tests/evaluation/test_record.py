"""The record: what was scored comes back, whatever a kill cut off, and changes are told."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from inpainting import InpaintingError
from inpainting.evaluation import record
from inpainting.evaluation.cases import Case
from inpainting.evaluation.record import Record
from inpainting.evaluation.scores import Score

METHODS = {"telea": "cv2 4.10", "ours": "checkpoint abc"}


def case(stem: str) -> Case:
    return Case(Path("nowhere"), f"{stem}-thin-256", stem, "thin", 256, 0.2)


A, B = case("a"), case("b")


def opened(out: Path) -> Record:
    return Record(out, METHODS)


def test_values_come_back_after_reopening(tmp_path):
    first = opened(tmp_path)
    first.add("ours", A, {"L1 %": 1 / 3, "sha256": "ab"})
    first.add("telea", A, {"L1 %": 2, "parameters": None})
    for known in (first, opened(tmp_path)):
        assert known.line("ours", A) == {
            "method": "ours", "case": "a-thin-256", "L1 %": 1 / 3, "sha256": "ab",
        }  # fmt: skip
        assert known.line("telea", A)["L1 %"] == 2
        assert known.line("telea", A)["parameters"] is None
        assert known.line("ours", B) == known.line("mean", A) == {}


def test_later_lines_add_to_earlier_ones_and_replace_their_values(tmp_path):
    first = opened(tmp_path)
    first.add("ours", A, {"seam": 1.0, "shift %": 2.0})
    first.add("ours", B, {"seam": 9.0})
    opened(tmp_path).add("ours", A, {"seam": 3.0, "MACs": 4.0})
    line = opened(tmp_path).line("ours", A)
    assert (line["seam"], line["shift %"], line["MACs"]) == (3.0, 2.0, 4.0)


def test_what_does_not_apply_is_stored_as_null(tmp_path):
    first = opened(tmp_path)
    first.add("ours", A, {"seam": float("nan"), "shift %": 0.0, "sha256": "ab"})
    for known in (first, opened(tmp_path)):
        line = known.line("ours", A)
        assert (line["seam"], line["shift %"], line["sha256"]) == (None, 0.0, "ab")
    assert json.loads((tmp_path / "scores.jsonl").read_text())["seam"] is None


@pytest.mark.parametrize("second", ["b", "b}"])
def test_a_last_line_cut_anywhere_is_dropped_and_the_next_begins_afresh(tmp_path, second):
    """A brace in a photograph's name does not make half of a line a whole one."""
    opened(tmp_path).add("ours", A, {"seam": 1.0})
    path = tmp_path / "scores.jsonl"
    first = path.stat().st_size
    opened(tmp_path).add("ours", case(second), {"seam": 2.0})
    whole = path.read_bytes()
    for length in range(first, len(whole) - 1):
        path.write_bytes(whole[:length])
        known = opened(tmp_path)
        assert known.line("ours", case(second)) == {}
        known.add("telea", A, {"seam": 3.0})
        again = opened(tmp_path)
        assert again.line("ours", A)["seam"] == 1.0
        assert again.line("telea", A)["seam"] == 3.0


def test_a_last_line_that_lacks_only_its_end_is_kept(tmp_path):
    opened(tmp_path).add("ours", A, {"seam": 1.0})
    path = tmp_path / "scores.jsonl"
    path.write_text(path.read_text().rstrip("\n"))
    opened(tmp_path).add("ours", B, {"seam": 2.0})
    again = opened(tmp_path)
    assert [again.line("ours", each)["seam"] for each in (A, B)] == [1.0, 2.0]


@pytest.mark.parametrize("name", METHODS)
def test_another_identity_of_a_method_is_refused_by_name(tmp_path, name):
    opened(tmp_path)
    words = rf"{tmp_path} was measured with other {name} \({METHODS[name]}, now new\): name a new"
    with pytest.raises(InpaintingError, match=words):
        Record(tmp_path, METHODS | {name: "new"})
    opened(tmp_path)  # and the refused one was not written down


def test_a_method_may_come_later_or_stay_away_but_not_change_meanwhile(tmp_path):
    Record(tmp_path, {"telea": "cv2 4.10"}).add("telea", A, {"seam": 1.0})
    Record(tmp_path, {"ours": "checkpoint abc"})
    with pytest.raises(InpaintingError, match="other telea .cv2 4.10, now cv2 5."):
        Record(tmp_path, {"telea": "cv2 5"})
    assert opened(tmp_path).line("telea", A)["seam"] == 1.0


def test_other_scores_than_the_runs_are_refused(tmp_path, monkeypatch):
    opened(tmp_path)
    monkeypatch.setattr(record, "SCORES", (Score("seam", "one", 2), Score("FID", "less", 2)))
    with pytest.raises(InpaintingError, match="measured with other scores .*, now seam, FID.:"):
        opened(tmp_path)


@pytest.fixture
def scored(tmp_path) -> tuple[Record, Path]:
    """A record in which one method's fill of A was scored, read back; and that fill's file."""
    first = opened(tmp_path)
    path = first.fill_path("ours", A)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"fill")
    first.add("ours", A, {"seam": 1.0, "sha256": sha256(b"fill").hexdigest()})
    first.add("ours", B, {"parameters": 6})
    return opened(tmp_path), path


def test_nothing_is_lacking_of_what_was_scored(scored, tmp_path):
    known, path = scored
    assert path == tmp_path / "fills/ours/a-thin-256.png"
    assert not known.lacks("ours", A)


def test_what_was_never_scored_is_lacking_even_if_a_kill_left_its_fill(scored):
    known, path = scored
    path.with_name("b-thin-256.png").write_bytes(b"fill")
    assert known.lacks("ours", B) and known.lacks("telea", A)


def test_a_fill_that_was_deleted_is_lacking_until_it_is_scored_again(scored):
    known, path = scored
    path.unlink()
    assert known.lacks("ours", A)
    path.write_bytes(b"again")
    known.add("ours", A, {"sha256": sha256(b"again").hexdigest()})
    assert not known.lacks("ours", A)


def test_a_fill_that_was_changed_is_named_with_the_cure(scored):
    known, path = scored
    path.write_bytes(b"Fill")
    with pytest.raises(InpaintingError, match=f"^{path} is not what was scored: delete it"):
        known.lacks("ours", A)
