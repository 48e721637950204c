"""From a bare Python to a running program: what is asked, made, mended, handed over. No network, no pip.

The two edges are fakes (`subprocess.run` and `os.execve`); the stamps, the lock and the folders are real.
"""

import ast
import os
import runpy
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from site_builder import bootstrap
from site_builder.errors import SiteError

ROOT = bootstrap.CHECKOUT
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = dict(
    line.split("==")
    for line in bootstrap.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fakes stand for POSIX")


class KilledError(BaseException):
    """The process ends here, as by SIGKILL: nothing may catch it."""


class ReplacedError(BaseException):
    """`os.execve` was called: the process is another one now."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        super().__init__()
        self.command = command
        self.environment = environment


class Tools:
    """Stands for venv, pip and the python of a `.venv`: notes what was run, leaves what they would."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.pip_commands: list[list[str]] = []
        self.says = bootstrap.READY  # what the python of a .venv answers
        self.fails: dict[str, str] = {}  # step -> what it prints before it fails
        self.killed_in = ""

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run`."""
        if not Path(command[0]).exists():
            raise FileNotFoundError(2, "No such file or directory", command[0])
        step = "ask" if command[1] == "-c" else command[2]
        self.ran.append(step)
        if step == "venv":
            make_venv(Path(command[3]))
        if step == "pip":
            self.pip_commands.append(command)
            (Path(command[0]).parent / "half-a-package").touch()
        if step == self.killed_in:
            raise KilledError
        if step in self.fails:
            return subprocess.CompletedProcess(command, 1, self.fails[step])
        return subprocess.CompletedProcess(command, self.says if step == "ask" else 0, "")


def make_venv(venv: Path) -> None:
    """What `python -m venv` leaves, as far as it matters here."""
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (venv / "bin/python").write_text("")
    (venv / "bin/python").chmod(0o755)


def stamp(checkout: Path) -> str:
    return bootstrap.read_stamp(checkout / ".venv")


def hand_over_of(checkout: Path) -> ReplacedError:
    """Run `main`, which is to end in a hand-over."""
    with pytest.raises(ReplacedError) as caught:
        bootstrap.main(checkout)
    return caught.value


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> Tools:
    """A bare interpreter, started as `python3 build.py check`, and fake tools."""
    fake = Tools()

    def execve(path: str, command: list[str], environment: dict[str, str]) -> None:
        assert path == command[0]
        raise ReplacedError(command, environment)

    monkeypatch.setattr(bootstrap, "missing_packages", lambda path: ["nh3"])
    monkeypatch.setattr(subprocess, "run", fake.run)
    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(sys, "orig_argv", ["python3", "-X", "utf8", "build.py", "check"])
    for name in (bootstrap.NO_VENV, bootstrap.GUARD):
        monkeypatch.delenv(name, raising=False)
    return fake


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def test_first_run_makes_the_venv_and_goes_on_in_it(
    tools: Tools, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced = hand_over_of(checkout)
    python = str(checkout / ".venv/bin/python")
    assert tools.ran == ["venv", "pip"]
    assert tools.pip_commands[0][0] == python
    assert tools.pip_commands[0][-4:] == ["-c", str(bootstrap.CONSTRAINTS), "-e", str(checkout)]
    assert replaced.command == [python, "-X", "utf8", "build.py", "check"]
    assert replaced.environment[bootstrap.GUARD] == str(checkout / ".venv")
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert bootstrap.NO_VENV in err


def test_second_run_only_hands_over(tools: Tools, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_over_of(checkout)
    tools.ran.clear()
    capsys.readouterr()
    hand_over_of(checkout)
    assert tools.ran == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("step", ["venv", "pip"])
def test_a_killed_first_run_is_mended_by_the_next(tools: Tools, checkout: Path, step: str) -> None:
    tools.killed_in = step
    with pytest.raises(KilledError):
        bootstrap.main(checkout)
    assert stamp(checkout) == bootstrap.UNFINISHED
    (checkout / ".venv/left-over").touch()
    tools.ran.clear()
    tools.killed_in = ""
    hand_over_of(checkout)
    assert tools.ran == ["venv", "pip"]  # what a half-made one says of itself is not believed
    assert not (checkout / ".venv/left-over").exists()
    assert stamp(checkout) != bootstrap.UNFINISHED


def test_a_venv_of_the_test_command_is_asked_once(tools: Tools, checkout: Path) -> None:
    make_venv(checkout / ".venv")
    hand_over_of(checkout)
    hand_over_of(checkout)
    assert tools.ran == ["ask"]


def test_a_venv_without_the_packages_gets_them(tools: Tools, checkout: Path) -> None:
    make_venv(checkout / ".venv")
    (checkout / ".venv/kept").touch()
    tools.says = bootstrap.LACKS_PACKAGES
    hand_over_of(checkout)
    assert "venv" not in tools.ran
    assert tools.ran[-1] == "pip"
    assert (checkout / ".venv/kept").exists()


def test_a_venv_whose_python_is_gone_is_made_anew(tools: Tools, checkout: Path) -> None:
    hand_over_of(checkout)
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to(checkout / "an-uninstalled-python")
    tools.says = 1
    hand_over_of(checkout)
    assert tools.ran[-2:] == ["venv", "pip"]


def test_changed_pins_are_installed(tools: Tools, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_over_of(checkout)
    changed = checkout / "constraints.txt"
    changed.write_text("nh3==9.9.9\n")
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", changed)
    hand_over_of(checkout)
    assert tools.ran == ["venv", "pip", "ask", "pip"]


def test_no_venv_prints_the_command_instead(
    tools: Tools, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(bootstrap.NO_VENV, "1")
    assert bootstrap.main(checkout) == 2
    assert f"-m pip install -c {bootstrap.CONSTRAINTS} -e {checkout}" in capsys.readouterr().err
    assert not (checkout / ".venv").exists()
    assert tools.ran == []


def test_an_installed_package_makes_no_venv(tools: Tools, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(tmp_path) == 2
    assert f"'nh3>={bootstrap.REQUIRED['nh3'][1]}'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert tools.ran == []


def test_never_hands_over_twice(
    tools: Tools, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced = hand_over_of(checkout)
    monkeypatch.setenv(bootstrap.GUARD, replaced.environment[bootstrap.GUARD])
    assert bootstrap.main(checkout) == 2
    assert "nh3" in capsys.readouterr().err
    monkeypatch.delenv(bootstrap.GUARD)
    tools.says = bootstrap.LACKS_PACKAGES
    hand_over_of(checkout)
    assert tools.ran[-1] == "pip"


@pytest.mark.parametrize("present", ["a folder", "a file"])
def test_what_is_no_venv_is_left_alone(
    tools: Tools, checkout: Path, present: str, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = checkout / ".venv/thesis.txt" if present == "a folder" else checkout / ".venv"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("years of work")
    assert bootstrap.main(checkout) == 2
    assert mine.read_text() == "years of work"
    assert capsys.readouterr().err.startswith("site-builder: ")
    assert "venv" not in tools.ran


@pytest.mark.parametrize(
    ("step", "output", "hint"),
    [
        ("venv", "ensurepip is not available. On Debian systems …", "apt install python3-venv"),
        ("pip", "NewConnectionError: Temporary failure in name resolution", "is there a network?"),
        ("pip", "ERROR: No matching distribution found for nh3", "is there a network?"),
        ("pip", "OSError: [Errno 28] No space left on device", "disk space"),
        ("pip", "OSError: [Errno 30] Read-only file system", "writable"),
        ("pip", "\n".join(f"line {n}" for n in range(100)), bootstrap.NO_VENV),
    ],
)
def test_a_failing_tool_is_shown_with_a_hint(
    tools: Tools, checkout: Path, step: str, output: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tools.fails[step] = output
    assert bootstrap.main(checkout) == 2
    err = capsys.readouterr().err
    assert output.splitlines()[-1] in err
    assert hint in err.splitlines()[-1]
    assert len(err.splitlines()) <= 10


def test_a_folder_that_cannot_be_written_is_one_line(
    tools: Tools, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path, exist_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert bootstrap.main(checkout) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert bootstrap.NO_VENV in err


def test_the_second_of_two_first_runs_waits(
    tools: Tools, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    venv = checkout / ".venv"
    venv.mkdir()
    other = (venv / bootstrap.LOCK).open("a")
    assert bootstrap.try_lock(other.fileno())

    def other_finishes(_: float) -> None:
        make_venv(venv)
        (venv / bootstrap.STAMP).write_text(bootstrap.fingerprint(bootstrap.python_of(venv)))
        other.close()

    monkeypatch.setattr(time, "sleep", other_finishes)
    hand_over_of(checkout)
    assert tools.ran == []
    assert "waiting" in capsys.readouterr().err


def test_versions_are_read_off_the_metadata_folders(tmp_path: Path) -> None:
    for name in (
        "PyYAML-6.0.3.dist-info",
        "charset_normalizer-3.4.1.dist-info",
        "Markdown-3.4-py3.11.egg-info",
        "tqdm",
    ):
        (tmp_path / name).mkdir()
    path = [str(tmp_path), str(tmp_path / "absent.zip")]
    assert bootstrap.installed_versions(path) == {
        "pyyaml": "6.0.3",
        "charset-normalizer": "3.4.1",
        "markdown": "3.4",
    }
    missing = bootstrap.missing_packages(path)
    assert "markdown" in missing  # there, but too old
    assert "tqdm" in missing  # its files are there, but it was never installed to the end
    assert "pyyaml" not in missing


def test_the_environment_of_the_tests_needs_no_hand_over() -> None:
    assert bootstrap.missing_packages(sys.path) == []
    assert bootstrap.ask(Path(sys.executable), ROOT) == bootstrap.READY


def test_a_bare_venv_is_of_no_use(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    assert bootstrap.ask(bootstrap.python_of(tmp_path / "bare"), ROOT) not in (
        bootstrap.READY,
        bootstrap.LACKS_PACKAGES,
    )


def test_a_failing_step_is_named(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("a") as lock, pytest.raises(SiteError, match="no_such_module"):
        bootstrap.run([sys.executable, "-m", "no_such_module"], lock.fileno())


def test_build_py_in_a_bare_interpreter() -> None:
    """For real, with `-S`: no site-packages."""
    done = subprocess.run(
        [sys.executable, "-S", str(ROOT / "build.py")],
        env={**os.environ, bootstrap.NO_VENV: "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "-m pip install -c" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 13)])
def test_build_py_in_an_old_interpreter(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(ROOT / "build.py"), run_name="__main__")
    monkeypatch.undo()
    assert caught.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("site-builder: needs Python 3.11 or newer")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("name", ["build.py", "site_builder/bootstrap.py"])
def test_old_pythons_can_parse(name: str) -> None:
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_build_py_does_nothing_when_a_worker_imports_it() -> None:
    runpy.run_path(str(ROOT / "build.py"), run_name="__mp_main__")


def test_requirements_are_those_of_pyproject() -> None:
    assert [f"{name}>={least}" for name, (_, least) in bootstrap.REQUIRED.items()] == PYPROJECT["project"][
        "dependencies"
    ]


def test_every_dependency_is_pinned_at_or_above_its_minimum() -> None:
    for name, (_, least) in bootstrap.REQUIRED.items():
        assert bootstrap.numbers(PINS[name]) >= bootstrap.numbers(least)
    for requirement in PYPROJECT["project"]["optional-dependencies"]["test"]:
        assert requirement.split(">")[0].split("[")[0].lower() in PINS


def test_the_readme_names_the_commands_that_ci_runs() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("python3 build.py") for line in lines)
    install, run = '.venv/bin/python -m pip install -e ".[test]"', ".venv/bin/python -m pytest"
    assert f"python3 -m venv .venv && {install} && {run}" in lines
