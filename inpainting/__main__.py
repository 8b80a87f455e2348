"""python -m inpainting  erase | train | curve | mnist | evaluate | costs: thin over the package."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from inpainting.errors import InpaintingError
from inpainting.training.config import TrainConfig
from inpainting.training.flags import takes_config

if TYPE_CHECKING:
    from inpainting.batch import Job
    from inpainting.pipeline import Inpainter

SHIPPED = Path(__file__).parent.parent / "checkpoints" / "photo"

app = typer.Typer(
    help="Erase things from photographs; train and measure the network that does it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)

MASKS_HELP = "shapes for objects; for given and removal one mask a photo, of its stem"
PEER_HELP = (
    "mean, telea, ns, biharmonic, patchmatch, our own stages sinet and gpnet, or name=file.pt, "
    "name=file.onnx of another model; default: all that need no file"
)
Existing = Annotated[Path, typer.Argument(exists=True)]
Weights = Annotated[
    str, typer.Option(help="checkpoint folder, or owner/name[@revision] on the Hub")
]


@app.command()
def erase(
    photo: Existing,
    mask: Existing,
    out: Annotated[Path, typer.Option("-o", "--out", help="file, or folder for a folder")],
    checkpoint: Weights = str(SHIPPED),
    margin: Annotated[int | None, typer.Option(min=0, help="pixels to grow the mask by")] = None,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, mps; default: the fastest")] = None,
) -> None:
    """Erase from PHOTO what is white in MASK; both may be folders, matched by stem."""
    from inpainting.batch import jobs
    from inpainting.pipeline import Inpainter

    todo = jobs(photo, mask, out)
    inpainter = Inpainter.from_pretrained(checkpoint, device=device)
    refused = 0
    for job in tqdm(todo, unit=" photos", disable=len(todo) == 1):
        try:
            erase_file(inpainter, job, margin)
        except (InpaintingError, OSError) as refusal:
            refused += 1
            tqdm.write(f"{job.photo.name}: {refusal}", file=typer.get_text_stream("stderr"))
    raise typer.Exit(1 if refused else 0)


def erase_file(inpainter: "Inpainter", job: "Job", margin: int | None) -> None:
    """Read, erase and write one job."""
    from inpainting.mask import read_mask
    from inpainting.photo import read_photo, write_photo

    if job.mask is None:
        raise InpaintingError("there is no mask of that stem: add one, or name one mask for all")
    photo = read_photo(job.photo)
    result = inpainter(photo, read_mask(job.mask, photo.size), margin)
    job.out.parent.mkdir(parents=True, exist_ok=True)
    write_photo(result, job.out)


@app.command()
@takes_config(TrainConfig())
def train(
    config: TrainConfig,
    data: Annotated[list[Path], typer.Option(help="zip files or folders of photographs")],
    run: Annotated[Path, typer.Option(help="run folder; an existing one is resumed")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="[DATA]...")] = None,
    init: Annotated[Path | None, typer.Option(help="checkpoint folder to start from")] = None,
    limit: Annotated[int, typer.Option(help="use only the first so many photographs")] = 0,
) -> None:
    """Train a generator on photographs; stop with Ctrl-C, go on with the same command."""
    from inpainting.training.loop import train

    train(config, data + (more or []), run, init, limit)  # as in --data A.zip B.zip


@app.command()
def curve(
    runs: Annotated[list[Path], typer.Argument(exists=True, file_okay=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="a .png or .svg file")],
) -> None:
    """Draw the losses of training runs, one panel a loss, one line a run."""
    from inpainting.training.curve import draw

    draw(runs, out)


@app.command()
def mnist(
    data: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="the four files of MNIST")
    ],
    out: Annotated[Path, typer.Option(help="the study's folder; an unfinished study goes on")],
    quick: Annotated[bool, typer.Option("--quick", help="small: shows that it works")] = False,
    seeds: Annotated[int, typer.Option(min=1, help="runs of each arm")] = 3,
    first_seed: Annotated[int, typer.Option(min=0, help="of these runs")] = 0,
    docs: Annotated[Path | None, typer.Option(help="copy document and figures there")] = None,
) -> None:
    """Ask on MNIST's digits whether the paper's loss helps, and write the answer."""
    from inpainting.training.mnist import config
    from inpainting.training.mnist.study import study

    numbers = config.StudyConfig(seeds=seeds, first_seed=first_seed)
    print(study(config.quick(numbers) if quick else numbers, data, out, docs))


@app.command()
def evaluate(
    photos: Annotated[Path, typer.Option(exists=True, file_okay=False, help="photographs")],
    out: Annotated[Path, typer.Option(help="the run's folder; an unfinished run goes on")],
    holes: Annotated[
        list[str],
        typer.Option(help="thin, medium, thick, objects, twins, shadows, given or removal"),
    ] = ["medium"],
    size: Annotated[list[int], typer.Option(help="256 or 512: side in pixels")] = [512],
    masks: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help=MASKS_HELP)
    ] = None,
    black_holes: Annotated[bool, typer.Option(help="in those masks black is the hole")] = False,
    cutouts: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="for twins, shadows: PNG or WebP with alpha"
        ),
    ] = None,
    peer: Annotated[list[str] | None, typer.Option(help=PEER_HELP)] = None,
    results: Annotated[
        list[str] | None, typer.Option(help="name=folder of results for given or removal holes")
    ] = None,
    against: Annotated[str, typer.Option(help="the method to pair the others with")] = "patchmatch",
    checkpoint: Weights = str(SHIPPED),
    limit: Annotated[int, typer.Option(help="a seeded sample of so many photographs")] = 0,
    seed: Annotated[int, typer.Option(help="of the holes, the twins and the sample")] = 0,
    time_limit: Annotated[float, typer.Option(help="seconds a method has for one picture")] = 60,
) -> None:
    """Score the eraser beside its rivals on the same holes, and write the tables."""
    from inpainting.evaluation.benchmark import chosen, evaluate, named
    from inpainting.evaluation.cases import CaseSettings

    settings = CaseSettings(
        photos, tuple(holes), tuple(size), seed, limit, masks, black_holes, cutouts
    )
    methods = chosen(peer or [], checkpoint)
    print(evaluate(settings, methods, named(results or []), out, against, time_limit))


@app.command()
def costs(
    megapixels: Annotated[list[int], typer.Argument(min=1)] = [1, 12, 24],
    checkpoint: Weights = str(SHIPPED),
) -> None:
    """Print seconds and peak memory of one erase for photographs of these sizes."""
    from inpainting.evaluation.costs import table

    print(table(megapixels, checkpoint))


def main() -> None:
    """Run the command line; our own refusals are one sentence on stderr and exit code 1."""
    try:
        app()
    except InpaintingError as refusal:
        typer.secho(str(refusal), fg="red", err=True)
        raise SystemExit(1) from refusal
    except ModuleNotFoundError as error:
        sentence = f"{error.name} is not installed: pip install -r requirements-dev.txt"
        typer.secho(sentence, fg="red", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
