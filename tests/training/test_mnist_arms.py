"""The arms differ in their losses alone: which terms they compute, and in nothing else."""

from dataclasses import replace
from functools import partial

import pytest
import torch

from inpainting.generator import Prediction
from inpainting.training.loop import Trainer
from inpainting.training.losses import accuracy
from inpainting.training.mnist import arms as study_arms
from inpainting.training.mnist.arms import Chosen, Material, arms, train_arm, train_config, watch
from inpainting.training.mnist.digits import Digits
from inpainting.training.mnist.holes import as_batch, draw_batch, draw_holes
from tests.training.digit_files import TINY

ARMS = arms(Chosen(combined=(10, 3), l1=30, l2=100, cycle=1))
HOLES = draw_holes(12, seed=0)
RNG = torch.Generator().manual_seed(0)
DIGITS = Digits(
    torch.randint(0, 256, (12, 32, 32), generator=RNG, dtype=torch.uint8), torch.arange(12) % 10
)
MATERIAL = Material(DIGITS, HOLES, as_batch(DIGITS.pixels, HOLES))
JUDGED = {"adversarial", "discriminator", "discriminator_accuracy", "discriminator_gradient"}
WANTED = {
    "base": JUDGED,
    "cycle": JUDGED | {"cycle"},
    "combined": JUDGED | {"l1_hole", "l2_hole"},
    "adv+L1": JUDGED | {"l1_hole"},
    "adv+L2": JUDGED | {"l2_hole"},
    "L1+L2": {"l1_hole", "l2_hole"},
}


@pytest.mark.parametrize("arm", WANTED)
def test_an_arm_computes_its_own_terms_and_no_others(arm):
    trainer = Trainer(train_config(TINY, ARMS[arm], seed=0), None)
    terms = trainer.step(0, draw_batch(DIGITS, HOLES, TINY.batch, (0, 0)))
    assert terms.keys() == WANTED[arm] | {"generator_gradient"}


def test_all_arms_start_from_the_same_weights():
    starts = [
        torch.cat([p.flatten() for n in Trainer(train_config(TINY, own, 1), None).networks
                   for p in n.parameters()])
        for own in ARMS.values()
    ]  # fmt: skip
    assert all(torch.equal(start, starts[0]) for start in starts)


def test_another_seed_starts_from_other_weights():
    first, other = (
        next(Trainer(train_config(TINY, ARMS["base"], seed), None).networks[0].parameters())
        for seed in (0, 1)
    )
    assert not torch.equal(first, other)


def test_all_arms_see_the_same_digits_in_the_same_order(monkeypatch):
    seen = {arm: [] for arm in ("base", "L1+L2")}
    for arm, kept in seen.items():
        spy = partial(lambda kept, batch, _: kept.append(batch) or batch, kept)
        monkeypatch.setattr(study_arms, "to", spy)
        train_arm(TINY, ARMS[arm], 0, MATERIAL, 3, lambda: None)
    for one, other in zip(*seen.values(), strict=True):
        assert torch.equal(one.image, other.image) and torch.equal(one.mask, other.mask)


def test_the_loss_of_a_curve_is_the_weighted_sum_of_its_terms():
    _, curves = train_arm(TINY, ARMS["combined"], 0, MATERIAL, 2, lambda: None)
    line = curves["losses"][0]
    wanted = line["adversarial"] + 10 * line["l2_hole"] + 3 * line["l1_hole"]
    assert line["loss"] == pytest.approx(wanted)


def test_curves_have_a_line_every_so_many_steps_and_one_at_the_end():
    _, curves = train_arm(TINY, ARMS["L1+L2"], 0, MATERIAL, 4, lambda: None)
    assert [line["step"] for line in curves["losses"]] == [2, 4]
    assert [line["step"] for line in curves["watched"]] == [3, 4]


class Parrot(torch.nn.Module):
    """Fills every hole with one picture."""

    def __init__(self, picture):
        super().__init__()
        self.picture = torch.nn.Parameter(picture)

    def forward(self, image, mask):  # noqa: ARG002
        picture = self.picture.expand_as(image)
        return Prediction(picture, picture)


def test_the_same_fill_for_every_digit_is_a_collapse():
    assert watch(Parrot(torch.rand(1, 3, 32, 32)), MATERIAL.watched)["spread"] == 0


def test_the_truth_is_as_various_as_the_truth():
    found = watch(Parrot(MATERIAL.watched.image), MATERIAL.watched)
    assert found["spread"] == pytest.approx(1) and found["l1"] == 0


def test_accuracy_counts_hole_patches_alone():
    """Real: 3 of 4 right. Made: of two hole patches one is right; the known ones do not count."""
    real = torch.tensor([[[[1.0, 2.0], [3.0, -1.0]]]])
    made = torch.tensor([[[[-1.0, 1.0], [5.0, 5.0]]]])
    hole = torch.tensor([[[[1.0, 1.0], [0.0, 0.0]]]])
    assert accuracy(real, made, hole).item() == pytest.approx((3 / 4 + 1 / 2) / 2)


def test_a_term_of_no_weight_is_not_computed():
    config = replace(train_config(TINY, {"l1_hole": 1.0}, 0), l1_known=2.0)
    terms = Trainer(config, None).step(0, draw_batch(DIGITS, HOLES, TINY.batch, (0, 0)))
    assert terms.keys() == {"l1_hole", "l1_known", "generator_gradient"}
