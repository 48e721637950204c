"""From a bare Python to a running site-builder.

In: an interpreter of which no more is known than its version. Out: the exit code of `site_builder.cli.main`,
run here if this interpreter has the packages, else in `.venv` beside `build.py`, which is made first if need
be. Only the standard library, and syntax that Python 3.7 parses. It reads no settings and builds no site.

What makes a `.venv` ready is its stamp, written last. While it is being made the stamp says so: one that was
killed half-way is made anew by the next run. One without a stamp (the README's test command makes such) is
asked, once. A lock in `.venv` keeps two runs apart; its children hold it too: an orphaned pip is waited for.
"""

import errno
import hashlib
import importlib
import importlib.util
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from site_builder.errors import SiteError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Distribution: (module, least version), the dependencies in pyproject.toml; a test holds the two together.
REQUIRED = {
    "babel": ("babel", "2.16"),
    "charset-normalizer": ("charset_normalizer", "3.4"),
    "feedparser": ("feedparser", "6.0.11"),
    "filelock": ("filelock", "3.16"),
    "jinja2": ("jinja2", "3.1.6"),
    "lxml": ("lxml", "6.0"),
    "lxml-html-clean": ("lxml_html_clean", "0.4.2"),
    "markdown": ("markdown", "3.10.1"),
    "nh3": ("nh3", "0.3.5"),
    "pillow": ("PIL", "12.0"),
    "pygments": ("pygments", "2.19"),
    "pyyaml": ("yaml", "6.0.2"),
    "tqdm": ("tqdm", "4.67"),
    "trafilatura": ("trafilatura", "2.3"),
    "watchdog": ("watchdog", "6.0"),
    "webencodings": ("webencodings", "0.5.1"),
}
CHECKOUT = Path(__file__).resolve().parent.parent
CONSTRAINTS = Path(__file__).resolve().with_name("constraints.txt")

NO_VENV = "SITE_BUILDER_NO_VENV"
GUARD = "SITE_BUILDER_IN_VENV"  # its value is the .venv that the process was handed over to
LOCK, STAMP, UNFINISHED = ".lock", "site-builder.stamp", "unfinished"
READY, LACKS_PACKAGES = 0, 3  # answers of a .venv's python; any other means that it is of no use
ASK = (
    "import sys; sys.version_info < (3, 11) and sys.exit(1); sys.path.insert(0, sys.argv[1]); "
    "from site_builder import bootstrap; sys.exit(bootstrap.answer())"
)

OTHERWISE = f"or set {NO_VENV}=1 to see the pip command and install the packages yourself"
HINTS = (  # what the failing tool said: what helps; the first that matches
    (r"no space left|disk quota", "free some disk space and run it again"),
    (r"permission denied|read-only file system|access is denied", f"make the folder writable, {OTHERWISE}"),
    (
        r"ensurepip|no module named '?(pip|venv)",
        f"on Debian and Ubuntu: apt install python3-venv, {OTHERWISE}",
    ),
    (
        r"connection|name resolution|getaddrinfo|timed out|unreachable|proxy|ssl|no matching distribution",
        f"is there a network? Run it again when there is, {OTHERWISE}",
    ),
    (r"", f"mend that and run it again, {OTHERWISE}"),
)


def main(checkout: Path = CHECKOUT) -> int:
    """Run the process's command line where the packages are; give its exit code, 2 if that cannot be done.

    `checkout` is the folder of `build.py`. On POSIX the hand-over to `.venv` replaces the process.
    """
    missing = missing_packages(sys.path)
    if not missing:
        from site_builder.cli import main as run_command

        return run_command()
    venv = checkout / ".venv"
    try:
        if os.environ.get(NO_VENV, "0") not in ("", "0") or not (checkout / "pyproject.toml").is_file():
            say(f"site-builder: {sys.executable} lacks {', '.join(missing)}; this installs what is missing:")
            say(f"  {pip_command(checkout, missing)}")
            return 2
        if os.environ.get(GUARD) == str(venv):
            with suppress(OSError):
                (venv / STAMP).unlink()  # so that the next run looks again, and mends
            hint = "run it again to mend that; if it does not help, delete .venv first"
            raise SiteError(f"its python lacks {', '.join(missing)}", str(venv), hint)
        if not is_ready(venv, checkout):
            make(venv, checkout)
        return hand_over(venv)
    except SiteError as error:
        say(f"site-builder: {error}")
    except OSError as error:
        say(f"site-builder: .venv cannot be made: {error} ({hint_for(str(error))})")
    except KeyboardInterrupt:
        say("site-builder: interrupted; the next run begins the set-up afresh")
        return 130
    return 2


def missing_packages(path: Sequence[str]) -> list[str]:
    """Names of the required distributions that are absent, or too old, on the module search path `path`."""
    found = installed_versions(path)
    return [
        name
        for name, (module, least) in REQUIRED.items()
        if numbers(found.get(name, "")) < numbers(least) or importlib.util.find_spec(module) is None
    ]


def installed_versions(path: Sequence[str]) -> dict[str, str]:
    """Distribution → version, read off the names of the metadata folders on the search path.

    This runs at each start: 1 ms, where importlib.metadata needs 75 ms for the same ten answers.
    """
    found: dict[str, str] = {}
    for folder in path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # a zip file, or not there: nothing of ours is installed like that
            continue
        for name in names:
            match = re.match(r"(.+?)-(\d[^-]*)(-.*)?\.(dist|egg)-info$", name)
            if match:
                found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return found


