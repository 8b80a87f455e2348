"""The generator of the GAN: SINet -> composite -> GPNet. Imports torch and nothing of ours."""

from inpainting.generator.composite import composite
from inpainting.generator.generator import Generator, GeneratorConfig, Prediction

__all__ = ["Generator", "GeneratorConfig", "Prediction", "composite"]
