"""The arms of the study: the same networks, start, data and steps; only the loss is another.

digits, holes -> [arms] -> scores. Each loss is the paper's or its rival's and nothing besides: no
perceptual, feature-matching or known-pixel term, and no gradient penalty.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from inpainting.evaluation.metrics import EQUAL
from inpainting.training.config import TrainConfig
from inpainting.training.data import Batch
from inpainting.training.loop import Trainer
from inpainting.training.mnist.config import StudyConfig
from inpainting.training.mnist.digits import PADDED, Digits, as_pixels
from inpainting.training.mnist.holes import draw_batch
from inpainting.training.mnist.scores import fill, hole_errors

TERMS = ("adversarial", "l2_hole", "l1_hole", "cycle")  # fields of TrainConfig, names of losses
SPREAD_HOLE = slice(8, 24)  # the middle of the digit: where digits differ most


class Chosen(NamedTuple):
    """The weights that the search found, each the best for its own arm."""

    combined: tuple[float, float]  # lambda_1 (L2), lambda_2 (L1)
    l1: float  # beside the adversarial loss alone
    l2: float
    cycle: float


class Material(NamedTuple):
    """What every arm is trained on and watched with."""

    train: Digits
    holes: torch.Tensor  # Nx32x32 uint8
    watched: Batch  # validation digits, each with its hole


def arms(chosen: Chosen) -> dict[str, dict[str, float]]:
    """Each arm's name -> the weights of its losses; what is not named weighs 0."""
    l2, l1 = chosen.combined
    return {
        "base": {"adversarial": 1.0},
        "cycle": {"adversarial": 1.0, "cycle": chosen.cycle},
        "combined": {"adversarial": 1.0, "l2_hole": l2, "l1_hole": l1},
        "adv+L1": {"adversarial": 1.0, "l1_hole": chosen.l1},
        "adv+L2": {"adversarial": 1.0, "l2_hole": chosen.l2},
        "L1+L2": {"l2_hole": l2, "l1_hole": l1},
    }


def train_config(study: StudyConfig, weights: dict[str, float], seed: int) -> TrainConfig:
    """The training's own config for an arm; without an adversarial weight there is no adversary."""
    images = study.steps * study.batch
    return TrainConfig(
        generator=study.generator,
        discriminator=study.discriminator,
        images=images,
        reconstruction_images=0 if weights.get("adversarial") else images,
        size=PADDED,
        batch=study.batch,
        seed=seed,
        learning_rate=study.learning_rate,
        discriminator_learning_rate=study.discriminator_learning_rate,
        ema=study.ema,
        l1_known=0.0,
        perceptual=0.0,
        r1=0.0,
        feature_matching=0.0,
        precision=study.precision,
        **{name: weights.get(name, 0.0) for name in TERMS},
    )


def train_arm(
    study: StudyConfig,
    weights: dict[str, float],
    seed: int,
    material: Material,
    steps: int,
    tick: Callable[[], object],
) -> tuple[Trainer, dict[str, list[dict]]]:
    """Train one arm from its seed: the trainer at its end, and its curves.

    Returns
    -------
    The curves have lines as a run's stats.jsonl does. "losses": means since the line before, with
    the weighted sum as "loss"; "watched": what `watch` says. tick is called after every step.

    """
    trainer = Trainer(train_config(study, weights, seed), None)
    losses, watched, since = [], [], []
    for step in range(steps):
        batch = draw_batch(material.train, material.holes, study.batch, (seed, step))
        since.append(trainer.step(step, to(batch, trainer.accelerator.device)))
        if (step + 1) % study.log_every == 0:
            losses.append({"step": step + 1, **means(since, weights)})
            since = []
        if (step + 1) % study.watch_every == 0 or step + 1 == steps:
            watched.append({"step": step + 1, **watch(trainer.averaged.module, material.watched)})
        tick()
    return trainer, {"losses": losses, "watched": watched}


def to(batch: Batch, device: torch.device) -> Batch:
    """The batch on a device."""
    return Batch(*(tensor.to(device) for tensor in batch))


def means(since: list[dict[str, torch.Tensor]], weights: dict[str, float]) -> dict[str, float]:
    """The mean of every term over some steps, and "loss", their weighted sum."""
    found = {name: float(torch.stack([t[name] for t in since]).mean()) for name in since[0]}
    return {"loss": sum(weight * found.get(name, 0.0) for name, weight in weights.items()), **found}


def watch(generator: nn.Module, batch: Batch) -> dict[str, float]:
    """How well and how variously an averaged generator fills.

    Returns
    -------
    "l1": mean L1 over the holes in per cent; "psnr": of their mean squared error, in dB; "spread":
    the collapse detector. It hides the middle of every digit by one and the same square: the
    standard deviation from digit to digit of what is filled in, over that of the truth (root mean
    square over the square's pixels). 1 is as various as digits are, 0 the same fill for all.

    """
    truth, holes = as_pixels(batch.image), batch.mask[:, 0].byte().cpu()
    l1, square = hole_errors(fill(generator, truth, holes), truth, holes)
    middle = torch.zeros_like(holes)
    middle[:, SPREAD_HOLE, SPREAD_HOLE] = 1
    made, real = (
        pixels[:, SPREAD_HOLE, SPREAD_HOLE].float().var(dim=0).mean().sqrt()
        for pixels in (fill(generator, truth, middle), truth)
    )
    decibels = 10 * math.log10(255**2 / max(float(np.mean(square)), EQUAL))
    return {"l1": float(np.mean(l1)), "psnr": decibels, "spread": float(made / real)}
