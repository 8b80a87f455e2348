"""Scores of a fill: by hand, against scikit-image, best at equality, moved by the right fault."""

import numpy as np
import pytest
from scipy.ndimage import uniform_filter
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from inpainting.evaluation.metrics import ghost, l1, psnr, seam, sharpness, shift, ssim

TRUTH = np.zeros((2, 2, 3), np.uint8)
RESULT = np.array([[[51] * 3, [0] * 3], [[255] * 3, [7] * 3]], np.uint8)
TOP_ROW = np.array([[True, True], [False, False]])


def noise(seed: int, height: int = 48, width: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def box(height: int = 48, width: int = 64, rows=(14, 34), columns=(20, 44)) -> np.ndarray:
    hole = np.zeros((height, width), bool)
    hole[slice(*rows), slice(*columns)] = True
    return hole


def into(photo: np.ndarray, fill: np.ndarray, hole: np.ndarray) -> np.ndarray:
    return np.where(hole[..., None], fill, photo)


def test_l1_by_hand():
    assert l1(RESULT, TRUTH, TOP_ROW) == pytest.approx(10)  # (51 + 0) / 2 / 255
    assert l1(RESULT, TRUTH) == pytest.approx((51 + 255 + 7) / 4 / 255 * 100)
    assert l1(TRUTH, TRUTH) == 0
    assert l1(TRUTH, TRUTH + np.uint8(255)) == 100


def test_psnr_by_hand():
    assert psnr(RESULT, TRUTH, TOP_ROW) == pytest.approx(10 * np.log10(255**2 / (51**2 / 2)))
    assert psnr(TRUTH, TRUTH, TOP_ROW) == psnr(TRUTH, TRUTH) == pytest.approx(148.13, abs=0.01)


def test_psnr_is_that_of_scikit_image():
    result, truth = noise(0), noise(1)
    assert psnr(result, truth) == pytest.approx(peak_signal_noise_ratio(truth, result))
    part = slice(14, 34), slice(20, 44)
    wanted = peak_signal_noise_ratio(truth[part], result[part])
    assert psnr(result, truth, box()) == pytest.approx(wanted)


def test_ssim_of_plain_pictures_by_hand():
    dark, light = np.full((16, 24, 3), 50, np.uint8), np.full((16, 24, 3), 150, np.uint8)
    c1 = (0.01 * 255) ** 2
    wanted = (2 * 50 * 150 + c1) / (50**2 + 150**2 + c1)
    assert ssim(dark, light) == pytest.approx(wanted)
    assert ssim(dark, light, box(16, 24, (0, 3), (0, 5))) == pytest.approx(wanted)


def test_ssim_is_that_of_scikit_image_with_wangs_window():
    """Which leaves out the border, where half a window is mirrored: a hole says the same."""
    truth = noise(0)
    result = into(truth, truth // 2 + noise(1) // 2, box())
    wanted = structural_similarity(
        result,
        truth,
        channel_axis=2,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    assert ssim(result, truth, box(rows=(5, 43), columns=(5, 59))) == pytest.approx(wanted)
    assert ssim(result, truth, box()) < wanted < ssim(result, truth) < 1


@pytest.mark.parametrize("score", [l1, psnr, ssim])
@pytest.mark.parametrize("hole", [None, box()], ids=["image", "hole"])
def test_with_the_truth_equality_is_best_and_the_two_may_be_exchanged(score, hole):
    truth = noise(0)
    result = into(truth, noise(1), box())
    best, other = score(truth, truth, hole), score(result, truth, hole)
    assert best < other if score is l1 else best > other
    assert other == score(truth, result, hole)


@pytest.mark.parametrize("score", [l1, psnr])
def test_the_hole_is_all_that_counts(score):
    truth, other = noise(0), noise(1)
    result = into(other, truth, box())
    assert score(result, truth, box()) == score(truth, truth, box())
    assert score(result, truth, ~box()) == pytest.approx(score(other, truth, ~box()))


@pytest.mark.parametrize("score", [sharpness, seam])
def test_alone_the_photograph_is_about_one_whatever_its_contrast(score):
    for divisor in (1, 4):
        assert score(noise(0, 200, 300) // divisor, box(200, 300, (50, 150), (50, 250))) == (
            pytest.approx(1, abs=0.05)
        )


def test_sharpness_by_hand():
    """Steps of 10 in the ring, of 4 in the hole: the border, where they meet, is not counted."""
    row = np.concatenate([np.arange(0, 120, 10), 200 + 4 * np.arange(12), np.arange(0, 120, 10)])
    picture = np.repeat(np.tile(row.astype(np.uint8), (36, 1))[..., None], 3, axis=2)
    hole = box(36, 36, (0, 36), (12, 24))
    assert sharpness(picture, hole) == pytest.approx((4 + 1) / (10 + 1))


def test_blur_lowers_sharpness_and_more_of_it_more():
    photo, hole = noise(0), box()
    scores = [
        sharpness(into(photo, uniform_filter(photo, (size, size, 1)), hole), hole)
        for size in (1, 3, 9)
    ]
    assert scores[0] > 0.9 > 0.5 > scores[1] > scores[2] > 0


def test_a_smooth_ring_blows_nothing_up():
    sky = np.full((48, 64, 3), 200, np.uint8)
    faint = into(sky, sky + noise(0) % 2, box())
    assert sharpness(sky, box()) == seam(sky, box()) == 1
    assert 1 < sharpness(faint, box()) < 2 and 1 < seam(faint, box()) < 2


def test_seam_of_a_plain_fill_by_hand():
    """30 above a plain ring: every step across is 30, every one in the ring 0."""
    plain = np.full((48, 64, 3), 100, np.uint8)
    assert seam(into(plain, plain + np.uint8(30), box()), box()) == pytest.approx(31)


def test_seam_of_a_ramp_by_hand():
    """A hole from top to bottom: across are steps of 1; in a ring of 4, 3 of 1 for 4 of 0."""
    ramp = np.tile(np.arange(64, dtype=np.uint8)[:, None], (48, 1, 3))
    mean_in_ring = 3 * 48 / (3 * 48 + 4 * 47)
    assert seam(ramp, box(rows=(0, 48))) == pytest.approx((1 + 1) / (mean_in_ring + 1))


def test_shift_by_hand():
    grey = np.full((48, 64, 3), 100, np.uint8)
    fill = grey + np.array([51, 0, 0], np.uint8)
    assert shift(grey, box()) == 0
    assert shift(into(grey, fill, box()), box()) == pytest.approx(100 * 51 / 255 / 3)
    assert shift(into(fill, grey, box()), box()) == pytest.approx(100 * 51 / 255 / 3)


def test_another_colour_raises_seam_and_shift():
    photo = noise(0) // 4 + 50
    moved = into(photo, photo + np.uint8(60), box())
    assert seam(moved, box()) > 1.5 * seam(photo, box())
    assert shift(moved, box()) > shift(photo, box()) + 20


def test_what_is_far_from_the_hole_counts_for_nothing():
    """The ring of 4 and its gradients' next neighbours: 5 pixels about the hole."""
    near = box(rows=(9, 39), columns=(15, 49))
    other = into(noise(1), noise(0), near)
    for score in (sharpness, seam, shift):
        assert score(other, box()) == score(noise(0), box())


def test_the_ring_grows_with_the_picture():
    """1/40 of the shorter side: 10 pixels of 400."""
    hole = box(400, 500, (100, 200), (100, 200))
    picture = np.zeros((400, 500, 3), np.uint8)
    picture[:90], picture[:, :90], picture[210:], picture[:, 210:] = 255, 255, 255, 255
    assert shift(picture, hole) == 0
    picture[:91] = 255
    assert shift(picture, hole) > 0


@pytest.mark.parametrize(
    "hole",
    [
        box(rows=(0, 48), columns=(30, 31)),
        box(rows=(20, 21), columns=(20, 21)),
        box(rows=(0, 10), columns=(0, 10)),
        box(rows=(40, 48), columns=(0, 64)),
        ~box(rows=(20, 21), columns=(20, 22)),
    ],
    ids=["line", "point", "corner", "side", "all but two"],
)
@pytest.mark.filterwarnings("error")
def test_holes_of_any_kind_are_scored(hole):
    for score in (sharpness, seam, shift):
        assert np.isfinite(score(noise(0), hole))


@pytest.mark.filterwarnings("error")
def test_no_pixels_are_no_number():
    everything, nothing = np.ones((48, 64), bool), np.zeros((48, 64), bool)
    for score in (sharpness, seam, shift):
        assert np.isnan(score(noise(0), everything)) and np.isnan(score(noise(0), nothing))
    assert np.isnan(l1(noise(0), noise(1), nothing)) and np.isnan(psnr(noise(0), noise(1), nothing))
    assert np.isnan(ghost(noise(0), noise(0), noise(1), nothing))


@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_ghost_is_the_share_of_the_object_that_is_left(share):
    truth, photo, hole = noise(0), into(noise(0), noise(1), box()), box()
    result = np.round((1 - share) * truth + share * photo).astype(np.uint8)
    assert ghost(result, truth, photo, hole) == pytest.approx(share, abs=0.005)


def test_ghost_is_about_nothing_for_a_fill_of_ones_own():
    """Where the correlation of r - t with p - t, which share the truth, says one half."""
    truth, photo, result = noise(0, 200, 200), noise(1, 200, 200), noise(2, 200, 200)
    hole = np.ones((200, 200), bool)
    assert ghost(result, truth, photo, hole) < 0.02
    assert ghost(255 - photo, truth, photo, hole) == pytest.approx(1)
    left, shown = (picture.astype(float).ravel() - truth.ravel() for picture in (result, photo))
    assert np.corrcoef(left, shown)[0, 1] == pytest.approx(0.5, abs=0.02)


def test_ghost_is_numpys_least_squares():
    truth, photo = noise(0), noise(1)
    result = (truth // 3 + photo // 4 + noise(2) // 3).astype(np.uint8)
    r, t, p = (picture[box()].ravel().astype(float) for picture in (result, truth, photo))
    (_, _, wanted), *_ = np.linalg.lstsq(np.stack([np.ones_like(t), t, p], 1), r, rcond=None)
    assert 0.2 < wanted < 0.3
    assert ghost(result, truth, photo, box()) == pytest.approx(wanted)


@pytest.mark.filterwarnings("error")
def test_without_an_object_to_tell_apart_there_is_no_ghost():
    truth, plain = noise(0), np.full((48, 64, 3), 90, np.uint8)
    evenly_dark = (truth * 0.6).astype(np.uint8)
    assert ghost(noise(1), truth, truth, box()) == 0
    assert ghost(plain, truth, plain, box()) == 0
    assert ghost(evenly_dark, truth, evenly_dark, box()) == 0
    assert ghost(noise(1), plain, noise(1), box()) == pytest.approx(1)  # a plain truth does no harm
