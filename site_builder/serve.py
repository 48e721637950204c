"""`serve`: build, watch, show the site, and tell the browser when it changed. The files on disk stay as a build makes them.

Events of the file system only wake; whether anything changed is for the build to find, which compares everything.
The server shows the last good output, whatever happens to a build, and answers nobody but this machine's browser.
"""

from __future__ import annotations

import html
import json
import mimetypes
import os
import socket
import socketserver
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from . import imports, pipeline, theme, url_ledger, urls
from .errors import SiteError
from .import_ledger import LEDGER
from .publishing import FOLDER
from .settings import Site

EVENTS, SCRIPT = "/__events", "/__reload.js"
DEBOUNCE = 0.1
"""Seconds of quiet before a build: an editor's save is several events."""
HEARTBEAT = 15.0
"""Seconds between signs of life to a browser, by which a connection that is gone is found."""

RESCAN = 1.0
"""Seconds after a build when everything is looked at once more: events get lost, and a new folder's first may."""
POLL = 2.0
"""Seconds between looks where the system has no more watches to give."""
SPAWN = 2000
"""Files from which a build gets workers: beside the server's threads they have to be spawned, at 300 ms each."""

_RELOAD = """(() => {
  const shown = document.currentScript.dataset.version;
  const events = new EventSource("/__events");
  events.onmessage = (event) => {
    if (String(JSON.parse(event.data).version) !== shown) location.reload();
  };
})();
"""


class State:
    """What the server shows: a version that grows with each change, and the error of the last build, if it failed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.version = time.time_ns() // 1_000_000  # greater than any of a server that ran here before
        self.files = 0
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

    def __init__(self, site: Site, event: threading.Event) -> None:
        content = site.content.resolve()
        files = (content / url_ledger.FILE, content / LEDGER)
        self._own = tuple(str(path) for path in (*files, content / ".cache", site.output.resolve()))
        self._event = event

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog's thread."""
        path = str(event.src_path)
        looked = event.event_type in ("opened", "closed_no_write")
        if not (looked or any(path == own or path.startswith(f"{own}{os.sep}") for own in self._own)):
            self._event.set()


class _Watcher:
    """The folders that are watched: content, themes, and where the theme's own folders lie."""

    def __init__(self, site: Site, wake: threading.Event, say: Callable[[str], None]) -> None:
        self._observer = Observer()
        self._observer.start()
        self._wake, self._say = wake, say
        self._watched: set[Path] = set()
        self.sees = True
        self.watch(site)

    def watch(self, site: Site) -> None:
        """Watch what of a site's folders is not watched yet."""
        folders = [site.content, site.content.parent / "themes", *_theme_folders(site)]
        for folder in {folder.resolve() for folder in folders if folder.is_dir()} - self._watched:
            self._watched.add(folder)
            try:
                self._observer.schedule(_Wake(site, self._wake), str(folder), recursive=True)
            except OSError as error:  # on Linux: out of inotify watches
                self.sees = False
                self._say(f"can't watch {folder} ({error.strerror}): looking every {POLL:.0f} s instead")

    def stop(self) -> None:
        """Stop watching."""
        self._observer.stop()


def serve(site: Site, host: str, port: int, say: Callable[[str], None], reload_site: Callable[[], Site]) -> None:
    """Build and show the site until Ctrl-C. `reload_site` reads the settings again before each build.

    Raises SiteError if the port is taken or the first build can't be done for want of a content folder.
    """
    state = State()
    server = make_server(site, host, port, state)
    wake = threading.Event()
    build_once(site, state, say)  # before any thread is alive, so that its workers can be forked
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    watcher = _Watcher(site, wake, say)
    wait: float | None = RESCAN
    shown = f"[{host}]" if ":" in host else host
    say(f"http://{shown}:{server.server_address[1]}/ – Ctrl-C ends")
    try:
        while True:
            woken = wake.wait(wait)
            while wake.is_set():  # until it has been quiet for a while
                wake.clear()
                time.sleep(DEBOUNCE)
            try:
                site = reload_site()
            except SiteError as error:
                if str(error) != str(state.error):
                    say(f"error: {error}")
                    state.update(error, False)
            else:
                watcher.watch(site)
                build_once(replace(site, jobs=site.jobs if state.files > SPAWN else 1), state, say, quiet=not woken)
            wait = RESCAN if woken else None if watcher.sees else POLL
    except KeyboardInterrupt:
        say("stopped")
    finally:
        state.close()
        watcher.stop()
        server.shutdown()
        server.server_close()


