"""Everything that a study has found, as the figures and the report read it."""

from typing import NamedTuple

import numpy as np
from torch import Tensor

from inpainting.evaluation.metrics import EQUAL
from inpainting.training.mnist.config import StudyConfig
from inpainting.training.mnist.search import Cell

Run = dict[str, dict]  # "losses" and "watched": lines of the curves; "scores": name -> N values


class Results(NamedTuple):
    """The pieces of a finished study."""

    config: StudyConfig
    cells: list[Cell]  # of the search
    losses: dict[str, dict[str, float]]  # arm -> weights of its losses
    runs: dict[tuple[str, int], Run]  # (arm, seed) -> its run
    timings: dict[str, list[float]]  # arm -> seconds of its step in every round
    bounds: dict[str, dict[str, list]]  # what needs no network -> score -> N values
    sheet: dict[str, Tensor]  # column -> Nx32x32 uint8

    def scores(self, arm: str, name: str) -> np.ndarray:
        """One score of an arm: seeds x digits."""
        seeds = self.config.run_seeds
        return np.array([self.runs[arm, seed]["scores"][name] for seed in seeds], float)

    def curve(self, arm: str, kind: str, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Steps, and a quantity of an arm over them: seeds x points. kind: losses or watched."""
        runs = [self.runs[arm, seed][kind] for seed in self.config.run_seeds]
        steps = np.array([line["step"] for line in runs[0]])
        return steps, np.array([[line[name] for line in run] for run in runs])

    def late(self, arm: str, kind: str, name: str) -> np.ndarray:
        """Of each seed, the mean of a quantity over the second half of the training."""
        steps, values = self.curve(arm, kind, name)
        return values[:, steps > steps[-1] / 2].mean(axis=1)

    @property
    def adversarial_arms(self) -> list[str]:
        """The arms that have a discriminator."""
        return [arm for arm, weights in self.losses.items() if weights.get("adversarial")]


def psnr(squares: np.ndarray) -> np.ndarray:
    """Squared errors, ... x digits -> 10 log10(255^2 / their mean over the digits), in dB."""
    return 10 * np.log10(255**2 / np.maximum(squares.mean(axis=-1), EQUAL))
