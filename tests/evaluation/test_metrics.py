"""Scores by hand, best at equality, blind to what lies outside the hole."""

import numpy as np
import pytest

from inpainting.evaluation.metrics import hole_l1, hole_psnr, sharpness

TRUTH = np.zeros((2, 2, 3), np.uint8)
RESULT = np.array([[[51] * 3, [0] * 3], [[255] * 3, [7] * 3]], np.uint8)
TOP_ROW = np.array([[True, True], [False, False]])


def test_hole_l1_by_hand():
    assert hole_l1(RESULT, TRUTH, TOP_ROW) == pytest.approx(10)  # (51 + 0) / 2 / 255
    assert hole_l1(TRUTH, TRUTH, TOP_ROW) == 0


def test_hole_psnr_by_hand():
    assert hole_psnr(RESULT, TRUTH, TOP_ROW) == pytest.approx(10 * np.log10(255**2 / (51**2 / 2)))
    assert hole_psnr(TRUTH, TRUTH, TOP_ROW) > 100


def test_scores_are_symmetric_in_result_and_truth():
    assert hole_l1(RESULT, TRUTH, TOP_ROW) == hole_l1(TRUTH, RESULT, TOP_ROW)
    assert hole_psnr(RESULT, TRUTH, TOP_ROW) == hole_psnr(TRUTH, RESULT, TOP_ROW)


def test_sharpness_is_one_at_equality_and_below_for_blur():
    truth = np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)
    hole = np.zeros((32, 32), bool)
    hole[8:24, 8:24] = True
    smooth = (truth // 4 + 96).astype(np.uint8)
    assert sharpness(truth, truth, hole) == pytest.approx(1)
    assert sharpness(smooth, truth, hole) == pytest.approx(0.25, abs=0.05)
