"""A small Hub on the loopback, for tests: models in memory, a log of requests, faults on demand.

It speaks what huggingface_hub asks for when it downloads: HEAD and GET of /resolve/, a redirect to
another origin (the CDN) for large files, ranges, a model's description and tree, the Hub's error
codes. It offers no Xet. One line of ROUTES is one thing it understands.
"""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

LARGE = ".safetensors"  # such files are on the CDN, as Git LFS would have it
TOKEN = "hf_theTokenOfTheTests"


class Request(NamedTuple):
    server: str  # "hub" or "cdn"
    method: str
    path: str
    range: str | None
    authorization: str | None


@dataclass
class Model:
    access: str = "public"  # or "private" (TOKEN opens it), or "gated" (nothing does)
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)


class Hub:
    """A running Hub: ``with Hub() as hub`` and then ``HF_ENDPOINT=hub.url``.

    status: if set, every request to the Hub is answered with it (503: it is down; 200: an empty
    page without the Hub's headers, as from a hotel's login).
    stalled: if true, it takes requests and never answers.
    cut: file name -> for each coming GET, how many bytes are sent before the connection breaks.
    short: file name -> how many bytes the CDN believes the file has.
    """

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}
        self.requests: list[Request] = []
        self.status: int | None = None
        self.stalled = False
        self.cut: dict[str, list[int]] = {}
        self.short: dict[str, int] = {}
        self.stopped = threading.Event()
        self._servers = {name: _Server(self, name) for name in ("hub", "cdn")}
        self.url, self.cdn = (server.url for server in self._servers.values())

    def __enter__(self) -> "Hub":
        for server in self._servers.values():
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Be gone: from now on connections are refused."""
        if not self.stopped.is_set():
            self.stopped.set()
            for server in self._servers.values():
                server.shutdown()
                server.server_close()

    def publish(
        self, repo: str, files: dict[str, bytes], branch: str = "main", access: str = "public"
    ) -> str:
        """Put a commit with exactly these files on a branch; return its hash."""
        commit = hashlib.sha1(repr((repo, sorted(files.items()))).encode()).hexdigest()
        model = self.models.setdefault(repo, Model())
        model.access = access
        model.commits[commit] = dict(files)
        model.branches[branch] = commit
        return commit

    def asked(self, method: str, ending: str = "") -> list[Request]:
        """The requests for files, so far, by method and the end of the path."""
        wanted = ("/resolve/", "/cdn/")
        return [
            request
            for request in self.requests
            if request.method == method
            and request.path.endswith(ending)
            and any(part in request.path for part in wanted)
        ]


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a stalled answer must not keep the tests waiting

    def __init__(self, hub: Hub, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub, self.name = hub, name
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that went away is no news."""


