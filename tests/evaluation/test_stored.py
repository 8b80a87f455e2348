"""Results made elsewhere: found by stem, and refused by name when they are not of these cases."""

from math import isnan
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.evaluation.cases import Case
from inpainting.evaluation.stored import StoredResults

HOLE = np.zeros((48, 64), bool)
HOLE[16:32, 20:36] = True


def truth_of(stem: str) -> np.ndarray:
    """48x64x3 noise, another for each stem."""
    rng = np.random.default_rng(list(stem.encode()))
    return rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)


def case(folder: Path, stem: str, kind: str = "given") -> Case:
    """A case with its files: the hole black if given, the photograph untouched if removal."""
    name = f"{stem}-{kind}-0"
    (folder / name).mkdir(parents=True)
    truth = truth_of(stem)
    photo = truth if kind == "removal" else truth * ~HOLE[..., None]
    Image.fromarray(photo).save(folder / name / "photo.png")
    Image.fromarray(HOLE).save(folder / name / "hole.png")
    return Case(folder / name, name, stem, kind, 0, HOLE.mean())


def result_of(stem: str) -> np.ndarray:
    """The truth with grey in the hole."""
    return np.where(HOLE[..., None], 128, truth_of(stem)).astype(np.uint8)


@pytest.fixture
def cases(tmp_path) -> list[Case]:
    return [case(tmp_path / "cases", stem) for stem in "abc"]


@pytest.fixture
def results(tmp_path) -> Path:
    """A folder with a result for each case."""
    (tmp_path / "theirs").mkdir()
    for stem in "abc":
        Image.fromarray(result_of(stem)).save(tmp_path / f"theirs/{stem}.png")
    return tmp_path / "theirs"


def save(result: np.ndarray, path: Path) -> None:
    """Write a picture as its suffix says, without loss."""
    lossless = {"lossless": True} if path.suffix == ".webp" else {}
    Image.fromarray(result).save(path, **lossless)


@pytest.mark.parametrize("ending", [".png", ".PNG", ".webp", ".tif", ".bmp"])
def test_results_are_found_by_stem_in_any_order_and_with_any_ending(cases, results, ending):
    (results / "b.png").unlink()
    save(result_of("b"), results / f"b{ending}")
    save(result_of("a"), results / "0.png")
    stored = StoredResults("theirs", results, cases[::-1])
    for each in cases:
        assert np.array_equal(stored.of(each).picture, result_of(each.stem))


def test_nobody_knows_what_a_stored_result_took(cases, results):
    filled = StoredResults("theirs", results, cases).of(cases[0])
    assert isnan(filled.seconds) and isnan(filled.peak_mib)


def test_cases_without_a_result_are_named(cases, results):
    (results / "a.png").unlink()
    (results / "c.png").unlink()
    words = f"^{results} has no result of theirs for a, c: add them, or leave --results theirs out"
    with pytest.raises(InpaintingError, match=words):
        StoredResults("theirs", results, cases)


def test_a_sentence_names_five_cases_at_most(tmp_path, results):
    many = [case(tmp_path / "many", f"m{turn}") for turn in range(7)]
    with pytest.raises(InpaintingError, match="for m0, m1, m2, m3, m4 and 2 more: add them"):
        StoredResults("theirs", results, many)


def test_a_photograph_with_cases_of_two_kinds_is_named_once(tmp_path, cases, results):
    (results / "b.png").unlink()
    both = [*cases, case(tmp_path / "cases", "b", "removal")]
    with pytest.raises(InpaintingError, match="no result of theirs for b: add"):
        StoredResults("theirs", results, both)


@pytest.mark.parametrize("kind", ["thin", "medium", "thick", "objects", "twins", "shadows"])
def test_cases_that_were_made_here_are_refused(tmp_path, cases, results, kind):
    made = case(tmp_path / "cases", "a", kind)
    words = f"--results theirs goes with --holes given or removal, .* not with {kind}$"
    with pytest.raises(InpaintingError, match=words):
        StoredResults("theirs", results, [*cases, made])


