"""The two files of a checkpoint, brought from the Hub into its cache on this machine.

The only module that knows the Hub; its library is imported where it is needed, so that a start
from a folder asks for no network and waits for no import.
"""

import errno
import re
import warnings
from pathlib import Path

from inpainting.errors import InpaintingError

CONFIG, WEIGHTS = "config.json", "model.safetensors"
COMMIT = re.compile(r"[0-9a-f]{40}")  # never moves, unlike a branch or a tag


def download(repo: str, revision: str) -> Path:
    """Bring both files, of one commit, into the Hub's cache; return their folder there.

    If the Hub cannot be reached, what the cache holds of that revision is used, with a warning.

    Raises
    ------
    InpaintingError: if there is no such model, it is private, or it cannot be had.

    """
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
            stacklevel=4,
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
