"""One method in a process of its own: it may hang or crash, and its peak memory is its own.

Nothing here imports torch, so that the process of a classical method never does.
"""

import multiprocessing
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Literal

import numpy as np

from inpainting.errors import InpaintingError
from inpainting.evaluation.peers import PEERS, Fill, package
from inpainting.hub import CONFIG, WEIGHTS

STAGES = ("sinet", "gpnet")  # of our generator, each where the erase path would end with it
KNOWN_LEVELS = 8  # of 255, on average: the losses of an autoencoder pass, a reversed mask does not


@dataclass(frozen=True)
class Method:
    """One method as the command line names it; it travels to the process that runs it."""

    name: str  # for sentences and tables; a classical one's is its key in PEERS
    kind: Literal["classical", "checkpoint", "sinet", "gpnet", "file"]
    source: str = ""  # checkpoint folder or Hub id, or the model's file

    def identity(self) -> str:
        """A few words that change when its weights or its library do; a Hub id stands for itself.

        Raises
        ------
        InpaintingError: its file cannot be read, or its package is not installed.

        """
        if self.kind == "classical":
            return package(self.name)
        place = Path(self.source).expanduser()
        if self.kind != "file" and not place.is_dir():
            return f"{self.kind} {self.source}"
        files = [place] if self.kind == "file" else [place / CONFIG, place / WEIGHTS]
        digest = sha256()
        try:
            for file in files:
                digest.update(file.read_bytes())
        except OSError as error:
            raise InpaintingError(
                f"{self.name}: {error.filename} cannot be read ({error.strerror}): name another"
            ) from error
        return f"{self.kind} {digest.hexdigest()}"


@dataclass(frozen=True)
class Filled:
    """What a method made of one picture, and what that took."""

    picture: np.ndarray  # HxWx3 uint8 RGB, not yet composited
    seconds: float  # of the fill alone
    peak_mib: float  # the most memory that its process has held so far


class OwnProcess:
    """Runs one method in one child process, which ends with the `with` block, whatever it does.

    A child that crashed or was killed for its slowness costs the picture it was at: the next
    picture gets a new one.

    method: loaded in the child, at the start of the `with` block.
    limit: seconds for one picture.
    load_limit: seconds to load the method.
    parameters: of its network, known once it is loaded; None for those that cannot be counted.

    Raises
    ------
    InpaintingError: from `with` and from every method; it names the method and says whether it
        refused, failed, gave no answer in time, or broke its process.

    """

    def __init__(self, method: Method, limit: float = 60.0, load_limit: float = 120.0):
        self.method = method
        self.limit = limit
        self.load_limit = load_limit
        self.parameters: int | None = None

    def __enter__(self) -> "OwnProcess":
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(self, photo: np.ndarray, hole: np.ndarray) -> Filled:
        """Fill one picture.

        A new process fills its first one twice: the first run imports and prepares things.

        photo: HxWx3 uint8 RGB, the hole blotted out; hole: HxW bool, True = hole.
        """
        self._ensure()
        if self.cold:
            self._ask(self.limit, _timed, photo, hole)
            self.cold = False
        filled = Filled(*self._ask(self.limit, _timed, photo, hole))
        check_picture(self.method.name, filled.picture, photo)
        check_known(self.method.name, filled.picture, photo, hole)
        return filled

    def macs(self, photo: np.ndarray, hole: np.ndarray) -> float | None:
        """Multiply-adds of one fill; None for the classical, for ONNX, and where torch sees none.

        Counting takes time and memory: ask last.
        """
        if self.method.kind == "classical":
            return None
        self._ensure()
        return self._ask(self.limit + self.load_limit, _counted, photo, hole)

    def _ensure(self) -> None:
        if not self.child.is_alive():
            self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()  # not a pool, which could wait for ever
        self.child = context.Process(target=_serve, args=(self.method, theirs), daemon=True)
        self.child.start()
        theirs.close()  # the child's end is then the only one, and its death is noticed
        self.cold = True
        try:
            self.parameters = self._ask(self.load_limit)
        except InpaintingError:
            self._stop()
            raise

    def _stop(self) -> None:
        self.child.kill()
        self.child.join(10)
        self.pipe.close()

    def _ask(self, limit: float, *request: object) -> object:
        """Send a request (work, photo, hole), if any, and wait for what the child answers."""
        name = self.method.name
        try:
            if request:
                self.pipe.send(request)
            answered = self.pipe.poll(limit)
            answer = self.pipe.recv() if answered else None
        except (EOFError, OSError) as error:
            self.child.join(10)
            raise InpaintingError(
                f"{name} broke its process ({ending(self.child.exitcode)}): leave it out, or make "
                "the pictures smaller"
            ) from error
        if not answered:
            self._stop()
            raise InpaintingError(
                f"{name} gave no answer in {limit:g} s: leave it out, give it more time, or make "
                "the pictures smaller"
            )
        if isinstance(answer, InpaintingError):
            raise answer
        return answer


