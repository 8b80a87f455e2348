"""Each loss: a value by hand, zero at equality, and steps that move the scores the right way."""

import math

import pytest
import torch

from inpainting.generator import Generator, GeneratorConfig, Prediction, composite
from inpainting.training import losses
from inpainting.training.discriminator import Discriminator, DiscriminatorConfig

TRUTH = torch.zeros(1, 3, 2, 2)
GUESS = torch.tensor([[1.0, -3.0], [5.0, 7.0]]).expand(1, 3, 2, 2)
TOP_ROW = torch.tensor([[[[1.0, 1.0], [0.0, 0.0]]]])
NOWHERE = torch.zeros(1, 1, 2, 2)


def test_l1_by_hand():
    assert losses.l1(GUESS, TRUTH, TOP_ROW).item() == pytest.approx((1 + 3) / 2)
    assert losses.l1(GUESS, GUESS, TOP_ROW).item() == 0
    assert losses.l1(GUESS, TRUTH, NOWHERE).item() == 0


def test_l2_by_hand():
    assert losses.l2(GUESS, TRUTH, TOP_ROW).item() == pytest.approx((1 + 9) / 2)
    assert losses.l2(GUESS, GUESS, TOP_ROW).item() == 0


def test_adversarial_discriminator_by_hand():
    """One patch in two is hole: -log D(x) - log(1 - D) on that one."""
    real = torch.tensor([[[[0.0, 0.0]]]])
    made = torch.tensor([[[[2.0, -9.0]]]])
    hole = torch.tensor([[[[1.0, 0.0, 0.0, 0.0]]]])  # twice as wide as the map
    sigmoid = 1 / (1 + math.exp(-2))
    wanted = math.log(2) - math.log(1 - sigmoid)
    loss = losses.adversarial_discriminator(real, made, hole)
    assert loss.item() == pytest.approx(wanted, rel=1e-5)


def test_adversarial_generator_by_hand():
    """Only hole patches count; the known ones would flatter it."""
    made, hole = torch.tensor([[[[2.0, -9.0]]]]), torch.tensor([[[[1.0, 0.0]]]])
    wanted = math.log(1 + math.exp(-2))
    assert losses.adversarial_generator(made, hole).item() == pytest.approx(wanted, rel=1e-5)


def test_gradient_penalty_by_hand():
    """D(x) = 2 x_1 + 3 x_2 + 6 x_3 at every pixel: |slope|^2 = 49 for each of four pixels."""
    image = torch.rand(2, 3, 2, 2, requires_grad=True)
    logits = (image * torch.tensor([2.0, 3.0, 6.0]).view(1, 3, 1, 1)).sum(dim=1, keepdim=True)
    assert losses.gradient_penalty(logits, image).item() == pytest.approx(4 * 49)


def test_the_scalar_discriminator_is_a_map_of_one_patch():
    discriminator = Discriminator(DiscriminatorConfig(width=4, patch=False))
    logits = discriminator(torch.zeros(2, 3, 32, 32)).logits
    assert logits.shape == (2, 1, 1, 1)
    hole = torch.zeros(2, 1, 32, 32)
    hole[..., 3:5, 3:5] = 1
    assert losses.adversarial_generator(logits, hole).isfinite()


def test_feature_matching_by_hand():
    real, made = [torch.zeros(1, 1, 1, 2), torch.ones(1)], [torch.full((1, 1, 1, 2), 3.0)]
    assert losses.feature_matching(real, [*made, torch.zeros(1)]).item() == pytest.approx(2)
    assert losses.feature_matching(real, real).item() == 0


def test_perceptual_by_hand():
    def features(image):
        return image, image * 2

    truth, guess = torch.full((1, 3, 2, 2), 2.0), torch.full((1, 3, 2, 2), 3.0)
    assert losses.perceptual(features, guess, truth).item() == pytest.approx(0.5)
    assert losses.perceptual(features, truth, truth).item() == 0


def test_cycle_against_a_brute_force_composition():
    """Hide what was known, fill it from the filled hole, compare where it was known."""
    torch.manual_seed(0)
    generator = Generator(GeneratorConfig(sinet_width=4, gpnet_width=8))
    image, filled = torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32)
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1
    half = torch.where(mask.bool(), filled, torch.full_like(image, 9.0))  # 9: must not be seen
    back = generator(half, 1 - mask).gpnet
    total = sum(
        abs(back[0, c, y, x] - image[0, c, y, x])
        for c in range(3)
        for y in range(32)
        for x in range(32)
        if mask[0, 0, y, x] == 0
    )
    wanted = total / (3 * (mask == 0).sum())
    assert losses.cycle(generator, image, mask, filled).item() == pytest.approx(wanted.item(), 1e-4)


def test_the_cycle_back_to_the_truth_costs_nothing():
    image = torch.rand(1, 3, 32, 32)
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1
    loss = losses.cycle(lambda *_: Prediction(image, image), image, mask, torch.rand_like(image))
    assert loss.item() == 0


def test_one_step_of_each_moves_the_scores_the_right_way():
    torch.manual_seed(0)
    generator = Generator(GeneratorConfig(sinet_width=4, gpnet_width=8))
    discriminator = Discriminator(DiscriminatorConfig(width=8))
    image = torch.rand(4, 3, 32, 32) * 2 - 1
    mask = torch.zeros(4, 1, 32, 32)
    mask[..., 8:24, 8:24] = 1

    def judged(picture):
        """Logits of hole patches; eval: spectral norms stay as they are while we look."""
        return discriminator.eval()(picture).logits[..., 1:3, 1:3].mean()

    def fill():
        return composite(image, mask, generator(image, mask).gpnet)

    before = judged(image) - judged(fill())
    descend(discriminator, lambda d: losses.adversarial_discriminator(
        d(image).logits, d(fill().detach()).logits, mask))  # fmt: skip
    after = judged(image) - judged(fill())
    assert after > before, "the discriminator tells photographs from fills better"

    made = judged(fill())
    descend(generator, lambda _: losses.adversarial_generator(
        discriminator(fill()).logits, mask))  # fmt: skip
    assert judged(fill()) > made, "the fill looks more real to it"


def descend(network, loss):
    """A few small steps of plain gradient descent on one network."""
    optimizer = torch.optim.SGD(network.parameters(), 1e-2)
    for _ in range(5):
        optimizer.zero_grad()
        loss(network.train()).backward()
        optimizer.step()
