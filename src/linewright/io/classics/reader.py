"""Recognise a classic instance and read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from linewright.errors import SourceError
from linewright.io.classics.fajsp import read_fajsp
from linewright.io.classics.fjsp import read_fjsp
from linewright.io.classics.instance import Instance, factory_of
from linewright.io.classics.jsp import read_jsp
from linewright.io.classics.numerals import Numerals, numerals
from linewright.io.classics.psplib import read_psplib
from linewright.io.classics.setups import everywhere
from linewright.io.raw_tables import first_bytes, only_known, single_file, text_of
from linewright.model.raw import RawFactory

KINDS = MappingProxyType({".fjs": "fjsp", ".fjsw": "fjsp-workers", ".sm": "project", ".jsp": "jsp", ".txt": ""})
CHOICES = ("jsp", "fjsp", "fjsp-workers", "fajsp", "project")


class ClassicReader:
    """Reads one classic scheduling instance; see `Reader` for what each member means."""

    name = "classics"
    title = "classic scheduling instances: job shop text, FJSPLIB .fjs and .fjsw, PSPLIB .sm (also .gz)"
    options: Mapping[str, str] = MappingProxyType(
        {
            "kind": f"what the file is, if its name does not tell: {', '.join(CHOICES)}",
            "operators": "at most so many operations of a job shop run at once, as each needs an operator",
        }
    )

    def recognises(self, files: Sequence[Path]) -> bool:
        """Whether this is one file whose name and first lines look like an instance."""
        main = [path for path in files if not _is_extension(path)]
        if len(main) != 1 or not main[0].is_file() or _suffix(main[0]) not in KINDS:
            return False
        beginning = first_bytes(main[0]).decode("latin-1").splitlines()
        lines = [line for line in beginning if line.strip() and not line.startswith("#")]
        if _suffix(main[0]) == ".sm":
            return any(line.startswith("jobs (incl.") for line in lines)
        # The second line may be cut off, so only its beginning is looked at.
        return len(lines) > 1 and all(re.fullmatch(r"[\d.]+(\s+-?[\d.]+)*", line.strip()) for line in lines[:2])

    def read(self, files: Sequence[Path], options: Mapping[str, str]) -> RawFactory:
        """Read one instance, with the .ext.json file that stands beside it.

        Raises
        ------
        SourceError
            The file cannot be opened or its numbers do not make an instance.
        """
        only_known(options, self.options, self.name)
        path = single_file([path for path in files if not _is_extension(path)], self.name)
        text = text_of(path)
        kind = options.get("kind") or KINDS.get(_suffix(path), "")
        if kind and kind not in CHOICES:
            raise SourceError(f"option kind={kind}: is unknown — choose one of {', '.join(CHOICES)}")
        instance = read_psplib(path.name, text) if kind == "project" else _from_numbers(path, text, kind)
        return factory_of(_with_operators(instance, options))


def _suffix(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix


def _is_extension(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(".ext.json")


def _from_numbers(path: Path, text: str, kind: str) -> Instance:
    numbers = numerals(path.name, text)
    chosen = kind or _guess(numbers)
    if chosen == "jsp":
        return read_jsp(numbers)
    if chosen == "fajsp":
        return read_fajsp(numbers)
    return _with_extension(read_fjsp(numbers, with_workers=chosen == "fjsp-workers"), path)


def _guess(numbers: Numerals) -> str:
    """Plain text: two numbers at the top are a job shop; three are a graph if pairs follow, else a flexible shop."""
    if len(numbers.header) == 2:
        return "jsp"
    first_length = int(numbers.starts[1]) if len(numbers.starts) > 1 else len(numbers.values)
    return "fajsp" if first_length == 2 else "fjsp"


def _with_operators(instance: Instance, options: Mapping[str, str]) -> Instance:
    wanted = options.get("operators", "")
    if not wanted:
        return instance
    if not wanted.isdigit() or int(wanted) < 1 or instance.workers or instance.further:
        raise SourceError(f"option operators={wanted}: give a whole number above 0, and a shop without own workers")
    return replace(instance, operators=int(wanted))


def _with_extension(instance: Instance, path: Path) -> Instance:
    """Add due dates, weights, families and their setups from the file that stands beside the instance."""
    stem = path.name.removesuffix(".gz").removesuffix(".fjs")
    beside = [path.with_name(f"{stem}.ext.json{packed}") for packed in ("", ".gz")]
    found = next((candidate for candidate in beside if candidate.is_file()), None)
    if found is None:
        return instance
    try:
        facts = json.loads(text_of(found))
        families = [f"F{family}" for job in facts["family"] for family in job]
        setup = np.array(facts["setup"], dtype=np.int64)
        due, weight = [int(minute) for minute in facts["due"]], [int(value) for value in facts["weight"]]
    except (ValueError, KeyError, TypeError) as error:
        message = f"{found.name}: due, weight, family or setup is missing or damaged ({error}) — correct or remove it"
        raise SourceError(message) from error
    if len(due) != len(instance.jobs) or len(weight) != len(instance.jobs) or len(families) != len(instance.job):
        raise SourceError(f"{found.name}: does not fit the jobs of {path.name} — remove it, or take the right one")
    names = [f"F{number}" for number in range(len(setup))]
    return replace(instance, due=due, weight=weight, family=families, changeovers=everywhere(setup, names))
