"""Checkpoints: config.json + model.safetensors <-> Generator, in a folder or on the Hub.

[checkpoint] -> generator. The only module that knows the Hub; its library is imported where it is
needed, so that a start from a folder asks for no network and waits for no import.
"""

import errno
import hashlib
import json
import os
import re
import reprlib
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_origin, get_type_hints

import safetensors.torch
import torch
from torch import Tensor

from inpainting.errors import InpaintingError
from inpainting.generator import Generator, GeneratorConfig

FORMAT = 1  # of config.json: "format", "generator" (its config) and "about", beside fp16 weights
CONFIG, WEIGHTS = "config.json", "model.safetensors"
LARGEST = 2**16  # a number in a config beyond this is a slip, and more than torch can count
HUB_ID = re.compile(r"(?P<repo>\w[\w.-]*/\w[\w.-]*)(?:@(?P<revision>.+))?")
COMMIT = re.compile(r"[0-9a-f]{40}")  # never moves, unlike a branch or a tag
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
    snapshot = _download(repo, pinned or revision or "main")
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


def _download(repo: str, revision: str) -> Path:
    """Bring both files, of one commit, into the Hub's cache; return their folder there."""
    from huggingface_hub import errors, hf_hub_download

    name, commit, trouble = CONFIG, revision, None
    try:
        trouble = _trouble(repo, revision)
        patient = trouble is None or isinstance(trouble, errors.HfHubHTTPError)  # it did answer
        for name in (CONFIG, WEIGHTS):
            path = Path(hf_hub_download(repo, name, revision=commit, local_files_only=not patient))
            commit = path.parent.name  # the weights of the same commit, even if the branch moves
    except (errors.HTTPError, OSError, ValueError) as error:
        cause = trouble or error
        raise InpaintingError(_refusal(error, _reason(cause), repo, revision, name)) from cause
    if trouble:
        warnings.warn(
            f"the Hub did not answer for {repo}@{revision} ({_reason(trouble)}): using {commit}",
            stacklevel=3,
        )
    return path.parent


def _trouble(repo: str, revision: str) -> Exception | None:
    """Ask the Hub once, within seconds, as hf_hub_download alone would try for minutes.

    Returns what is in the way of an answer, or None. A plain no (no such model) is raised.
    """
    from huggingface_hub import errors, get_hf_file_metadata, hf_hub_url, try_to_load_from_cache

    cached = (try_to_load_from_cache(repo, name, revision=revision) for name in (CONFIG, WEIGHTS))
    if COMMIT.fullmatch(revision) and all(isinstance(path, str) for path in cached):
        return None
    try:
        answer = get_hf_file_metadata(hf_hub_url(repo, CONFIG, revision=revision))
    except errors.HfHubHTTPError as error:
        if error.response.status_code < 500 and error.response.status_code != 429:
            raise
        return error
    except (errors.HTTPError, errors.OfflineModeIsEnabled) as error:
        return error
    return None if answer.commit_hash else OSError(errno.EPROTO, "what answered is no Hub")


def _refusal(error: Exception, reason: str, repo: str, revision: str, name: str) -> str:
    """A sentence in our own words only, so that no token and no signed link is in it."""
    from huggingface_hub import errors

    place = f"{repo}@{revision}"
    sentences = {
        errors.LocalEntryNotFoundError: f"the Hub did not answer for {place} ({reason}) and its "
        f"cache has no {name} of it: check the network, or name a folder",
        errors.GatedRepoError: f"{place} is gated on the Hub ({reason}): ask for access on its "
        "page there, then set HF_TOKEN or run `hf auth login`",
        errors.RevisionNotFoundError: f"{repo} on the Hub has no revision {revision}: name a "
        "branch, a tag or a commit of it",
        errors.RemoteEntryNotFoundError: f"{place} on the Hub has no {name}: a checkpoint is "
        f"{CONFIG} and {WEIGHTS}",
        errors.HfHubHTTPError: f"there is no folder {repo} here, and the Hub does not hand out "
        f"{name} of {place} ({reason}): check the name, or if it is private set HF_TOKEN or run "
        "`hf auth login`",
        Exception: f"{name} of {place} was not downloaded whole ({reason}) and none of it is kept: "
        "try again",
    }
    return next(text for kind, text in sentences.items() if isinstance(error, kind))


def _reason(error: Exception) -> str:
    from huggingface_hub import errors

    if isinstance(error, errors.OfflineModeIsEnabled):
        return "HF_HUB_OFFLINE is set"
    if isinstance(error, errors.HfHubHTTPError):
        return f"HTTP {error.response.status_code}"
    return getattr(error, "strerror", None) or type(error).__name__
