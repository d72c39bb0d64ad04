"""Building beside a place: whole or not at all, and nothing of a killed run is left after the next."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys

import pytest

from archive.store.derived import MARK, building, sweep

FILES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "tempfile.mkdtemp")


def killed_at(step: int, act) -> bool:
    """Run ``act`` in a child that is killed before its file operation number ``step``; whether it was."""

    def child() -> None:
        left = step

        def count(event: str, _given: tuple) -> None:
            nonlocal left
            if event in FILES:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        act()
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    return process.exitcode == -signal.SIGKILL


def put(target, text: str) -> None:
    with building(target) as folder:
        (folder / "a").write_text(text)
        (folder / "b").write_text(text)
        if target.exists():
            for file in target.iterdir():
                file.unlink()
            target.rmdir()
        folder.rename(target)


def test_a_run_killed_at_any_step_leaves_nothing_after_the_next(tmp_path):
    target = tmp_path / "out"
    for step in range(60):
        if not killed_at(step, lambda: put(target, "1")):
            break
        put(target, "2")
        assert [path.name for path in tmp_path.iterdir()] == ["out"], step
        assert {file.read_text() for file in target.iterdir()} == {"2"}
    else:
        pytest.fail("never came to its end")
    assert step > 3


def test_what_a_living_process_builds_is_left_alone(tmp_path):
    with building(tmp_path / "out") as first:
        with building(tmp_path / "out") as second:
            assert first.is_dir() and second.is_dir() and first != second
        assert first.is_dir()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["out", ".outer.building-x", ".out.building", "out.building-x", ".o.building-x"]
)
def test_only_folders_of_this_very_name_are_swept(tmp_path, name):
    (tmp_path / name).mkdir()
    sweep(tmp_path, f".out{MARK}")
    assert (tmp_path / name).is_dir()


def test_signs_of_patterns_in_a_name_are_meant_literally(tmp_path):
    (tmp_path / f".abc{MARK}x").mkdir()
    (tmp_path / f".a*{MARK}x").mkdir()
    sweep(tmp_path, f".a*{MARK}")
    assert [path.name for path in tmp_path.iterdir()] == [f".abc{MARK}x"]


def test_a_link_of_that_name_is_not_followed(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / f".out{MARK}x").symlink_to(tmp_path / "mine")
    sweep(tmp_path, f".out{MARK}")
    assert (tmp_path / "mine").is_dir()
