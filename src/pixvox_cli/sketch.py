"""What `pixvox sketch` can make, and which function makes it."""

import importlib
import inspect

SKETCHES = {  # the module, and its function that writes the files; `sheet_<name>` beside it writes a sheet
    "digits": ("pixvox_sketch.digits", "write_digits"),
    "voxels": ("pixvox_cli.make_mnist3d", "write_voxel_digits"),
    "animals": ("pixvox_sketch.animals.sets", "write_animals"),
    "dial": ("pixvox_sketch.animals.dial", "write_dial"),
    "kinds": ("pixvox_sketch.zoo.sets", "write_kinds"),
    "faces": ("pixvox_sketch.faces.sets", "write_faces"),
    "clothes": ("pixvox_sketch.clothes.sets", "write_clothes"),
    "solids": ("pixvox_sketch.solids", "write_solids"),
    "own-pictures": ("pixvox_sketch.own_pictures.sets", "write_own_pictures"),
    "vgg16": ("pixvox_sketch.pretraining", "write_vgg16"),
    "vgg19": ("pixvox_sketch.pretraining", "write_vgg19"),
}


def sketch(what: str, *, out: str | None = None, sheet: bool = False, **options) -> None:
    """Make a part of the sample, or a contact sheet of it, and print the paths that were written.

    Args:
        what: a key of `SKETCHES`.
        out: the folder to write to; None means the sample's own, or build/sketch for a sheet.
        sheet: write a contact sheet instead of the data.
        **options: seed, count and size, as far as the function has them; None leaves its own.

    Raises:
        ValueError: for an option that the function does not have, or an empty `out`.
    """
    if out == "":
        raise ValueError(f"expected a folder, got ''. Type for instance `pixvox sketch {what} --out more`.")
    module, function = SKETCHES[what]
    write = getattr(
        importlib.import_module(module), f"sheet_{what.replace('-', '_')}" if sheet else function, None
    )
    given = {name: value for name, value in options.items() if value is not None}
    known = inspect.signature(write).parameters if write else ()
    refused = [f"--{name}" for name in given if name not in known] if write else ["--sheet"]
    if refused:
        raise ValueError(
            f"expected options that `pixvox sketch {what}` has, got {', '.join(refused)}. "
            "Type `pixvox sketch --help`."
        )
    written = write(out, **given)
    for path in written if isinstance(written, list) else [written]:
        print(f"wrote {path}")
