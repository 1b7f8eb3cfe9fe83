"""Looks up what a lesson's cells assign, so that tests can compare it with builders and studies."""

import ast
import json
from types import SimpleNamespace

import keras
from keras import layers

from pixvox.augment import RandomAffine
from pixvox.datasets import store


def code_of(notebook):
    """Parse all code cells of a lesson; `notebook` is the file's name without its ending."""
    path = store.ROOT / "notebooks" / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ast.parse("\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))


def assigned(notebook, variable, **given):
    """Evaluate what a lesson assigns first to `variable`.

    `lesson.choose` gives a dict of both values, unless `given` has another `lesson`. The lesson's own
    `conv_block` is there to be called.

    Args:
        notebook: the file's name without its ending.
        variable: its name; in `a, b = 1, 2` either may be asked for.
        given: other names that the expression needs.
    """
    code = code_of(notebook)
    both = SimpleNamespace(choose=lambda **values: values, seed=0)
    names = {"keras": keras, "layers": layers, "RandomAffine": RandomAffine, "lesson": both} | given
    for node in code.body:
        if isinstance(node, ast.FunctionDef) and node.name == "conv_block":
            exec(ast.unparse(node), names)
    for node in ast.walk(code):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            targets = target.elts if isinstance(target, ast.Tuple) else [target]
            found = [place for place, name in enumerate(targets) if getattr(name, "id", "") == variable]
            if found:
                value = eval(ast.unparse(node.value), names)
                return value[found[0]] if isinstance(target, ast.Tuple) else value
    raise AssertionError(f"no cell of {notebook} assigns {variable}")


def assigned_in_lesson(variable, notebook="01_mnist", lesson=None):
    """Evaluate the expression that a lesson assigns to `variable`, layers and all."""
    path = store.ROOT / "notebooks" / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            for node in ast.parse("".join(cell["source"])).body:
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == variable:
                    return eval(ast.unparse(node.value), {"keras": keras, "layers": layers, "lesson": lesson})
    raise AssertionError(f"no cell of {notebook} assigns {variable}")


def architecture(model):
    """Describe a model's layers without the names Keras gives to what has none."""
    return [(type(layer).__name__, _settings(layer)) for layer in model.layers]


def _settings(layer):
    config = layer.get_config()
    return {key: value for key, value in config.items() if key not in ("name", "dtype", "seed")}