def numbers(version: str) -> tuple[int, ...]:
    """`3.10.1` → (3, 10, 1), enough to compare releases with."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def pip_command(checkout: Path, missing: Sequence[str]) -> str:
    """The command that installs what is missing for this interpreter, as one can paste it into a shell."""
    wanted = [f"{name}>={REQUIRED[name][1]}" for name in missing]
    if (checkout / "pyproject.toml").is_file():
        wanted = ["-e", str(checkout)]
    return shlex.join([sys.executable, "-m", "pip", "install", "-c", str(CONSTRAINTS), *wanted])


def is_ready(venv: Path, checkout: Path) -> bool:
    """Whether `venv` can run the program: its stamp says so, or, where it has none, its python does."""
    python = python_of(venv)
    if not os.access(python, os.X_OK):
        return False
    stamp = read_stamp(venv)
    if stamp == fingerprint(python):
        return True
    if stamp or ask(python, checkout) != READY:
        return False
    with suppress(OSError):  # somebody else's folder: then it is asked each time
        (venv / STAMP).write_text(fingerprint(python))
    return True


def make(venv: Path, checkout: Path) -> None:
    """Make or mend `venv`: the project, editable, and its packages at the pinned versions.

    Raises SiteError where venv or pip fail, OSError where the folder cannot be written.
    """
    venv.mkdir(exist_ok=True)
    names = set(os.listdir(venv)) - {LOCK}
    if names and not names & {"pyvenv.cfg", STAMP}:
        raise SiteError("is there, but is no virtual environment", str(venv), "move it away and run it again")
    with locked(venv) as lock:
        if is_ready(venv, checkout):
            return  # made by the run that was waited for
        python = python_of(venv)
        whole = read_stamp(venv) != UNFINISHED and ask(python, checkout) in (READY, LACKS_PACKAGES)
        what = "bringing the packages up to date in" if whole else "making"
        say(f"site-builder: {what} {venv} (once; {NO_VENV}=1 prints the pip command instead)")
        (venv / STAMP).write_text(UNFINISHED)
        if not whole:
            empty(venv)
            # Not sys.executable: that may be the very python in .venv that is being replaced.
            base = getattr(sys, "_base_executable", None) or sys.executable
            run([base, "-m", "venv", str(venv)], lock)
        quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-user", "--retries=2"]
        install = [str(python), "-m", "pip", "install", *quiet]
        run([*install, "-c", str(CONSTRAINTS), "-e", str(checkout)], lock)
        (venv / STAMP).write_text(fingerprint(python))


def hand_over(venv: Path) -> int:
    """Go on in the python of `venv` with the same arguments and options of the interpreter."""
    command = [str(python_of(venv)), *sys.orig_argv[1:]]
    environment = {**os.environ, GUARD: str(venv)}
    environment.pop("__PYVENV_LAUNCHER__", None)  # macOS: names the old python to the new one
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform != "win32":
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the child's to handle
    return subprocess.call(command, env=environment)


def answer() -> int:
    """What the python of a `.venv` says of itself when asked: READY, LACKS_PACKAGES (but has pip), or 1."""
    if not missing_packages(sys.path):
        with suppress(ImportError):  # a pip that was killed leaves halves of packages
            for module, _ in REQUIRED.values():
                importlib.import_module(module)
            return READY
    return LACKS_PACKAGES if importlib.util.find_spec("pip") else 1


def ask(python: Path, checkout: Path) -> int:
    """The answer of `python`; 1 also where there is none, or where it cannot be run."""
    try:
        command = [str(python), "-c", ASK, str(checkout)]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode
    except OSError:
        return 1


def run(command: list[str], lock: int) -> None:
    """Run one step of the set-up quietly; if it fails, show its last lines, raise SiteError with a hint."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        pass_fds=() if sys.platform == "win32" else (lock,),
    )
    if done.returncode:
        lines = done.stdout.strip().splitlines()
        for line in ([line for line in lines if "error" in line.lower()] or lines)[-8:]:
            say(f"  | {line.strip()[:200]}")
        step = " ".join(command[1:4] if command[2] == "pip" else command[1:3])
        raise SiteError(f"`{step}` failed with exit code {done.returncode}", "set-up", hint_for(done.stdout))


def hint_for(output: str) -> str:
    """What is likely to help, told from what a failing tool said."""
    return next(hint for pattern, hint in HINTS if re.search(pattern, output, re.IGNORECASE))


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def fingerprint(python: Path) -> str:
    """What a ready `.venv` is made of: the pins, the requirements, the interpreter behind its `python`."""
    parts = (CONSTRAINTS.read_bytes(), repr(REQUIRED).encode(), os.fsencode(os.path.realpath(python)))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_stamp(venv: Path) -> str:
    """The stamp: a fingerprint, UNFINISHED, or nothing where somebody else made the `.venv`."""
    try:
        return (venv / STAMP).read_text()
    except OSError:
        return ""


def empty(venv: Path) -> None:
    """Delete all in `venv` but the lock that is held and the stamp that says that it is unfinished."""
    for entry in venv.iterdir():
        if entry.name in (LOCK, STAMP):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


@contextmanager
def locked(venv: Path) -> Iterator[int]:
    """Hold the lock of `venv`, waiting for another run; yields the descriptor, for children to hold as well.

    The system frees it when the last holder ends, however that ends: no stale lock can stay behind.
    """
    with (venv / LOCK).open("a") as file:
        if not try_lock(file.fileno()):
            say(f"site-builder: another run is making {venv}; waiting for it")
            while not try_lock(file.fileno()):
                time.sleep(0.2)
        yield file.fileno()


def try_lock(descriptor: int) -> bool:
    """Take the lock if it is free; on a file system that has no locks it always is."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
    return True


def say(line: str) -> None:
    """One line for the user; stdout is for results."""
    print(line, file=sys.stderr, flush=True)