class _Refused(Exception):
    """An answer that is a no: HTTP status, the Hub's X-Error-Code, its message."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._dispatch()

    def do_GET(self) -> None:
        self._dispatch()

    def log_message(self, *_: object) -> None:
        """The log is Hub.requests."""

    def _dispatch(self) -> None:
        hub, headers = self.server.hub, self.headers
        hub.requests.append(
            Request(
                self.server.name,
                self.command,
                self.path,
                headers.get("Range"),
                headers.get("Authorization"),
            )
        )
        if hub.stalled:
            hub.stopped.wait(30)
        elif hub.status is not None:
            self._answer(hub.status)
        else:
            self._route()

    def _route(self) -> None:
        path = self.path.split("?")[0].replace("%2F", "/")
        for pattern, answer in ROUTES:
            if found := re.fullmatch(pattern, path):
                try:
                    return answer(self, **found.groupdict())
                except _Refused as refused:
                    status, code, message = refused.args
                    headers = {"X-Error-Message": message} | (
                        {"X-Error-Code": code} if code else {}
                    )
                    return self._answer(status, headers, json.dumps({"error": message}).encode())
        return self._answer(404)

    def _model(self, repo: str) -> Model:
        """The model, if whoever asks may know of it: the Hub hides what is private."""
        sent = self.headers.get("Authorization")
        if sent not in (None, f"Bearer {TOKEN}"):
            raise _Refused(401, None, "Invalid credentials in Authorization header")
        model = self.server.hub.models.get(repo)
        if model is None or (model.access == "private" and not sent):
            raise _Refused(404 if sent else 401, "RepoNotFound", "Repository not found")
        return model

    def _commit(self, model: Model, revision: str) -> str:
        commit = model.branches.get(revision, revision)
        if commit not in model.commits:
            raise _Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return commit

    def describe(self, repo: str, revision: str = "main") -> None:
        model = self._model(repo)
        commit = self._commit(model, revision)
        siblings = [{"rfilename": name} for name in model.commits[commit]]
        self._answer_json({"id": repo, "sha": commit, "siblings": siblings, "tags": []})

    def tree(self, repo: str, revision: str) -> None:
        model = self._model(repo)
        entries = []
        for name, content in model.commits[self._commit(model, revision)].items():
            entry = {"type": "file", "path": name, "size": len(content), "oid": _git(content)}
            if name.endswith(LARGE):
                entry["lfs"] = {"oid": _sha256(content), "size": len(content), "pointerSize": 134}
            entries.append(entry)
        self._answer_json(entries)

    def resolve(self, repo: str, revision: str, name: str) -> None:
        model = self._model(repo)
        commit = self._commit(model, revision)
        if model.access == "gated":
            status = 403 if self.headers.get("Authorization") else 401
            raise _Refused(status, "GatedRepo", f"Access to model {repo} is restricted")
        if name not in model.commits[commit]:
            raise _Refused(404, "EntryNotFound", "Entry not found")
        content = model.commits[commit][name]
        headers = {"X-Repo-Commit": commit, "ETag": f'"{_git(content)}"'}
        if not name.endswith(LARGE):
            return self._answer_file(name, content, headers)
        headers["X-Linked-Etag"] = f'"{_sha256(content)}"'
        headers["X-Linked-Size"] = str(len(content))
        headers["Location"] = f"{self.server.hub.cdn}/cdn/{_sha256(content)}/{name}"
        return self._answer(302, headers)

    def deliver(self, sha256: str, name: str) -> None:
        commits = [files for m in self.server.hub.models.values() for files in m.commits.values()]
        contents = [files[name] for files in commits if name in files]
        content = next(content for content in contents if _sha256(content) == sha256)
        self._answer_file(name, content[: self.server.hub.short.get(name)], {})

    def _answer_file(self, name: str, content: bytes, headers: dict[str, str]) -> None:
        """The file, or the rest of it from where a broken download went on; perhaps cut off."""
        status, start = 200, 0
        if found := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or ""):
            status, start = 206, int(found[1])
            last, size = len(content) - 1, len(content)
            headers = headers | {"Content-Range": f"bytes {start}-{last}/{size}"}
        cuts = self.server.hub.cut.get(name)
        sent = cuts.pop(0) if cuts and self.command == "GET" else None
        self._answer(status, headers, content[start:], sent)

    def _answer_json(self, document: object) -> None:
        self._answer(200, {"Content-Type": "application/json"}, json.dumps(document).encode())

    def _answer(
        self,
        status: int,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        sent: int | None = None,
    ) -> None:
        """Announce the whole body; send it, or only the first ``sent`` bytes of it."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")  # a connection kept open would outlive stop()
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:sent])


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _git(content: bytes) -> str:
    """The hash that Git gives to a file."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


REPO = r"(?P<repo>[\w.-]+/[\w.-]+)"
ROUTES = (
    (rf"/{REPO}/resolve/(?P<revision>.+)/(?P<name>[^/]+)", _Handler.resolve),
    (r"/cdn/(?P<sha256>[0-9a-f]{64})/(?P<name>[^/]+)", _Handler.deliver),
    (rf"/api/models/{REPO}", _Handler.describe),
    (rf"/api/models/{REPO}/revision/(?P<revision>.+)", _Handler.describe),
    (rf"/api/models/{REPO}/tree/(?P<revision>.+)", _Handler.tree),
)
