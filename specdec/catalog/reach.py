"""Whether a model is here, and whether the Hugging Face hub can be asked for it. Torch-free."""

from pathlib import Path

from huggingface_hub import HfApi, constants, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from specdec.catalog.hub import HUB_MODELS, packaged_folder
from specdec.errors import UserError, first_line

CONFIG = "config.json"
PATIENCE = 2.0  # seconds until the hub counts as out of reach


def is_here(source: str, file: str) -> bool:
    """Whether the source is a folder, or the hub's cache has this file of it."""
    if Path(source).exists():
        return True
    try:
        return isinstance(try_to_load_from_cache(source, file), str)
    except HFValidationError:  # not a valid repository name; transformers will report that itself
        return False


def packaged(source: str) -> Path | None:
    """The folder of a model that was fetched from a package; None if it was not, and if the hub's cache has it."""
    package = HUB_MODELS[source].package if source in HUB_MODELS else None
    folder = package and packaged_folder(source, package)
    return folder if folder and folder.is_dir() and not is_here(source, CONFIG) else None


def check(source: str) -> None:
    """Raises UserError for a model that is neither a folder nor in the hub's cache while the hub cannot be reached.
    Libraries would try several times, for half a minute."""
    if is_here(source, CONFIG) or packaged(source) or constants.HF_HUB_OFFLINE:
        return
    try:
        HfApi().model_info(source, timeout=PATIENCE)
    except (HfHubHTTPError, HFValidationError):  # it was reached; transformers will say what is wrong with the model
        return
    except Exception as error:  # of the HTTP library that the hub's one uses
        raise UserError("errors.hub_unreachable", value=source, why=first_line(error)) from None