def test_a_missing_folder_is_named(cases, tmp_path):
    words = f"results of theirs are to be in {tmp_path / 'nowhere'}: no such folder"
    with pytest.raises(InpaintingError, match=words):
        StoredResults("theirs", tmp_path / "nowhere", cases)


def test_two_results_of_one_stem_are_named(cases, results):
    save(result_of("a"), results / "a.bmp")
    with pytest.raises(InpaintingError, match="a.bmp and a.png in .*theirs have one stem"):
        StoredResults("theirs", results, cases)


def refused(cases: list[Case], folder: Path) -> str:
    """What is said of the result for the first case; those for the others serve."""
    stored = StoredResults("theirs", folder, cases)
    for each in cases[1:]:
        stored.of(each)
    with pytest.raises(InpaintingError) as told:
        stored.of(cases[0])
    return str(told.value)


def test_a_result_of_another_size_is_named_with_both_sizes(cases, results):
    save(result_of("a")[:, :-1], results / "a.png")
    words = f"{results / 'a.png'} is 63x48 of uint8, expected 64x48 of uint8 as its photograph"
    assert refused(cases, results) == words


def test_a_result_of_sixteen_bits_is_named(cases, results):
    Image.fromarray(result_of("a")[..., 0].astype(np.uint16) * 257).save(results / "a.png")
    assert "a.png is 64x48 of uint16, expected 64x48 of uint8" in refused(cases, results)


def test_a_result_filled_where_it_was_known_is_named(cases, results):
    save(np.where(HOLE[..., None], truth_of("a"), 128).astype(np.uint8), results / "a.png")
    told = refused(cases, results)
    assert told.startswith("theirs's a.png differs from the photograph outside its hole by ")
    assert "is its mask's polarity reversed? Here 1 / white = hole" in told


def test_a_result_of_another_photograph_is_named(cases, results):
    save(result_of("b"), results / "a.png")
    assert "theirs's a.png differs from the photograph" in refused(cases, results)


def test_small_losses_outside_the_hole_pass_and_any_fill_within(cases, results):
    lossy = np.clip(result_of("a").astype(int) + 5, 0, 255).astype(np.uint8)
    lossy[HOLE] = 255
    save(lossy, results / "a.png")
    stored = StoredResults("theirs", results, cases)
    assert np.array_equal(stored.of(cases[0]).picture, lossy)


@pytest.mark.parametrize("result", [truth_of, result_of], ids=["nothing erased", "erased"])
def test_a_removal_is_compared_outside_its_hole_alone(tmp_path, results, result):
    removal = case(tmp_path / "cases", "a", "removal")
    save(result("a"), results / "a.png")
    stored = StoredResults("theirs", results, [removal])
    assert np.array_equal(stored.of(removal).picture, result("a"))


def test_an_identity_follows_the_pictures_of_the_cases_alone(cases, results):
    before = StoredResults("theirs", results, cases).identity()
    assert before == StoredResults("theirs", results, cases[::-1]).identity()
    save(result_of("a"), results / "z.png")
    results = results.rename(results.with_name("moved"))
    assert StoredResults("others", results, cases).identity() == before


@pytest.mark.parametrize("stem", "abc")
def test_an_identity_changes_with_every_picture(cases, results, stem):
    before = StoredResults("theirs", results, cases).identity()
    changed = result_of(stem)
    changed[20, 30] += 1
    save(changed, results / f"{stem}.png")
    assert StoredResults("theirs", results, cases).identity() != before


def test_an_identity_changes_when_two_pictures_change_places(cases, results):
    before = StoredResults("theirs", results, cases).identity()
    save(result_of("a"), results / "b.png")
    save(result_of("b"), results / "a.png")
    assert StoredResults("theirs", results, cases).identity() != before
