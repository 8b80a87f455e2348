"""Checkpoints: config.json + model.safetensors <-> Generator, in a folder or on the Hub.

[checkpoint] -> generator. What comes from the Hub is brought here by `hub.py`.
"""

import hashlib
import json
import os
import re
import reprlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_origin, get_type_hints

import safetensors.torch
import torch
from torch import Tensor

from inpainting.errors import InpaintingError
from inpainting.generator import Generator, GeneratorConfig
from inpainting.hub import CONFIG, WEIGHTS, download

FORMAT = 1  # of config.json: "format", "generator" (its config) and "about", beside fp16 weights
LARGEST = 2**16  # a number in a config beyond this is a slip, and more than torch can count
HUB_ID = re.compile(r"(?P<repo>\w[\w.-]*/\w[\w.-]*)(?:@(?P<revision>.+))?")
TOGETHER = "take config, weights and program that belong together"  # what to do, often
LFS_POINTER = b"version https://git-lfs"  # stands in for a large file in a clone without Git LFS


@dataclass(frozen=True)
class Checkpoint:
    """A generator, and where it came from."""

    generator: Generator  # in eval mode, float32, on the CPU
    source: str  # the folder, or owner/name on the Hub
    revision: str | None  # the commit, when from the Hub
    sha256: str  # of model.safetensors


def save(
    generator: Generator, folder: Path, about: dict[str, str | int | float] | None = None
) -> None:
    """Write a generator as float16; equal weights give equal files.

    Both files are written beside their places and then renamed, the config last: a reader never
    meets half a file, and a new folder with a config is whole.

    Parameters
    ----------
    generator: on any device, of any float type.
    folder: made if need be; a checkpoint in it is replaced.
    about: where the weights come from, for people: run, step, data, licence.

    Raises
    ------
    InpaintingError: if a weight is NaN or too large for float16; nothing is written then.
    OSError: if the folder cannot be written.

    """
    state = generator.state_dict().items()
    weights = {name: tensor.to("cpu", torch.float16).contiguous() for name, tensor in state}
    _refuse_infinite(weights, f"the generator for {folder}")
    config = {"format": FORMAT, "generator": asdict(generator.config), "about": about or {}}
    text = json.dumps(config, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder, {WEIGHTS: safetensors.torch.save(weights), CONFIG: text.encode()})


def load(source: str | Path, revision: str | None = None) -> Checkpoint:
    """Build a generator from a folder, or from the Hub.

    The Hub's files are kept in its cache. A commit that is there is used without a question. For
    a branch or a tag the Hub is asked first, and if it cannot be reached, the commit in the cache
    is used, with a warning. HF_TOKEN, HF_ENDPOINT, HF_HUB_CACHE, HF_HUB_OFFLINE are honoured.

    Parameters
    ----------
    source: a folder, or ``owner/name`` or ``owner/name@revision`` on the Hub; a folder that exists
        is preferred.
    revision: a branch, tag or commit on the Hub, by default ``main``.

    Raises
    ------
    InpaintingError: if there is no such checkpoint, if it cannot be had, or if it is not exactly
        what its config says: every field and key, of the right type and shape, and finite.

    """
    folder = Path(os.path.expanduser(source))
    hub_id = HUB_ID.fullmatch(source) if isinstance(source, str) else None
    if os.path.exists(folder) or not hub_id:
        if revision:
            raise InpaintingError(
                f"{source} is a folder, or no Hub id, and has no revision {revision}: leave it out"
            )
        return _read(folder, str(source), None)
    repo, pinned = hub_id["repo"], hub_id["revision"]
    if pinned and revision and pinned != revision:
        raise InpaintingError(f"{source} is asked for at {revision}: name one revision, not two")
    snapshot = download(repo, pinned or revision or "main")
    return _read(snapshot, repo, snapshot.name)


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files under other names, safe on the disk, then rename them in their order."""
    parts = {folder / f"{name}.part": folder / name for name in files}
    try:
        for part, content in zip(parts, files.values(), strict=True):
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for part, place in parts.items():
            os.replace(part, place)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _read(folder: Path, source: str, revision: str | None) -> Checkpoint:
    if not os.path.isdir(folder):  # unlike Path's, this answers for a name of any length
        raise InpaintingError(
            f"there is no folder {folder} (seen from {Path.cwd()}): name one that exists, or a "
            "text with a Hub id, owner/name or owner/name@revision"
        )
    place = f"{source}@{revision}, kept in {folder}" if revision else str(folder)
    try:
        config, weights = [(folder / name).read_bytes() for name in (CONFIG, WEIGHTS)]
    except OSError as error:
        raise InpaintingError(
            f"{Path(error.filename).name} of {place} cannot be read ({error.strerror}): "
            f"a checkpoint is a folder with {CONFIG} and {WEIGHTS}"
        ) from error
    generator = _build(_parse_config(config, place), _parse_weights(weights, place), place)
    return Checkpoint(generator, source, revision, hashlib.sha256(weights).hexdigest())


def _parse_config(content: bytes, place: str) -> GeneratorConfig:
    what = f"{CONFIG} of {place}"
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InpaintingError(f"{what} is not JSON ({error}): fetch it again") from error
    found = document.get("format") if isinstance(document, dict) else None
    if type(found) is not int or found != FORMAT:
        raise InpaintingError(
            f"{what} has format {reprlib.repr(found)} but this program reads {FORMAT}: {TOGETHER}"
        )
    _refuse_other_names(document, ("format", "generator", "about"), what)
    for name in ("generator", "about"):
        if not isinstance(document[name], dict):
            raise InpaintingError(f'"{name}" in {what} is no object with named fields: {TOGETHER}')
    values, types = document["generator"], get_type_hints(GeneratorConfig)
    _refuse_other_names(values, types, f'"generator" in {what}')
    fields = {name: _number(f"{name} in {what}", values[name], types[name]) for name in types}
    return GeneratorConfig(**fields)


def _number(name: str, value: object, expected: type) -> int | tuple[int, ...]:
    """A field's value: a whole number, or a JSON list of them where the config has a tuple."""
    many = get_origin(expected) is tuple
    numbers = value if isinstance(value, list) else [value]
    whole = all(type(number) is int and 1 <= number <= LARGEST for number in numbers)
    if many != isinstance(value, list) or not whole:
        wanted = "a list of whole numbers" if many else "a whole number"
        raise InpaintingError(
            f"{name} is {reprlib.repr(value)} but must be {wanted} from 1 to {LARGEST}: {TOGETHER}"
        )
    return tuple(numbers) if many else numbers[0]


