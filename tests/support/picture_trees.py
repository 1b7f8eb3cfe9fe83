"""Small made-up pictures in the layouts of the course's data sets."""

import errno
import io
import zipfile

import numpy as np
from PIL import Image


def picture(colour, size=(8, 10), kind="PNG"):
    """Return the bytes of a picture of one colour, (height, width); a number is a grey one."""
    colour = (colour,) * 3 if isinstance(colour, int) else colour
    buffer = io.BytesIO()
    Image.fromarray(np.full((*size, 3), colour, np.uint8)).save(buffer, kind, quality=95)
    return buffer.getvalue()


def put(folder, contents):
    """Write {relative path: bytes} below a folder; return the folder."""
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def forbid(monkeypatch, name):
    """Let the pictures of a name be such as may not be read; as root, permissions forbid nothing."""
    opened = Image.open

    def refuse(path, **settings):
        if path.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, **settings)

    monkeypatch.setattr(Image, "open", refuse)


def packed(path, contents):
    """Write {name: bytes} into a zip; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def pets(count=4, form="train/{name}.{number}.jpg"):
    """Return {path: bytes}: cats of the grey 10 * number, dogs of 10 * number + 5."""
    return {
        form.format(name=name, number=number): picture(10 * number + 5 * label, kind="JPEG")
        for number in range(count)
        for label, name in enumerate(("cat", "dog"))
    }


def pet_images(count=4):
    """Return the same as Microsoft packs it, with a broken, an empty and two foreign files."""
    tree = {f"PetImages/{key.title()}.jpg": value for key, value in pets(count, "{name}/{number}").items()}
    extra = {"PetImages/Cat/666.jpg": b"", "PetImages/Dog/11702.jpg": b"broken"}
    return tree | extra | {"PetImages/Cat/Thumbs.db": b"foreign", "readme[1].txt": b"foreign"}


def people(count=5, top="", old=2, young=1):
    """Return {path: bytes}: old pictures have the grey 20 * person + i, young ones 128 + that."""
    tree = {}
    for person in range(count):
        name = f"{top}Person_{person:02d}"
        tree |= {f"{name}/{i}.png": picture(20 * person + i) for i in range(old)}
        tree |= {f"{name}/y/{i}.png": picture(128 + 20 * person + i) for i in range(young)}
    return tree


def everything(folder):
    """Return the relative paths of all files below a folder, in order, but for those of locks."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".lock", ".pid"))
    return sorted(path.relative_to(folder).as_posix() for path in found)
