"""The development server: what it shows, to whom, and what a change or a broken build does."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from site_builder import serve, settings
from site_builder.errors import SiteError


class Running:
    """A server of a small archive, and the building of it by hand."""

    def __init__(self, folder: Path) -> None:
        self.content, self.output = folder / "content", folder / "output"
        articles = self.content / "articles"
        articles.mkdir(parents=True)
        self.article = articles / "one.md"
        self.article.write_text("---\ntitle: One\ndate: 2017-04-12\n---\nText.\n")
        (folder / "secret.txt").write_text("secret")
        self.said: list[str] = []
        self.state = serve.State()
        self.build()
        self.server = serve.make_server(self.site(), "127.0.0.1", 0, self.state)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def site(self) -> settings.Site:
        return settings.load(self.content, self.output, 1)

    def build(self) -> None:
        serve.build_once(self.site(), self.state, self.said.append)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    here = Running(tmp_path)
    yield here
    here.state.close()
    here.server.shutdown()
    here.server.server_close()


def test_pages_carry_the_script_and_files_do_not(running: Running) -> None:
    status, body, headers = running.get("/2017/04/12/one.html")
    assert status == 200 and serve.SCRIPT in body and headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff" and headers["content-type"] == "text/html; charset=utf-8"
    assert serve.SCRIPT not in (running.output / "2017/04/12/one.html").read_text()
    assert running.get("/")[0] == 200 and running.get("/2017/04/12/")[0] == 200
    assert running.get("/2017/04/12")[2]["location"] == "/2017/04/12/"
    assert running.get("/feed.xml")[0] == 200 and serve.SCRIPT not in running.get("/feed.xml")[1]
    status, body, _ = running.get("/nowhere")
    assert status == 404 and "not found" in body.lower()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/2017/../../secret.txt",
        "/..\\secret.txt",
        "/%5c..%5csecret.txt",
        "//etc/passwd",
        "/%00",
        "/index.html%00.txt",
        "/C:/secret.txt",
        "/.site-builder/ledger.sqlite3",
        "/2017/%2e/04/",
        "/link/secret.txt",
        "/media",
    ],
)
def test_nothing_outside_is_shown(running: Running, path: str) -> None:
    (running.output / "link").symlink_to(running.content.parent)
    (running.output / "media").mkdir()
    status, body, _ = running.get(path)
    assert status == 404 and "secret" not in body.replace(path, "") and str(running.output) not in body


def test_only_this_machine_and_only_reading(running: Running) -> None:
    for host in ("evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""):
        assert running.get("/", Host=host)[0] == 421
    for host in ("localhost", f"127.0.0.1:{running.port}", "LOCALHOST:1", "[::1]:8000"):
        assert running.get("/", Host=host)[0] == 200
    assert running.get(serve.EVENTS, Origin="https://evil.example")[0] == 403
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert running.get("/", method)[0] == 405
    assert running.get("/", "HEAD")[:2] == (200, "")


def test_an_edit_reloads_the_browser(running: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request("GET", serve.EVENTS, headers={"Origin": f"http://127.0.0.1:{running.port}"})
    stream = connection.getresponse()
    first = json.loads(stream.readline().decode().removeprefix("data: "))
    stream.readline()
    running.article.write_text("---\ntitle: Two\ndate: 2017-04-12\n---\nText.\n")
    running.build()
    assert json.loads(stream.readline().decode().removeprefix("data: "))["version"] > first["version"]
    connection.close()


def test_an_edit_between_a_page_and_its_event_stream_is_not_missed(running: Running) -> None:
    """The page says which version it is, so that one that was stale on arrival reloads too."""
    body = running.get("/")[1]
    (before,) = re.findall(rf'<script src="{serve.SCRIPT}" data-version="(\d+)"></script></body>', body)
    running.article.write_text("---\ntitle: Two\ndate: 2017-04-12\n---\nText.\n")
    running.build()
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request("GET", serve.EVENTS)
    event = json.loads(connection.getresponse().readline().decode().removeprefix("data: "))
    connection.close()
    assert event["version"] > int(before)
    assert serve.State().version >= event["version"] - 1000, "another server that starts here later counts on"


def test_a_build_that_changes_nothing_reloads_nothing(running: Running) -> None:
    version, said = running.state.version, len(running.said)
    serve.build_once(running.site(), running.state, running.said.append, quiet=True)
    assert (running.state.version, len(running.said)) == (version, said)


def test_idle_browsers_do_not_block_it(running: Running) -> None:
    idle = [http.client.HTTPConnection("127.0.0.1", running.port, timeout=10) for _ in range(30)]
    for connection in idle:
        connection.request("GET", serve.EVENTS)
        connection.getresponse().readline()
    for _ in range(20):
        assert running.get("/")[0] == 200
    assert running.get(serve.EVENTS, "HEAD")[:2] == (200, "")
    for connection in idle:
        connection.close()


def test_a_broken_build_is_shown_and_mended(running: Running) -> None:
    before = (running.output / "index.html").read_bytes()
    (running.content.parent / "themes/mine/templates").mkdir(parents=True)
    (running.content.parent / "themes/mine/theme.toml").write_text('name = "mine"\nextends = "broadsheet"\n')
    template = running.content.parent / "themes/mine/templates/article.html"
    template.write_text("{{ <b> }}")
    (running.content / "site.toml").write_text('[site]\ntheme = "mine"\n')
    running.build()
    status, body, _ = running.get("/")
    assert status == 500 and "article.html:1" in body and "<b>" not in body and str(running.output.parent) not in body
    assert (running.output / "index.html").read_bytes() == before
    assert serve.SCRIPT in body
    assert running.get("/assets/broadsheet.css")[0] == 200
    assert running.get("/feed.xml")[0] == 200
    template.unlink()
    running.build()
    assert running.get("/")[0] == 200


def test_a_taken_port_is_one_line(running: Running) -> None:
    with pytest.raises(SiteError, match="--port"):
        serve.make_server(running.site(), "127.0.0.1", running.port, serve.State())


def test_the_watcher_sees_edits_new_folders_and_deletions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmp_path / "content"
    (content / "articles").mkdir(parents=True)
    said: list[str] = []
    site = settings.load(content, tmp_path / "output", 1)
    stop = threading.Event()

    def reload() -> settings.Site:
        if stop.is_set():
            raise KeyboardInterrupt
        return site

    thread = threading.Thread(target=serve.serve, args=(site, "127.0.0.1", 0, said.append, reload), daemon=True)
    thread.start()
    page = tmp_path / "output/2017/04/12/new.html"
    _until(lambda: any("Ctrl-C" in line for line in said))
    (content / "articles/deep/er").mkdir(parents=True)
    article = content / "articles/deep/er/new.md"
    article.write_text("---\ntitle: New\ndate: 2017-04-12\n---\nText.\n")
    _until(page.exists)
    article.write_text("---\ntitle: New\ndate: 2017-04-12\n---\nOther words.\n")
    _until(lambda: "Other words" in page.read_text())
    article.unlink()
    _until(lambda: not page.exists())
    assert not (content / "urls.jsonl").exists()
    time.sleep(1)  # the last change may wake it once more
    count = len(said)
    time.sleep(1)
    assert len(said) == count, "the build's own files must not wake it"
    stop.set()
    (content / "articles/last.md").write_text("x")
    thread.join(10)
    assert not thread.is_alive() and said[-1] == "stopped"


def test_kinds_of_files(running: Running) -> None:
    kinds = {
        "/feed.json": "application/json; charset=utf-8",
        "/assets/broadsheet.css": "text/css; charset=utf-8",
        "/assets/icon.svg": "image/svg+xml",
        "/robots.txt": "text/plain; charset=utf-8",
    }
    for path, kind in kinds.items():
        assert running.get(path)[2]["content-type"] == kind
    assert "xml" in running.get("/feed.xml")[2]["content-type"]
    assert running.get(serve.SCRIPT)[2]["content-type"] == "text/javascript; charset=utf-8"


def test_a_fault_of_the_program_does_not_end_it(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal hears all of it, the browser nothing of where things lie."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"<b>at {running.output}/x")

    with monkeypatch.context() as patch:
        patch.setattr("site_builder.pipeline.build", fail)
        running.build()
    status, body, _ = running.get("/")
    assert status == 500
    assert "RuntimeError" in body
    assert str(running.output) not in body
    assert f"{running.output}/x" in running.said[-1]
    running.build()
    assert running.get("/")[0] == 200


def test_the_sixth_internet_protocol(running: Running) -> None:
    try:
        server = serve.make_server(running.site(), "::1", 0, running.state)
    except SiteError:
        pytest.skip("this machine has no IPv6")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = http.client.HTTPConnection("::1", int(server.server_address[1]), timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()
    server.shutdown()
    server.server_close()


class Loop:
    """`serve` itself in a thread of its own; it ends when the archive is next read after `stop`."""

    def __init__(self, content: Path, output: Path) -> None:
        self.content, self.output = content, output
        self.said: list[str] = []
        self._stop = threading.Event()
        (content / "articles").mkdir(parents=True, exist_ok=True)
        (content / "articles/one.md").write_text("---\ntitle: One\ndate: 2017-04-12\n---\nText.\n")
        site = settings.load(content, output, 1)
        arguments = (site, "127.0.0.1", 0, self.said.append, self._reload)
        self.thread = threading.Thread(target=serve.serve, args=arguments, daemon=True)
        self.thread.start()
        _until(lambda: any("Ctrl-C" in line for line in self.said))

    def _reload(self) -> settings.Site:
        if self._stop.is_set():
            raise KeyboardInterrupt
        return settings.load(self.content, self.output, 1)

    def stop(self) -> None:
        self._stop.set()
        (self.content / "articles/last.md").write_text("x")
        self.thread.join(10)
        assert not self.thread.is_alive()


def test_settings_that_break_and_are_mended(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "content", tmp_path / "output")
    home = tmp_path / "output/index.html"
    before = home.read_bytes()
    (tmp_path / "content/site.toml").write_text("[site\n")
    _until(lambda: any("is not TOML" in line for line in loop.said))
    time.sleep(1.5)
    assert len([line for line in loop.said if "is not TOML" in line]) == 1
    assert home.read_bytes() == before
    (tmp_path / "content/site.toml").write_text('[site]\ntitle = "Mended"\n')
    _until(lambda: b"Mended" in home.read_bytes())
    loop.stop()


def test_a_theme_that_comes_later_is_watched(tmp_path: Path) -> None:
    loop = Loop(tmp_path / "content", tmp_path / "output")
    templates = tmp_path / "themes/mine/templates"
    templates.mkdir(parents=True)
    (tmp_path / "themes/mine/theme.toml").write_text('name = "mine"\nextends = "broadsheet"\n')
    (templates / "404.html").write_text("first")
    (tmp_path / "content/site.toml").write_text('[site]\ntheme = "mine"\n')
    page = tmp_path / "output/404.html"
    _until(lambda: page.read_text() == "first")
    time.sleep(1.5)  # the look that follows a build is over
    (templates / "404.html").write_text("second")
    _until(lambda: page.read_text() == "second")
    loop.stop()


def test_an_output_beside_the_articles_does_not_wake_it(tmp_path: Path) -> None:
    """`--content . --output output`: what a build writes is not news."""
    loop = Loop(tmp_path, tmp_path / "output")
    time.sleep(1.5)
    builds = len(loop.said)
    (tmp_path / "articles/one.md").write_text("---\ntitle: Two\ndate: 2017-04-12\n---\nText.\n")
    _until((tmp_path / "output/2017/04/12/two.html").exists)
    time.sleep(2)
    assert len(loop.said) == builds + 1
    loop.stop()


def _until(true: object) -> None:
    assert callable(true)
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
