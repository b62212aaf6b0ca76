"""How kernels are compiled: once, into a cache that never serves stale code."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import types

Function = TypeVar("Function", bound=Callable[..., Any])

PACKAGE = Path(__file__).parent.parent
#: Nobody takes a kernel's address, so the wrapper for C is left out; no kernel counts on an error when it divides by 0.
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


def kernel(function: Function) -> Function:
    """Compile a function of arrays with Numba; the plain function stays reachable as ``kernel.py_func``."""
    return _compiled(function)


def lean_kernel(function: Function) -> Function:
    """Compile a function that makes no arrays: it then counts no references, which small calls gain most from.

    Numba counts who uses an array at every call, with locked instructions that cost more than a short function does.
    """
    return _compiled(function, _nrt=False)


def _compiled(function: Function, **options: Any) -> Function:
    numba.config.CACHE_DIR = str(cache_folder(Path(inspect.getfile(function))))  # type: ignore[attr-defined]
    dispatcher = numba.njit(**OPTIONS, **options)(function)
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    find_template: Any = getattr(dispatcher, "get_call_template")  # noqa: B009 - not in the stubs

    def general_template(arguments: Any, named: Any) -> Any:
        # A call with a constant would compile the kernel for that constant first, and for any number afterwards.
        return find_template(tuple(types.unliteral(argument) for argument in arguments), named)

    # Numba has no switch for this, so the dispatcher's own look-up is wrapped.
    vars(dispatcher)["get_call_template"] = general_template
    return cast(Function, dispatcher)


@cache
def cache_folder(source: Path) -> Path:
    """Where the compiled kernels of a source file are kept.

    Numba notices a changed file, but not a change in a kernel that the file calls; so the folder's name
    carries a hash of the file and of all that it imports, and a change there starts a fresh one.
    """
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for path in sorted(_reached(source)):
        digest.update(path.read_bytes())
    return _cache_root() / f"kernels-{digest.hexdigest()[:16]}"


@cache
def _reached(source: Path) -> frozenset[Path]:
    """A file of the package and every other one that it imports, directly or not."""
    found: set[Path] = set()
    left = [source]
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            left += _imported(path)
    return frozenset(found)


@cache
def _imported(source: Path) -> tuple[Path, ...]:
    """The package's own files that a file imports at its top; what is imported for types only is indented."""
    modules = re.findall(r"^from linewright\.([\w.]+) import", source.read_text(encoding="utf-8"), re.MULTILINE)
    stems = [PACKAGE.joinpath(*module.split(".")) for module in modules]
    named = [path for stem in stems for path in (stem.with_suffix(".py"), stem / "__init__.py")]
    return tuple(path for path in named if path.is_file())


@cache
def _cache_root() -> Path:
    """The environment's own folder where it has one, so that an environment can be removed without a trace."""
    named = os.environ.get("LINEWRIGHT_CACHE")
    candidates = [Path(named)] if named else []
    if sys.prefix != sys.base_prefix:
        candidates.append(Path(sys.prefix) / "var" / "linewright")
    candidates.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "linewright")
    for folder in candidates:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.gettempdir()) / f"linewright-{os.getuid() if hasattr(os, 'getuid') else 0}"