def _theme_folders(site: Site) -> tuple[Path, ...]:
    try:
        return theme.find(site.site.theme, site.content.parent).folders
    except SiteError:
        return ()


def build_once(site: Site, state: State, say: Callable[[str], None], quiet: bool = False) -> None:
    """Import and build; a failure is said, shown to the browser, and mended by the next good build.

    `quiet`: say nothing of a build that finds nothing new.
    """
    started = time.perf_counter()
    try:
        tally = pipeline.import_sources(site, [], imports.Options())
        report = pipeline.build(site, publish_addresses=False)
    except SiteError as error:
        if not (quiet and str(error) == str(state.error)):
            say(f"error: {error}")
            state.update(error, False)
        return
    except Exception as error:  # a fault of this program must not take the server down with it
        failure = SiteError(type(error).__name__, hint="a fault of the program: please report what the terminal says")
        if not (quiet and str(failure) == str(state.error)):
            say("".join(traceback.format_exception(error)))
            state.update(failure, False)
        return
    state.files = report.files
    if quiet and not (report.written or report.removed or state.error):
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
    request_queue_size = 64

    def server_bind(self) -> None:
        """As the parent does, without asking the domain name system for this machine's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no news."""


def make_server(site: Site, host: str, port: int, state: State) -> ThreadingHTTPServer:
    """A server of `site.output`, not yet started. Raises SiteError if the port can't be had."""
    names = {"localhost", "127.0.0.1", "[::1]", host, f"[{host}]"}

    class Handler(_Handler):
        """The handler of this site."""

    Handler.root, Handler.state, Handler.names = site.output.resolve(), state, frozenset(names)
    _Server.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
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
            while not self.state.closing and self.command != "HEAD":
                self.wfile.write(f"data: {json.dumps({'version': version})}\n\n".encode())
                self.wfile.flush()
                version = self.state.wait(version)
        except OSError:
            return  # the browser has left

    def _file(self, path: str) -> None:
        version, error = self.state.version, self.state.error  # before the file is read: it may change meanwhile
        found = locate(self.root, path)
        if found is not None and found.is_dir():
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", {"Location": f"{path}/"})
            return
        status, kind = (HTTPStatus.OK, _kind(found)) if found else (HTTPStatus.NOT_FOUND, _kind(Path(urls.NOT_FOUND)))
        body = _read(found or self.root / urls.NOT_FOUND)
        if kind.startswith("text/html"):
            if error:
                status, body = HTTPStatus.INTERNAL_SERVER_ERROR, _error_page(error)
            body = _with_script(body, version)
        self._send(status, body, kind)

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


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # a build has just taken it away
        return b"<!doctype html><title>Not found</title><body><p>not found</p></body>"


def _with_script(page: bytes, version: int) -> bytes:
    head, end, rest = page.rpartition(b"</body>")
    return head + f'<script src="{SCRIPT}" data-version="{version}"></script>'.encode() + end + rest if end else page


def _error_page(error: SiteError) -> bytes:
    where = f"<p><code>{html.escape(Path(error.where).name or error.where)}</code></p>" if error.where else ""
    hint = f"<p>{html.escape(error.hint)}</p>" if error.hint else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The build failed</title></head><body>'
        f"<h1>The build failed</h1><p><strong>{html.escape(error.message)}</strong></p>{where}{hint}"
        "<p>The last good output is still on the disk. This page goes as soon as a build succeeds.</p></body></html>"
    ).encode()
