"""`serve`: build, watch, show the site, and tell the browser when it changed. The files on disk stay as a build makes them.

Events of the file system only wake; whether anything changed is for the build to find, which compares everything.
The server shows the last good output, whatever happens to a build, and answers nobody but this machine's browser.
"""

from __future__ import annotations

import html
import json
import mimetypes
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from . import imports, pipeline, theme, urls
from .errors import SiteError
from .import_ledger import LEDGER
from .index import URL_LEDGER
from .publishing import FOLDER
from .settings import Site

EVENTS, SCRIPT = "/__events", "/__reload.js"
DEBOUNCE = 0.1
"""Seconds of quiet before a build: an editor's save is several events."""
HEARTBEAT = 15.0
"""Seconds between signs of life to a browser, by which a connection that is gone is found."""

_RELOAD = """(() => {
  const events = new EventSource("/__events");
  let seen = null;
  events.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (seen !== null && state.version !== seen) location.reload();
    seen = state.version;
  };
})();
"""


class State:
    """What the server shows: a version that grows with each change, and the error of the last build, if it failed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.version = 0
        self.error: SiteError | None = None
        self.closing = False

    def update(self, error: SiteError | None, changed: bool) -> None:
        """After a build: wake the browsers if there is something new to see."""
        with self._changed:
            if changed or error or self.error:
                self.version += 1
            self.error = error
            self._changed.notify_all()

    def close(self) -> None:
        """Let every waiting browser go."""
        with self._changed:
            self.closing = True
            self._changed.notify_all()

    def wait(self, version: int) -> int:
        """The version, as soon as it is another, or after a heartbeat."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version or self.closing, HEARTBEAT)
            return self.version


class _Wake(FileSystemEventHandler):
    """Wakes the build for changes that are not its own."""

    def __init__(self, content: Path, event: threading.Event) -> None:
        self._own = {str(content / URL_LEDGER), str(content / LEDGER)}
        self._cache = str(content / ".cache")
        self._event = event

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog's thread."""
        path = str(event.src_path)
        looked = event.event_type in ("opened", "closed_no_write")
        if not (looked or path in self._own or path.startswith(self._cache)):
            self._event.set()


def serve(site: Site, host: str, port: int, say: Callable[[str], None], reload_site: Callable[[], Site]) -> None:
    """Build and show the site until Ctrl-C. `reload_site` reads the settings again before each build.

    Raises SiteError if the port is taken or the first build can't be done for want of a content folder.
    """
    state = State()
    server = make_server(site, host, port, state)
    wake = threading.Event()
    build_once(site, state, say)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    observer = Observer()
    folders = [site.content, site.content.parent / "themes", *_theme_folders(site)]
    for folder in dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()):
        observer.schedule(_Wake(site.content.resolve(), wake), str(folder), recursive=True)
    observer.start()
    shown = f"[{host}]" if ":" in host else host
    say(f"http://{shown}:{server.server_address[1]}/ – Ctrl-C ends")
    try:
        while True:
            wake.wait()
            while wake.is_set():  # until it has been quiet for a while
                wake.clear()
                time.sleep(DEBOUNCE)
            try:
                site = reload_site()
            except SiteError as error:
                say(f"error: {error}")
                state.update(error, False)
                continue
            build_once(site, state, say)
    except KeyboardInterrupt:
        say("stopped")
    finally:
        state.close()
        observer.stop()
        server.shutdown()
        server.server_close()


def _theme_folders(site: Site) -> tuple[Path, ...]:
    try:
        return theme.find(site.site.theme, site.content.parent).folders
    except SiteError:
        return ()


def build_once(site: Site, state: State, say: Callable[[str], None]) -> None:
    """Import and build; a failure is said, shown to the browser, and mended by the next good build."""
    started = time.perf_counter()
    try:
        tally = pipeline.import_sources(site, [], imports.Options())
        report = pipeline.build(site, publish_addresses=False)
    except SiteError as error:
        say(f"error: {error}")
        state.update(error, False)
        return
    except Exception as error:  # a fault of this program must not take the server down with it
        failure = SiteError(f"{type(error).__name__}: {error}", hint="this is a fault of the program; please report it")
        say(f"error: {failure}")
        state.update(failure, False)
        return
    for problem in (*tally.problems, *report.problems):
        say(f"problem: {problem}")
    seconds = time.perf_counter() - started
    say(f"{report.written:,} written, {report.removed:,} removed, {report.kept:,} kept in {seconds:.1f} s")
    state.update(None, bool(report.written or report.removed))