def check_picture(name: str, picture: np.ndarray, photo: np.ndarray) -> None:
    """Refuse what is no uint8 picture of the photo's shape."""
    if picture.dtype != np.uint8 or picture.shape != photo.shape:
        raise InpaintingError(
            f"{name} answers with {picture.dtype} {picture.shape} where uint8 {photo.shape} is "
            "expected: leave it out, or mend it"
        )


def check_known(name: str, picture: np.ndarray, photo: np.ndarray, hole: np.ndarray) -> None:
    """Refuse a picture that is another photograph, or one filled where it was known.

    picture, photo: HxWx3 uint8; hole: HxW bool, True = hole. Small changes outside of it pass:
    the caller composites.
    """
    known = ~hole
    if not known.any():
        return
    levels = np.abs(picture[known].astype(np.int16) - photo[known]).mean()
    if levels > KNOWN_LEVELS:
        raise InpaintingError(
            f"{name} differs from the photograph outside its hole by {levels:.0f} levels on "
            "average: is its mask's polarity reversed? Here 1 / white = hole"
        )


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None or code >= 0:
        return f"exit code {code}"
    known = {-signal.SIGKILL: "killed, often for want of memory"}
    return known.get(code, f"signal {-code}, {signal.strsignal(-code)}")


def peak_memory() -> float:
    """The most memory that this process has held at once, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux, where getrusage would tell the parent's peak if that is larger
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # macOS counts in bytes


def _serve(method: Method, pipe: Connection) -> None:
    """In the child: load, then do one request after the other until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which kills this one
    loaded = _attempt(method, _load, method)
    with suppress(EOFError, OSError):  # the parent is gone
        if isinstance(loaded, InpaintingError):
            return pipe.send(loaded)
        fill, parameters = loaded
        pipe.send(parameters)
        while True:
            work, photo, hole = pipe.recv()
            pipe.send(_attempt(method, work, fill, photo, hole))


def _attempt(method: Method, work: Callable, *given: object) -> object:
    """What the work gives, or else the refusal that the parent is to raise."""
    try:
        return work(*given)
    except InpaintingError as refusal:
        return InpaintingError(f"{method.name}: {refusal}")
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".strip().partition("\n")[0]
        return InpaintingError(f"{method.name} failed ({reason}): leave it out, or mend it")


def _load(method: Method) -> tuple[Fill, int | None]:
    """The method's fill, and its number of parameters."""
    if method.kind == "classical":
        return PEERS[method.name], None
    from inpainting.evaluation import models

    if method.kind == "file":
        return models.foreign(Path(method.source).expanduser())
    load = {"checkpoint": models.ours, "sinet": models.sinet_alone, "gpnet": models.gpnet_alone}
    return load[method.kind](method.source)


def _timed(fill: Fill, photo: np.ndarray, hole: np.ndarray) -> tuple[np.ndarray, float, float]:
    start = perf_counter()
    picture = fill(photo, hole)
    return picture, perf_counter() - start, peak_memory()


def _counted(fill: Fill, photo: np.ndarray, hole: np.ndarray) -> float | None:
    from inpainting.evaluation.models import multiply_adds

    return multiply_adds(fill, photo, hole)
