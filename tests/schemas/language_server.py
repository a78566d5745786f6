"""A YAML language server over standard input and output, as an editor drives it (Language Server Protocol 3.17)."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final, Self

from reconciler.documents.json_text import Document, Json, decode, encode

PROGRAM: Final = Path(__file__).parent / "node_modules/yaml-language-server/bin/yaml-language-server"
_SETTINGS: Final = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}


class LanguageServer:
    """One server, and one document in it at a time. It fetches nothing.

    The schema is the file that the document names or, in a workspace, the one whose pattern in `schemas` matches its path.
    """

    def __init__(self, workspace: Path | None = None, schemas: Document | None = None) -> None:
        self._workspace = workspace
        self._settings = {"yaml": {**_SETTINGS["yaml"], "schemas": schemas or {}}}
        command = ("node", str(PROGRAM), "--stdio")
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - locked beside the tests
        self._requests = 0
        self._opened = 0
        self._told: dict[str, list[Document]] = {}
        self._uri = ""

    def __enter__(self) -> Self:
        able = {"completion": {"completionItem": {"snippetSupport": True}}, "hover": {"contentFormat": ["markdown"]}}
        root = self._workspace.as_uri() if self._workspace else None
        folders = [{"uri": root, "name": "workspace"}] if root else None
        where = {"processId": None, "rootUri": root, "workspaceFolders": folders}
        self._ask("initialize", {**where, "capabilities": {"textDocument": able}})
        self._send({"method": "initialized", "params": {}})
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": self._settings}})
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def open(self, file: Path, text: str) -> list[tuple[int, str]]:
        """What is wrong with this text in this file's folder: line, counted from 0, and message. In a workspace, open a file once."""
        self._opened += 1
        self._uri = (file if self._workspace else file.with_name(f"{self._opened}-{file.name}")).as_uri()
        document = {"uri": self._uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while self._uri not in self._told:
            self._receive()
        return sorted((found["range"]["start"]["line"], found["message"]) for found in self._told[self._uri])

    def offers(self, line: int, column: int) -> dict[str, str]:
        """What could be written here: labels, and the text that each stands for."""
        found = self._at("completion", line, column)
        entries = found["items"] if isinstance(found, dict) else found
        return {entry["label"]: entry.get("insertText", "") for entry in entries}

    def hover(self, line: int, column: int) -> str:
        """What is said about what stands here."""
        said: str = self._at("hover", line, column)["contents"]["value"]
        return said

    def _at(self, method: str, line: int, column: int) -> Json:
        place = {"textDocument": {"uri": self._uri}, "position": {"line": line, "character": column}}
        return self._ask(f"textDocument/{method}", place)

    def _ask(self, method: str, params: Document) -> Json:
        self._requests += 1
        number = self._requests
        self._send({"id": number, "method": method, "params": params})
        while (answer := self._receive()).get("id") != number or "method" in answer:
            pass
        return answer["result"]

    def _send(self, message: Document) -> None:
        assert self._process.stdin is not None
        body = encode({"jsonrpc": "2.0", **message})
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> Any:
        """The next message, after what it asks for is answered."""
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) or not length:
            assert line, "the language server has ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        message = decode(self._process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._told[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            asked = message["params"].get("items", []) if message.get("params") else []
            self._send({"id": message["id"], "result": [self._settings.get(item.get("section")) for item in asked]})
        return message
