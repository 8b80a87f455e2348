"""The losses: one function each, with its formula and its source. All are means, none are sums.

The paper's generator loss is ``adversarial + lambda_1 * l2 + lambda_2 * l1``; the other terms are
its rival (cycle) and what the field has added since (perceptual, feature matching).
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from inpainting.generator import composite


def l1(prediction: Tensor, truth: Tensor, where: Tensor) -> Tensor:
    """Mean absolute error over the pixels chosen: sum(w |p - t|) / (3 sum(w)).

    prediction, truth: Bx3xHxW; where: Bx1xHxW, weights in [0, 1], all zero gives 0.
    """
    return _mean((prediction - truth).abs(), where)


def l2(prediction: Tensor, truth: Tensor, where: Tensor) -> Tensor:
    """Mean squared error over the pixels chosen: sum(w (p - t)^2) / (3 sum(w)). As `l1`."""
    return _mean((prediction - truth).square(), where)


def _mean(error: Tensor, where: Tensor) -> Tensor:
    return (error * where).sum() / (error.shape[1] * where.sum()).clamp_min(1e-6)


def adversarial_discriminator(real: Tensor, made: Tensor, hole: Tensor) -> Tensor:
    """What the discriminator descends: -log D(x) on photographs, -log(1 - D(G)) on holes.

    The paper's loss, logistic (Goodfellow et al. 2014), by patches: only those that touch the hole
    are made (LaMa, arXiv 2109.07161, eq. 3). Real and made weigh the same, as in the paper: holes
    are a quarter of a picture, and a mean over all patches would teach it to say "real".

    real, made: Bx1xhxw logits, above 0 = real; hole: Bx1xHxW mask, 1 = hole, of any size.
    """
    fake = _patches(hole, made)
    on_made = (fake * functional.softplus(made)).sum() / fake.sum().clamp_min(1)
    return functional.softplus(-real).mean() + on_made


def adversarial_generator(made: Tensor, hole: Tensor) -> Tensor:
    """What the generator descends: -log D(G) on hole patches (non-saturating). As above."""
    fake = _patches(hole, made)
    return (fake * functional.softplus(-made)).sum() / fake.sum().clamp_min(1)


def accuracy(real: Tensor, made: Tensor, hole: Tensor) -> Tensor:
    """Share of the discriminator's answers that are right: 1/2 is chance, at 1 it has won.

    Photographs and hole patches weigh the same. real, made: Bx1xhxw logits, above 0 = real; hole:
    Bx1xHxW, 1 = hole.
    """
    fake = _patches(hole, made)
    on_made = (fake * (made < 0)).sum() / fake.sum().clamp_min(1)
    return ((real > 0).float().mean() + on_made) / 2


def gradient_penalty(real: Tensor, image: Tensor) -> Tensor:
    """R1: mean over the batch of |d sum(D(x)) / dx|^2 on photographs (Mescheder et al. 2018).

    It keeps the discriminator from growing steep around what is real. Patches are summed, as LaMa
    does. image: Bx3xHxW that requires a gradient; real: Bx1xhxw, the logits of it.
    """
    (slope,) = torch.autograd.grad(real.sum(), image, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3)).mean()


def _patches(hole: Tensor, logits: Tensor) -> Tensor:
    """Bx1xhxw: 1 where any pixel of a patch's own cell is hole."""
    return functional.adaptive_max_pool2d(hole, logits.shape[-2:])


def feature_matching(real: Sequence[Tensor], made: Sequence[Tensor]) -> Tensor:
    """Mean L1 between the discriminator's features of truth and composite (pix2pixHD, 2018)."""
    distances = [(r.detach() - m).abs().mean() for r, m in zip(real, made, strict=True)]
    return torch.stack(distances).mean()


def perceptual(features: Callable, prediction: Tensor, truth: Tensor) -> Tensor:
    """Mean L1 between a fixed network's features, each over its mean size (Johnson et al. 2016).

    features: Bx3xHxW in [-1, 1] -> several BxCxhxw; it must not be trained. Dividing by the truth's
    mean absolute value lets shallow and deep layers count alike.
    """
    with torch.no_grad():
        wanted = features(truth)
    distances = [
        (w - g).abs().mean() / w.abs().mean().clamp_min(1e-6)
        for w, g in zip(wanted, features(prediction), strict=True)
    ]
    return torch.stack(distances).mean()


def cycle(generator: Callable, image: Tensor, mask: Tensor, filled: Tensor) -> Tensor:
    """Cycle consistency: hide what was known, fill that from the filled hole, compare with it.

    The rival loss of the paper's study, after CycleGAN (Zhu et al. 2017): the inverse of "fill the
    hole" is "fill the rest", by the same generator. L1 over the known pixels.

    generator: (image, mask) -> Prediction; image, filled: Bx3xHxW, mask: Bx1xHxW, 1 = hole.
    """
    known = 1 - mask
    back = generator(composite(image, mask, filled), known).gpnet
    return l1(back, image, known)
