"""The training loop: SINet and GPNet against the discriminator, in two stages, as a recipe.

Stage one learns to reconstruct, without an adversary; stage two adds the adversarial and the
feature-matching loss. The same function runs on a CPU, on one GPU or in several processes
(`torchrun --nproc-per-node 2 -m -- inpainting train ...`).
"""

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from inpainting import checkpoint
from inpainting.errors import InpaintingError
from inpainting.evaluation.features import EfficientNetFeatures
from inpainting.generator import Generator, Prediction, composite
from inpainting.memory import keep_freed_memory
from inpainting.training import losses
from inpainting.training.config import TrainConfig
from inpainting.training.data import Batch, batches, draw_batch, load_photos
from inpainting.training.discriminator import (
    Discriminator,
    load_discriminator,
    save_discriminator,
)
from inpainting.training.run import Run, replace_folder, stop_signal


class Trainer:
    """The networks with their optimisers, and one step of training."""

    def __init__(self, config: TrainConfig, init: Path | None):
        self.config = config
        self.accelerator = Accelerator(mixed_precision=config.precision)
        torch.manual_seed(config.seed)
        generator, discriminator = Generator(config.generator), Discriminator(config.discriminator)
        if init:
            start_from(init, generator, discriminator)
        self.networks = [
            n.to(memory_format=torch.channels_last) for n in (generator, discriminator)
        ]
        device = self.accelerator.device
        self.averaged = AveragedModel(generator, device, avg_fn=moving_average(config.ema))
        self.features = EfficientNetFeatures().to(device) if config.perceptual else None
        rates = config.learning_rate, config.discriminator_learning_rate
        optimizers = [
            torch.optim.Adam(network.parameters(), rate, betas=(0.5, 0.99))
            for network, rate in zip(self.networks, rates, strict=True)
        ]
        prepared = self.accelerator.prepare(*self.networks, *optimizers)
        self.generator, self.discriminator, self.optimizer, self.discriminator_optimizer = prepared
        if config.compile:
            self.generator = torch.compile(self.generator)
            self.discriminator = torch.compile(self.discriminator)
        self.accelerator.register_for_checkpointing(self.averaged)

    def step(self, number: int, batch: Batch) -> dict[str, Tensor]:
        """One step of the discriminator (in stage two) and one of the generator.

        Returns the losses, unweighted, by name.
        """
        adversary = number * self.pictures_a_step >= self.config.reconstruction_images
        with self.accelerator.autocast():
            prediction = self.generator(batch.image, batch.mask)
            filled = composite(batch.image, batch.mask, prediction.gpnet)
        terms = {}
        if adversary:
            terms |= self.discriminator_step(number, batch, filled.detach())
        with self.accelerator.autocast():
            wanted = self.generator_terms(number, batch, prediction, filled, adversary)
            total = sum(weight * loss for weight, loss in wanted.values())
        self.accelerator.backward(total)
        norm = self.accelerator.clip_grad_norm_(self.generator.parameters(), self.config.clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.averaged.update_parameters(self.networks[0])
        terms |= {name: loss.detach() for name, (_, loss) in wanted.items()}
        return terms | {"generator_gradient": norm}

    def discriminator_step(self, number: int, batch: Batch, filled: Tensor) -> dict[str, Tensor]:
        """Show it photographs and composites in one batch; returns its losses by name."""
        config, terms = self.config, {}
        penalised = config.r1 and (number + 1) % config.r1_every == 0
        image = batch.image.clone().requires_grad_(bool(penalised))
        with self.accelerator.autocast():
            logits = self.discriminator(torch.cat([image, filled.to(image)])).logits
            real, made = logits.float().chunk(2)
            terms["discriminator"] = losses.adversarial_discriminator(real, made, batch.mask)
        terms["discriminator_accuracy"] = losses.accuracy(real, made, batch.mask)
        total = terms["discriminator"]
        if penalised:
            terms["r1"] = losses.gradient_penalty(real, image)
            total = total + config.r1 * config.r1_every * terms["r1"]
        self.accelerator.backward(total)
        slopes = [parameter.grad for parameter in self.discriminator.parameters()]
        terms["discriminator_gradient"] = nn.utils.get_total_norm(slopes)
        self.discriminator_optimizer.step()
        self.discriminator_optimizer.zero_grad()
        return {name: loss.detach() for name, loss in terms.items()}

    def generator_terms(
        self, number: int, batch: Batch, prediction: Prediction, filled: Tensor, adversary: bool
    ) -> dict[str, tuple[float, Tensor]]:
        """Every generator loss that counts in this step: name -> (weight, loss)."""
        config, (image, mask) = self.config, batch
        pixelwise = {
            "l1_hole": (config.l1_hole, losses.l1, mask),
            "l2_hole": (config.l2_hole, losses.l2, mask),
            "l1_known": (config.l1_known, losses.l1, 1 - mask),
        }
        pictures = [picture.float() for picture in prediction]
        terms = {
            name: (weight, sum(loss(picture, image, where) for picture in pictures))
            for name, (weight, loss, where) in pixelwise.items()
            if weight
        }
        if config.cycle:
            terms["cycle"] = (config.cycle, losses.cycle(self.generator, image, mask, filled))
        if config.perceptual and (number + 1) % config.perceptual_every == 0:
            loss = losses.perceptual(self.features, filled, image)
            terms["perceptual"] = (config.perceptual, loss)
        if adversary:
            terms |= self.adversarial_terms(batch, filled)
        return terms

    def adversarial_terms(self, batch: Batch, filled: Tensor) -> dict[str, tuple[float, Tensor]]:
        """What the discriminator, held fixed, has to say about the composite."""
        config, terms = self.config, {}
        judge = self.networks[1].requires_grad_(False)
        made = judge(filled)
        if config.adversarial:
            loss = losses.adversarial_generator(made.logits.float(), batch.mask)
            terms["adversarial"] = (config.adversarial, loss)
        if config.feature_matching:
            with torch.no_grad():
                real = judge(batch.image)
            loss = losses.feature_matching(real.features, made.features)
            terms["feature_matching"] = (config.feature_matching, loss)
        judge.requires_grad_(True)
        return terms

    def agree(self, stop: bool) -> bool:
        """Whether any of the processes has been told to stop."""
        if self.accelerator.num_processes == 1:
            return stop
        if stop:
            self.accelerator.set_trigger()
        return self.accelerator.check_trigger()

    @property
    def pictures_a_step(self) -> int:
        """Training pictures in one step of all processes."""
        return self.config.batch * self.accelerator.num_processes

    def export(self, folder: Path, images: int) -> None:
        """Write the checkpoint that the eraser loads, and the discriminator to go on from it."""
        about = {"images": images, "size": self.config.size, "seed": self.config.seed}
        checkpoint.save(self.averaged.module, folder, about)
        save_discriminator(self.networks[1], folder)


def moving_average(decay: float) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Exponential moving average; while it is young it forgets its random start sooner."""

    def average(mean: Tensor, current: Tensor, count: Tensor) -> Tensor:
        return mean.lerp(current, 1 - min(decay, float((1 + count) / (10 + count))))

    return average


def start_from(folder: Path, generator: Generator, discriminator: Discriminator) -> None:
    """Copy a checkpoint's weights: the generator's, and the discriminator's if it is there."""
    stored = checkpoint.load(folder).generator
    if stored.config != generator.config:
        raise InpaintingError(
            f"{folder.name} holds a generator of {stored.config}, the run asks for "
            f"{generator.config}: give the run the same --generator-... flags"
        )
    generator.load_state_dict(stored.state_dict())
    load_discriminator(discriminator, folder)


def train(
    config: TrainConfig, data: list[Path], folder: Path, init: Path | None = None, limit: int = 0
) -> None:
    """Train until `config.images`, from the start or from where the run was stopped.

    Parameters
    ----------
    config: what to compute.
    data: zip files or folders of photographs.
    folder: the run's; it resumes if it holds a state.
    init: a checkpoint folder to take the first weights from.
    limit: use only the first so many photographs (0: all).

    """
    # Set up the networks, and go back to the last state if there is one.
    keep_freed_memory()
    trainer = Trainer(config, init)
    accelerator, run = trainer.accelerator, Run(folder)
    if accelerator.is_main_process:
        run.begin(config)
    accelerator.wait_for_everyone()
    first = 0
    if found := run.state():
        state, first = found
        accelerator.load_state(str(state))
    if accelerator.is_main_process:
        run.forget_after(first)

    # Read the photographs once; every batch is a function of seed, process and step.
    photos = load_photos(data, accelerator.device, limit)
    last = -(-config.images // trainer.pictures_a_step)
    seed = (config.seed, accelerator.process_index)
    stream = batches(photos, config.size, config.batch, seed, range(first, last))
    shown = draw_batch(photos, config.size, 8, (config.seed, 2**31))

    # Train; a Ctrl-C lets the step end, and saves like the last step does.
    bar = tqdm(
        total=last * trainer.pictures_a_step,
        initial=first * trainer.pictures_a_step,
        unit=" images",
        disable=not accelerator.is_main_process,
        smoothing=0.05,
    )
    done = first
    with stop_signal() as stop:
        for step, batch in enumerate(stream, start=first):
            terms = trainer.step(step, batch)
            done = step + 1
            bar.update(trainer.pictures_a_step)
            if accelerator.is_main_process and done % config.log_every == 0:
                log(run, bar, done, terms)
            if done % config.save_every == 0 and done < last:
                save(trainer, run, done, shown)
            if trainer.agree(stop.is_set()):
                sentence = f"stopped at step {done}; the same command goes on from here"
                bar.write(sentence, file=sys.stderr)
                break
    bar.close()
    save(trainer, run, done, shown)


def log(run: Run, bar: tqdm, step: int, terms: dict[str, Tensor]) -> None:
    """One line of stats.jsonl, and the losses at the end of the progress bar."""
    values = {name: round(float(term), 6) for name, term in terms.items()}
    run.log(step=step, images=bar.n, **values)
    bar.set_postfix(
        {name: f"{values[name]:.3f}" for name in ("l1_hole", "discriminator") if name in values}
    )


def save(trainer: Trainer, run: Run, step: int, shown: Batch) -> None:
    """Write the state, the checkpoint and a sample sheet; each whole or not at all."""
    accelerator = trainer.accelerator
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        run.save_state(step, accelerator.save_state)
        images = step * trainer.pictures_a_step
        replace_folder(run.checkpoint, lambda place: trainer.export(Path(place), images))
        sheet(trainer.averaged.module, shown).save(run.samples / f"{images:09d}.jpg", quality=92)
    accelerator.wait_for_everyone()


@torch.no_grad()
def sheet(generator: nn.Module, batch: Batch) -> Image.Image:
    """A row a picture: with its hole, SINet's composite, GPNet's composite, the truth."""
    image, mask = batch
    prediction = generator(image, mask)
    columns = [image * (1 - mask)]
    columns += [composite(image, mask, picture) for picture in prediction]
    rows = torch.cat([*columns, image], dim=3).clamp(-1, 1)  # B x 3 x S x 4S
    pixels = ((torch.cat(list(rows), dim=1) + 1) * 127.5).round().byte()  # 3 x BS x 4S
    return Image.fromarray(pixels.permute(1, 2, 0).cpu().numpy())
