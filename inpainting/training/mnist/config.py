"""StudyConfig: every number of the study; its `quick` form gives the same report in minutes."""

from dataclasses import dataclass, replace

from inpainting.generator import GeneratorConfig
from inpainting.training.discriminator import DiscriminatorConfig
from inpainting.training.mnist.digits import PADDED


@dataclass(frozen=True)
class StudyConfig:
    """Saved as config.json in the study's folder."""

    seeds: int = 3  # runs of each arm, each with its own start of the weights and order of the data
    first_seed: int = 0  # of them; the others follow it
    steps: int = 2000  # of each run
    batch: int = 32  # digits a step
    learning_rate: float = 1e-3  # Adam, generator
    discriminator_learning_rate: float = 2e-3  # Adam, discriminator
    ema: float = 0.995  # decay a step of the averaged weights, the ones that are scored
    sinet_width: int = 8
    gpnet_width: int = 16
    gpnet_dilations: tuple[int, ...] = (1, 2, 1)
    discriminator_width: int = 16
    precision: str = "no"  # float32: at this size as fast as bf16, and the same on every machine
    validation: int = 5000  # training digits set aside
    watched: int = 500  # of them, scored during training and by the search
    watch_every: int = 100  # steps
    log_every: int = 20  # steps that one point of a loss curve is the mean of
    holes: int = 4096  # training holes
    test: int = 10_000  # test digits scored, the first so many
    search_steps: int = 500  # of each cell of the search
    weights: tuple[float, ...] = (0, 1, 10, 100)  # lambda_1 and lambda_2 searched over
    cycle_weights: tuple[float, ...] = (1, 10, 100)  # the same for the cycle loss
    timing_rounds: int = 60  # in each of which every arm takes one step
    classifier_steps: int = 800
    classifier_batch: int = 128
    shown: int = 8  # test digits on the sheet

    @property
    def run_seeds(self) -> range:
        """The seed of each run of an arm."""
        return range(self.first_seed, self.first_seed + self.seeds)

    @property
    def generator(self) -> GeneratorConfig:
        """The small generator of the study."""
        widths = {"sinet_width": self.sinet_width, "gpnet_width": self.gpnet_width}
        dilations = {"sinet_dilations": (1,), "gpnet_dilations": self.gpnet_dilations}
        return GeneratorConfig(**widths, **dilations, window=PADDED)

    @property
    def discriminator(self) -> DiscriminatorConfig:
        """The paper's discriminator: one number a picture."""
        return DiscriminatorConfig(self.discriminator_width, patch=False)


def quick(config: StudyConfig) -> StudyConfig:
    """The same study at small size: it shows that all works, not who wins."""
    return replace(
        config,
        steps=100,
        search_steps=20,
        weights=(0, 1, 10),
        cycle_weights=(1, 10),
        holes=512,
        watched=200,
        watch_every=20,
        log_every=5,
        test=400,
        timing_rounds=12,
        classifier_steps=200,
    )
