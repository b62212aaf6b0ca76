"""Joining modules into one script."""

from importlib.resources import files

import pytest

from linewright.kit.report import bundle


def test_every_module_of_the_report_is_in_the_script():
    """No file lies beside the others unused, and none is missing."""
    names = [
        path.name[:-3]
        for path in files("linewright.kit.report").joinpath("static").iterdir()
        if path.name.endswith(".js")
    ]
    script = bundle.bundled("main")
    for name in names:
        assert script.count(f"const module_{name} = ") == 1
    assert "\nimport " not in script
    assert "\nexport " not in script


def test_a_module_comes_after_those_that_it_imports(monkeypatch):
    """Names exist before they are used, and each module keeps its own."""
    sources = {
        "main.js": 'import { one } from "./a.js";\nexport const two = one + 1;\n',
        "a.js": "const hidden = 0;\nexport const one = 1;\n",
    }
    monkeypatch.setattr(bundle, "static", sources.__getitem__)
    script = bundle.bundled("main")
    assert script.index("module_a") < script.index("module_main")
    assert "const { one } = module_a;" in script
    assert "return { one };" in script


def test_modules_that_import_each_other_are_refused(monkeypatch):
    """A circle would leave a name empty."""
    sources = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    monkeypatch.setattr(bundle, "static", sources.__getitem__)
    with pytest.raises(ValueError, match="in a circle: a -> b -> a"):
        bundle.bundled("a")