def _parse_weights(content: bytes, place: str) -> dict[str, Tensor]:
    if content.startswith(LFS_POINTER):
        raise InpaintingError(f"{WEIGHTS} of {place} is a Git LFS pointer: run `git lfs pull`")
    try:
        return safetensors.torch.load(content)
    except (safetensors.SafetensorError, KeyError, TypeError, RuntimeError) as error:
        # The first for a broken file, the others for types and shapes that torch does not have.
        reason = str(error).partition("\n")[0]
        raise InpaintingError(
            f"{WEIGHTS} of {place} is broken or cut short ({reason}): delete it and fetch it again"
        ) from error


def _build(config: GeneratorConfig, weights: dict[str, Tensor], place: str) -> Generator:
    """Build the generator; ``weights`` must be exactly what it has, float16 and finite."""
    what = f"{WEIGHTS} of {place}"
    with torch.device("meta"):  # shapes only: no memory, no draw from the random numbers
        generator = Generator(config)
    expected = generator.state_dict()
    _refuse_other_names(weights, expected, what)
    for name, tensor in weights.items():
        shape = expected[name].shape
        if tensor.shape != shape or tensor.dtype != torch.float16:
            raise InpaintingError(
                f"{name} in {what} is {tensor.dtype} {list(tensor.shape)} but {CONFIG} asks for "
                f"torch.float16 {list(shape)}: {TOGETHER}"
            )
    _refuse_infinite(weights, what)
    generator.load_state_dict({name: half.float() for name, half in weights.items()}, assign=True)
    return generator.eval()


def _refuse_other_names(names: Iterable[str], expected: Iterable[str], what: str) -> None:
    missing, extra = sorted(set(expected) - set(names)), sorted(set(names) - set(expected))
    wrong = [f"lacks {_three(missing)}"] if missing else []
    wrong += [f"has unknown {_three(extra)}"] if extra else []
    if wrong:
        raise InpaintingError(f"{what} {' and '.join(wrong)}: {TOGETHER}")


def _refuse_infinite(weights: dict[str, Tensor], what: str) -> None:
    broken = sorted(name for name, half in weights.items() if not half.isfinite().all())
    if broken:
        raise InpaintingError(
            f"{what} has weights that are NaN or infinite as float16 in {_three(broken)}: "
            "the training went wrong, take an earlier checkpoint"
        )


def _three(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
