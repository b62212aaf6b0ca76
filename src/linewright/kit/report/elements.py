"""Writes HTML elements; every text is escaped, so that no name in the data can become a part of the page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str | None) -> Html:
    """An element; attributes are named as in HTML, with `style_class` for class and `_` for `-`.

    An attribute that is None is left out. Children that are plain text are escaped.
    """
    names = {key: "class" if key == "style_class" else key.rstrip("_").replace("_", "-") for key in attributes}
    written = "".join(f' {names[key]}="{escape(value)}"' for key, value in attributes.items() if value is not None)
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Iterable[str]) -> Html:
    """Children one after the other, escaped unless they are HTML."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def table(
    headers: Iterable[tuple[str, str]], rows: Iterable[Html], body_id: str | None = None, caption: str = ""
) -> Html:
    """A table with headers (text and style) above rows."""
    head = tag("tr", *(tag("th", text, scope="col", style_class=style or None) for text, style in headers))
    told = tag("caption", caption) if caption else Html("")
    return tag("table", told, tag("thead", head), tag("tbody", *rows, id=body_id))
