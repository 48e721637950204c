"""This program, as a user starts it: `build.py` of this checkout, with the default theme."""

import platform
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import Corpus, write_settings
from tests.bench.measure import set_aside

REPO = Path(__file__).resolve().parents[2]
THEME, EXTENDED = "bench", "broadsheet"


@dataclass(frozen=True, slots=True)
class Ours:
    """Our site over a corpus; `settings` is what `site.toml` gets beside title and address."""

    folder: Path
    corpus: Corpus
    settings: str = ""
    name: str = "ours"

    @property
    def output(self) -> Path:
        """Where the site is built."""
        return self.folder / "output"

    def command(self) -> list[str]:
        """A build that says where its time went; in the theme of `change_template` once there is one."""
        theme = ["--theme", THEME] if (self.folder / "themes" / THEME).is_dir() else []
        folders = ["--content", str(self.corpus.content), "--output", str(self.output)]
        return [sys.executable, str(REPO / "build.py"), "build", *folders, "--profile", *theme]

    def prepare(self) -> None:
        """Write the settings, and let `build.py` install what it needs: no build is to pay for that."""
        self.change_settings("Benchmark News")
        subprocess.run([sys.executable, str(REPO / "build.py"), "--help"], capture_output=True, check=False)

    def forget(self) -> None:
        """Leave no output and no cache."""
        for folder in (self.output, self.corpus.content / ".cache"):
            set_aside(folder, self.folder / "aside")

    def change_settings(self, title: str) -> None:
        """Give the site another title, which every page shows."""
        write_settings(self.corpus.content, title, self.settings)

    def change_template(self, words: str) -> None:
        """Change the foot of every page, by a theme that extends the default one.

        Raises FileNotFoundError if no template of the default theme ends a page.
        """
        templates = REPO / "themes" / EXTENDED / "templates"
        for path in sorted(templates.rglob("*")):
            if path.is_file() and "</body>" in (text := path.read_text(encoding="utf-8")):
                theme = self.folder / "themes" / THEME
                target = theme / "templates" / path.relative_to(templates)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text.replace("</body>", f"<p>{words}</p>\n</body>"), encoding="utf-8")
                (theme / "theme.toml").write_text(f'name = "{THEME}"\nextends = "{EXTENDED}"\n', encoding="utf-8")
                return
        raise FileNotFoundError("no template of the default theme holds </body>")


def interpreter() -> str:
    """What can be told of the Python that runs us: version, compiler, how its core is linked, and flags that it names.

    Pythons of one minor version differ: with a distribution's, a build took 0.85 of the time that it took with one of
    default flags and a shared core. Whether a profile optimised it can't be told: a distribution's may be, and name no flag.
    """
    flags = sysconfig.get_config_var("CONFIG_ARGS") or ""
    named = [flag for flag in ("--enable-optimizations", "--with-lto") if flag in flags]
    shared = "libpython" in Path("/proc/self/maps").read_text(encoding="utf-8")
    parts = [f"{platform.python_implementation()} {platform.python_version()}", platform.python_compiler()]
    return ", ".join([*parts, f"core {'shared' if shared else 'built in'}", *named])