# --------------------------------------------------------------------------------------------- the server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news."""


def make_server(site: Site, host: str, port: int, state: State) -> ThreadingHTTPServer:
    """A server of `site.output`, not yet started. Raises SiteError if the port can't be had."""
    names = {"localhost", "127.0.0.1", "[::1]", host, f"[{host}]"}

    class Handler(_Handler):
        """The handler of this site."""

    Handler.root, Handler.state, Handler.names = site.output.resolve(), state, frozenset(names)
    try:
        return _Server((host, port), Handler)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise SiteError(f"can't listen on {host}:{port}: {reason}", hint="try another --port") from error


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD of files below one folder, for this machine only."""

    root: Path
    state: State
    names: frozenset[str]
    protocol_version = "HTTP/1.1"
    server_version = "site-builder"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a file, an event stream, or an error page."""
        if not self._allowed(self.headers.get("Host", "")):
            # Another name that leads here is DNS rebinding: a page elsewhere would read this site.
            self._send(HTTPStatus.MISDIRECTED_REQUEST, b"", "text/plain")
            return
        path = urlsplit(self.path).path
        if path == EVENTS:
            self._events()
        elif path == SCRIPT:
            self._send(HTTPStatus.OK, _RELOAD.encode(), "text/javascript; charset=utf-8")
        elif self.state.error:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, _error_page(self.state.error), "text/html; charset=utf-8")
        else:
            self._file(path)

    do_HEAD = do_GET

    def _refuse(self) -> None:
        self.close_connection = True
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, b"", "text/plain", {"Allow": "GET, HEAD"})

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _refuse

    def _allowed(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return name.lower() in self.names

    def _events(self) -> None:
        origin = self.headers.get("Origin")
        if origin is not None and not self._allowed(urlsplit(origin).netloc):
            self._send(HTTPStatus.FORBIDDEN, b"", "text/plain")
            return
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        version = self.state.version
        try:
            while not self.state.closing:
                self.wfile.write(f"data: {json.dumps({'version': version})}\n\n".encode())
                self.wfile.flush()
                version = self.state.wait(version)
        except OSError:
            return  # the browser has left

    def _file(self, path: str) -> None:
        found = locate(self.root, path)
        if found is None:
            missing = self.root / urls.NOT_FOUND
            body = missing.read_bytes() if missing.is_file() else b"not found"
            self._send(HTTPStatus.NOT_FOUND, _with_script(body), "text/html; charset=utf-8")
        elif found.is_dir():
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", {"Location": f"{path}/"})
        else:
            kind = _kind(found)
            body = found.read_bytes()
            self._send(HTTPStatus.OK, _with_script(body) if kind.startswith("text/html") else body, kind)

    def _send(self, status: HTTPStatus, body: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **(more or {}),
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not said: what matters on the terminal are problems."""


def locate(root: Path, path: str) -> Path | None:
    """The file below `root` that an address names: itself, a folder's index, or a folder that wants its slash.

    None for what is not there, lies elsewhere (`..`, links, drive letters), or is the program's own.
    """
    plain = unquote(path)
    if not plain.startswith("/") or plain.startswith("//") or any(sign in plain for sign in ("\0", "\\", ":")):
        return None
    parts = plain[1:].split("/")
    if FOLDER in parts or ".." in parts or "." in parts or "" in parts[:-1]:
        return None
    wanted = root.joinpath(*parts[:-1], parts[-1] or "index.html")
    try:
        resolved = wanted.resolve(strict=True)
    except (OSError, ValueError):
        return None
    if not resolved.is_relative_to(root) or FOLDER in resolved.relative_to(root).parts:
        return None
    if resolved.is_dir():
        return resolved if (resolved / "index.html").is_file() else None
    return resolved if resolved.is_file() else None


_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


def _kind(file: Path) -> str:
    kind = _KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind


def _with_script(page: bytes) -> bytes:
    head, end, rest = page.rpartition(b"</body>")
    return head + f'<script src="{SCRIPT}"></script>'.encode() + end + rest if end else page


def _error_page(error: SiteError) -> bytes:
    where = f"<p><code>{html.escape(Path(error.where).name or error.where)}</code></p>" if error.where else ""
    hint = f"<p>{html.escape(error.hint)}</p>" if error.hint else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The build failed</title></head><body>'
        f"<h1>The build failed</h1><p><strong>{html.escape(error.message)}</strong></p>{where}{hint}"
        "<p>The last good output is still on the disk. This page goes as soon as a build succeeds.</p>"
        f'<script src="{SCRIPT}"></script></body></html>'
    ).encode()
