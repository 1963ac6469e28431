"""Streamlit's own files: its page in the person's language, its assets compressed once and kept."""

from __future__ import annotations

import gzip
import re
import secrets
from functools import cache
from pathlib import Path

import streamlit
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.house import the_workspace
from data.language.languages import Language

FOLDER = Path(streamlit.__file__).parent / "static"
ASSETS = "/static/"
TYPING = "/front/typing.js"  # hands over what is typed before the field is left
COMPRESSIBLE = {".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm"}
A_YEAR = "public, max-age=31536000, immutable"  # the file names carry a hash of the content
LEVEL = 6


@cache
def index_html() -> str:
    """The page into which Streamlit draws everything."""
    return (FOLDER / "index.html").read_text(encoding="utf-8")


def index_in(language: Language, title: str) -> str:
    """The same in the person's language, with the product's own title and script."""
    page = re.sub(r'<html lang="[^"]*">', f'<html lang="{language.tag}">', index_html(), count=1)
    script = f'<script defer src="{TYPING}"></script>'
    return page.replace("<title>Streamlit</title>", f"<title>{title}</title>{script}", 1)


def font_file() -> Path | None:
    """The typeface of the pages, for the sign-in page to match."""
    return next(iter((FOLDER / "static" / "media").glob("SourceSansVF-Upright.*.woff2")), None)


class CompressedAssets:
    """Answers for Streamlit's scripts and styles, which Streamlit itself sends uncompressed.

    Each file is compressed when first asked for and kept beside the data of the installation.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        source = _asset(scope)
        if source is None:
            await self._app(scope, receive, send)
            return
        self._limiter = self._limiter or CapacityLimiter(2)
        packed = await to_thread.run_sync(_packed, source, limiter=self._limiter)
        response = FileResponse(
            packed,
            media_type=COMPRESSIBLE[source.suffix],
            headers={
                "Content-Encoding": "gzip",
                "Vary": "Accept-Encoding",
                "Cache-Control": A_YEAR,
            },
        )
        await response(scope, receive, send)


def _asset(scope: Scope) -> Path | None:
    """The file asked for, when it is one of Streamlit's and the browser takes it compressed."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path = Path(scope["path"])
    if not scope["path"].startswith(ASSETS) or path.suffix not in COMPRESSIBLE:
        return None
    if "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
        return None
    file = (FOLDER / scope["path"].lstrip("/")).resolve()
    return file if file.is_relative_to(FOLDER / "static") and file.is_file() else None


def _packed(source: Path) -> Path:
    """The compressed copy, made now if there is none; a half-written one is never seen."""
    kept = the_workspace().settings.home / "cache" / f"streamlit-{streamlit.__version__}"
    target = kept / f"{source.name}.gz"
    if not target.exists():
        kept.mkdir(parents=True, exist_ok=True)
        aside = kept / f"{source.name}.{secrets.token_hex(4)}.tmp"
        aside.write_bytes(gzip.compress(source.read_bytes(), LEVEL, mtime=0))
        aside.replace(target)
    return target
