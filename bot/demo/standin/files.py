"""Files that people or the bot sent, and how the Bot API describes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

Raw = dict[str, Any]

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes that getFile hands out (Bot API, getFile)."""

_FOLDERS = {
    "voice": ("voice", "oga", "audio/ogg"),
    "photo": ("photos", "jpg", "image/jpeg"),
    "video": ("videos", "mp4", "video/mp4"),
    "video_note": ("video_notes", "mp4", "video/mp4"),
    "animation": ("animations", "mp4", "video/mp4"),
    "audio": ("music", "mp3", "audio/mpeg"),
    "document": ("documents", "bin", "application/octet-stream"),
    "sticker": ("stickers", "webp", "image/webp"),
}
MEDIA = frozenset(_FOLDERS)

_TRAITS: dict[str, Raw] = {
    "voice": {"duration": 3},
    "photo": {"width": 320, "height": 240},
    "video": {"width": 320, "height": 240, "duration": 3},
    "video_note": {"length": 240, "duration": 3},
    "animation": {"width": 320, "height": 240, "duration": 3},
    "audio": {"duration": 3},
    "document": {},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}
_WITH_TYPE = frozenset({"voice", "video", "animation", "audio", "document"})
_WITH_NAME = frozenset({"video", "animation", "audio", "document"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a request."""

    name: str
    content: bytes
    mime: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file at Telegram. `path` is the end of its download address."""

    id: str
    kind: str
    path: str
    name: str
    mime: str
    content: bytes

    def raw(self) -> Raw:
        """What a message of its kind holds: the description, for a photo the list of its sizes."""
        about: Raw = {
            "file_id": self.id,
            "file_unique_id": f"u{self.id}",
            "file_size": len(self.content),
            **_TRAITS[self.kind],
        }
        if self.kind in _WITH_TYPE:
            about["mime_type"] = self.mime
        if self.kind in _WITH_NAME:
            about["file_name"] = self.name
        if self.kind == "animation":
            return {"animation": about, "document": about}  # as Telegram does, for older bots
        return {"photo": [about]} if self.kind == "photo" else {self.kind: about}


class Files:
    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._paths: dict[str, File] = {}

    def add(self, kind: str, content: bytes, name: str = "", mime: str = "") -> File:
        """Keeps a file of one of the kinds of MEDIA."""
        folder, ending, usual = _FOLDERS[kind]
        if kind == "document":  # Telegram keeps the ending of its name
            ending = PurePath(name).suffix[1:] or ending
        number = len(self._files) + 1
        path = f"{folder}/file_{number}.{ending}"
        file = File(
            f"AgACAgQ-{kind}-{number:06}",
            kind,
            path,
            name or f"file_{number}.{ending}",
            mime or usual,
            content,
        )
        self._files[file.id] = self._paths[path] = file
        return file

    def get(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def at(self, path: str) -> File | None:
        return self._paths.get(path)


def medium(content: Raw) -> Raw | None:
    """Kind and file id of what a message holds beside its text, with the name of a document; or None."""
    for kind in content:
        if kind in MEDIA:
            about = content[kind][-1] if kind == "photo" else content[kind]
            named = {"name": about["file_name"]} if kind == "document" else {}
            return {"kind": kind, "file_id": about["file_id"], **named}
    other = next((kind for kind in content if isinstance(content[kind], dict) and kind != "forward_origin"), None)
    return {"kind": other, "file_id": ""} if other else None
