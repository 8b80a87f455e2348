"""TrainConfig: everything that decides what a run computes. Its fields are the flags of `train`."""

from dataclasses import dataclass, field

from inpainting.generator import GeneratorConfig
from inpainting.training.discriminator import DiscriminatorConfig


@dataclass(frozen=True)
class TrainConfig:
    """Saved as config.json in the run's folder."""

    generator: GeneratorConfig = field(default_factory=GeneratorConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    images: int = 200_000  # training pictures in all, stage one and two
    reconstruction_images: int = 60_000  # of which stage one, without an adversary
    size: int = 128  # pixels, side of the training crops; a multiple of 16
    batch: int = 16  # pictures a step and process
    seed: int = 0
    learning_rate: float = 2e-4  # Adam, generator
    discriminator_learning_rate: float = 4e-4  # Adam, discriminator
    clip: float = 5.0  # largest norm of the generator's gradient: without normalisation it can jump
    ema: float = 0.999  # decay a step of the averaged weights, the ones that ship
    l1_hole: float = 1.0  # lambda_2 of the paper, inside the hole
    l2_hole: float = 1.0  # lambda_1 of the paper, inside the hole
    l1_known: float = 1.0  # outside it, where the answer is given
    cycle: float = 0.0  # the rival of the paper's study
    perceptual: float = 0.5  # EfficientNet-lite0 blocks 0, 2, 4
    perceptual_every: int = 2  # steps: on a CPU it costs as much as half a step
    adversarial: float = 0.2
    r1: float = 0.0001  # gradient penalty of the discriminator
    r1_every: int = 8  # steps: so often it counts, and then so many times as much
    feature_matching: float = 2.0
    precision: str = "bf16"  # or "no": float32
    compile: bool = False  # torch.compile: worth its minute on a GPU
    log_every: int = 20  # steps between lines of stats.jsonl
    save_every: int = 500  # steps between states, checkpoints and sample sheets
