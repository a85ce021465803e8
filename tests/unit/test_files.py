"""Files take their place whole, through links, and nothing but a regular file is ever replaced."""

import os
import stat

import pytest

from specdec import files


@pytest.fixture
def full(tmp_path):
    """A file that holds something."""
    path = tmp_path / "full"
    path.write_text("old")
    return path


def replace(path, content="new"):
    files.write_text(path, content)


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_file_takes_its_place_whole(tmp_path, full):
    for path in (full, tmp_path / "fresh"):
        replace(path, "“new”")
        assert path.read_text(encoding="utf-8") == "“new”"
    assert names(tmp_path) == {"full", "fresh"}


def test_what_fails_midway_leaves_the_old_file_and_nothing_else(tmp_path, full):
    with pytest.raises(KeyboardInterrupt), files.replacing(full) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert full.read_text() == "old" and names(tmp_path) == {"full"}


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path, full):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to(full)
    replace(tmp_path / "one")
    assert full.read_text() == "new" and (tmp_path / "one").is_symlink() and (tmp_path / "two").is_symlink()


def test_a_link_to_nothing_makes_the_file_that_it_points_to(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "fresh")
    replace(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "fresh").read_text() == "new"


@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "folder", "loop", "no folder", "file as a folder"])
def test_a_place_that_is_no_regular_file_is_refused_and_stays(tmp_path, full, kind):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link to a pipe").symlink_to(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    places = {"no folder": tmp_path / "nowhere" / "x", "file as a folder": full / "x"}
    before = {path: path.lstat().st_mode for path in tmp_path.iterdir()}
    with pytest.raises(OSError):
        replace(places.get(kind, tmp_path / kind))
    assert {path: path.lstat().st_mode for path in tmp_path.iterdir()} == before


@pytest.mark.skipif(not os.path.exists(os.devnull), reason="there is no device to try")
def test_a_device_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(os.devnull)
    with pytest.raises(OSError, match="no regular file"):
        replace(tmp_path / "link")
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_permissions_stay(full, mode):
    full.chmod(mode)
    replace(full)
    assert stat.S_IMODE(full.stat().st_mode) == mode


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    replace(tmp_path / "fresh")
    (tmp_path / "other").touch()
    assert (tmp_path / "fresh").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_copy_takes_its_place_whole_too(tmp_path, full):
    (tmp_path / "source").write_bytes(b"new")
    files.copy(tmp_path / "source", full)
    assert full.read_text() == "new" and names(tmp_path) == {"full", "source"}


@pytest.mark.parametrize("raw", ["One\ntwo\n", "\ufeffOne\r\ntwo\r\n", "One\rtwo\r"], ids=ascii)
def test_text_is_the_same_whatever_its_mark_and_line_ends(raw):
    assert files.text(raw.encode()) == "One\ntwo\n"
