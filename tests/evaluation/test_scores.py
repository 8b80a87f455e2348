"""Scores of a result: which there are for which kind, over which region, perfect at the truth."""

import numpy as np
import pytest
from PIL import Image

from inpainting.evaluation import metrics
from inpainting.evaluation.cases import KINDS, Case
from inpainting.evaluation.scores import SCORES, Scorer

HOLE = np.zeros((48, 64), bool)
HOLE[16:32, 20:44] = True  # an eighth of the picture
ALONE = {"sharpness", "seam", "shift %"}
NEAR = {"PSNR dB", "L1 %", "SSIM", "ST-LPIPS"}
NEAR |= {f"image {name}" for name in NEAR}


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (48, 64, 3), np.uint8)


def filled(truth: np.ndarray, fill) -> np.ndarray:
    return np.where(HOLE[..., None], fill, truth).astype(np.uint8)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer()


@pytest.fixture
def case(tmp_path):
    def make(kind: str, truth: np.ndarray, shown=0) -> Case:
        """A case whose photo shows that in its hole: a black one, or an object."""
        pictures = {"photo": filled(truth, shown), "hole": HOLE, "truth": truth}
        for name in {*pictures} - ({"truth"} if kind == "removal" else set()):
            Image.fromarray(pictures[name]).save(tmp_path / f"{name}.png")
        return Case(tmp_path, "a", "a", kind, 0, HOLE.mean())

    return make


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "removal"])
def test_the_truth_is_perfect_wherever_there_is_one(scorer, case, kind):
    perfect = dict.fromkeys(NEAR, 0) | dict.fromkeys(("SSIM", "image SSIM"), 1)
    perfect |= dict.fromkeys(("PSNR dB", "image PSNR dB"), 10 * np.log10(255**2 / 1e-10))
    perfect |= {"ghost": 0} if kind in ("twins", "shadows") else {}
    scores = scorer.about(case(kind, noise(0), noise(1)))(noise(0))
    assert {name: scores[name] for name in perfect} == pytest.approx(perfect, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_the_scores_that_apply_to_it(scorer, case, kind):
    wanted = {"removal": ALONE, "twins": ALONE | NEAR | {"ghost"}}
    wanted["shadows"] = wanted["twins"]
    scores = scorer.about(case(kind, noise(0), noise(1)))(filled(noise(0), 90))
    assert scores.keys() == wanted.get(kind, ALONE | NEAR)
    assert np.isfinite([*scores.values()]).all()


def test_the_columns_are_all_that_is_given_once_each(scorer, case):
    given = set()
    for kind in KINDS:
        given |= scorer.about(case(kind, noise(0), noise(1)))(noise(0)).keys()
    assert sorted(score.name for score in SCORES) == sorted(given)


def test_over_the_hole_and_over_the_image_by_hand(scorer, case):
    """51 levels off in an eighth of the picture."""
    grey = np.full((48, 64, 3), 100, np.uint8)
    scores = scorer.about(case("given", grey))(filled(grey, 151))
    assert scores["L1 %"] == pytest.approx(20)
    assert scores["image L1 %"] == pytest.approx(20 / 8)
    assert scores["PSNR dB"] == pytest.approx(20 * np.log10(255 / 51))
    assert scores["image PSNR dB"] == pytest.approx(20 * np.log10(255 / 51) + 10 * np.log10(8))


def test_similarity_of_structure_is_over_the_hole_or_over_the_image(scorer, case):
    result = filled(noise(0), noise(1))
    scores = scorer.about(case("given", noise(0)))(result)
    assert scores["SSIM"] == pytest.approx(metrics.ssim(result, noise(0), HOLE))
    assert scores["image SSIM"] == pytest.approx(metrics.ssim(result, noise(0)))
    assert scores["SSIM"] < scores["image SSIM"] - 0.2


def test_st_lpips_is_its_maps_mean_over_the_hole_and_the_published_score_of_the_image(scorer, case):
    result = filled(noise(0), 90)
    a, b = (scorer.similarity.features(picture) for picture in (result, noise(0)))
    scores = scorer.about(case("given", noise(0)))(result)
    wanted = scorer.similarity.distance_map(a, b, (48, 64))[16:32, 20:44].mean()
    assert scores["ST-LPIPS"] == pytest.approx(wanted)
    assert scores["image ST-LPIPS"] == pytest.approx(scorer.similarity.distance(a, b))
    assert scores["ST-LPIPS"] > 1.5 * scores["image ST-LPIPS"]


@pytest.mark.parametrize("kind", ["given", "removal"])
def test_what_people_complain_about_is_seen_in_the_result_by_hand(scorer, case, kind):
    """51 too red: a step of 17 in the mean of the channels, where there are none else."""
    grey = np.full((48, 64, 3), 100, np.uint8)
    scores = scorer.about(case(kind, grey))(filled(grey, (151, 100, 100)))
    assert scores["seam"] == pytest.approx(17 + 1)
    assert scores["shift %"] == pytest.approx(100 * 51 / 255 / 3)
    assert scores["sharpness"] == 1


@pytest.mark.parametrize("kind", ["twins", "shadows"])
@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_the_ghost_is_the_share_of_the_object_that_is_left(scorer, case, kind, share):
    about = scorer.about(case(kind, noise(0), noise(1)))
    result = filled(noise(0), np.round((1 - share) * noise(0) + share * noise(1)))
    assert about(result)["ghost"] == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("kind", ["objects", "twins"])
def test_what_is_natural_is_read_off_the_truth_by_hand(scorer, case, kind):
    grey = np.full((48, 64, 3), 100, np.uint8)
    natural = scorer.about(case(kind, grey, noise(1))).of_truth()
    assert natural == pytest.approx({"sharpness": 1, "seam": 1, "shift %": 0})


def test_the_better_way_of_each_column_is_the_truths_way(scorer, case):
    """A red object in noise is flat, has an edge and a colour of its own."""
    about = scorer.about(case("twins", noise(0), (255, 0, 0)))
    best, worst = about(noise(0)), about(filled(noise(0), (255, 0, 0)))
    for score in SCORES:
        a, b = best[score.name], worst[score.name]
        assert {"less": a < b, "more": a > b, "one": abs(a - 1) < abs(b - 1)}[score.better], score


def test_the_truth_is_looked_at_once_for_all_results(scorer, case, monkeypatch):
    seen, features = [], scorer.similarity.features
    monkeypatch.setattr(scorer.similarity, "features", lambda p: seen.append(p) or features(p))
    about = scorer.about(case("given", noise(0)))
    about(filled(noise(0), 90)), about(filled(noise(0), 0))
    assert [np.array_equal(picture, noise(0)) for picture in seen] == [True, False, False]
