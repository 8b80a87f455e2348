"""Seconds a training step, as ratios to the base's: the arms take turns, step by step.

Whatever else the machine does falls upon all of them alike; the ratio of one round does not care.
"""

import time

import numpy as np
from tqdm import tqdm

from inpainting.evaluation.intervals import LEVEL, RESAMPLES, Interval
from inpainting.training.loop import Trainer
from inpainting.training.mnist.arms import Material, to, train_config
from inpainting.training.mnist.config import StudyConfig
from inpainting.training.mnist.holes import draw_batch

WARM_UP = 3  # rounds before it counts: the first steps of a network prepare its kernels
SEED = 0


def step_times(
    study: StudyConfig, losses: dict[str, dict[str, float]], material: Material
) -> dict[str, list[float]]:
    """Each arm's seconds in every round; the order within a round is drawn anew each time."""
    trainers = {arm: Trainer(train_config(study, own, SEED), None) for arm, own in losses.items()}
    seconds = {arm: [] for arm in losses}
    rng = np.random.default_rng(SEED)
    for turn in tqdm(range(WARM_UP + study.timing_rounds), desc="timing", unit=" rounds"):
        batch = draw_batch(material.train, material.holes, study.batch, (SEED, turn))
        for arm in rng.permutation(list(trainers)).tolist():
            given = to(batch, trainers[arm].accelerator.device)
            seconds[arm].append(one_step(trainers[arm], turn, given))
    return {arm: values[WARM_UP:] for arm, values in seconds.items()}


def one_step(trainer: Trainer, number: int, batch: tuple) -> float:
    """Seconds of one step; reading a number of it waits until a GPU has done it."""
    start = time.perf_counter()
    float(trainer.step(number, batch)["generator_gradient"])
    return time.perf_counter() - start


def median_ratio(seconds: list[float], base: list[float]) -> Interval:
    """(median, low, high) of the rounds' ratios, by bootstrap over the rounds."""
    ratios = np.array(seconds) / np.array(base)
    rounds = np.random.default_rng(0).integers(len(ratios), size=(RESAMPLES, len(ratios)))
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(np.median(ratios[rounds], axis=1), [tail, 100 - tail])
    return float(np.median(ratios)), float(low), float(high)
