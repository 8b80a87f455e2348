"""EfficientNet-lite0's features: fixed, of the promised sizes, and looking at the picture."""

import torch

from inpainting.evaluation.features import EfficientNetFeatures


def test_sizes_by_block_and_no_trainable_weight():
    network = EfficientNetFeatures((0, 2, 4, 10, 15))
    features = network(torch.zeros(2, 3, 64, 64))
    assert [tuple(feature.shape[-2:]) for feature in features] == [
        (32, 32),
        (16, 16),
        (8, 8),
        (4, 4),
        (2, 2),
    ]
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert not network.train().training


def test_they_tell_pictures_apart_and_let_gradients_through():
    network = EfficientNetFeatures((2,))
    image = torch.linspace(-1, 1, 64).expand(1, 3, 64, 64).clone().requires_grad_()
    (plain,), (ramp,) = network(torch.zeros(1, 3, 64, 64)), network(image)
    assert not torch.allclose(plain, ramp)
    ramp.sum().backward()
    assert image.grad.abs().sum() > 0
