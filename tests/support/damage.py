"""Strategies of hypothesis for files that are nearly right: damaged, cut off, spliced, told wrong sizes."""

import csv
import gzip
import io
import json
import struct
import zipfile
import zlib

from hypothesis import strategies as st

NUMBERS = (0, 1, 2, 127, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**60, 2**63, 2**64 - 1)
EXTREMES = [
    struct.pack(order + code, number)
    for order in "<>"
    for code, bits in (("B", 8), ("H", 16), ("I", 32), ("Q", 64))
    for number in NUMBERS
    if number < 2**bits
]
KINDS = ("flip", "cut", "insert", "remove", "extreme", "splice", "again")


def damaged(*rights):
    """Right files, damaged in one to four places."""
    return _damaged(_Rights(rights))


class _Rights(tuple):
    """Right files, of which messages of hypothesis show no more than how many there are."""

    def __repr__(self):
        return f"{len(self)} right files"


@st.composite
def _damaged(draw, rights):
    content = bytearray(draw(st.sampled_from(rights)))
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4)):
        place = draw(st.integers(0, max(0, len(content) - 1)) | st.integers(0, min(200, len(content))))
        end = place + draw(st.integers(1, 40) | st.integers(1, 4_000))
        if kind == "flip" and place < len(content):
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "cut":
            del content[place:]
        elif kind == "insert":
            content[place:place] = draw(st.binary(min_size=1, max_size=50))
        elif kind == "remove":
            del content[place:end]
        elif kind == "extreme":
            number = draw(st.sampled_from(EXTREMES))
            content[place : place + len(number)] = number
        elif kind == "splice":
            other = draw(st.sampled_from(rights))
            content[place:] = other[draw(st.integers(0, len(other))) :]
        elif kind == "again":
            content[place:place] = content[place:end]
    return bytes(content)


def damaged_inside_gzip(*rights):
    """Right gzipped files whose contents are damaged before they are packed."""
    return damaged(*map(gzip.decompress, rights)).map(lambda content: gzip.compress(content, mtime=0))


@st.composite
def damaged_inside_zip(draw, right):
    """A right zip in which one file is damaged before it is packed, and sums are right."""
    with zipfile.ZipFile(io.BytesIO(right)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from([*files]))
    files[name] = draw(damaged(files[name]))
    return zipped(files, draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])))


def zipped(files, kind=zipfile.ZIP_STORED):
    """Return the bytes of a zip of {name: bytes}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return buffer.getvalue()


@st.composite
def damaged_inside_png(draw, *rights):
    """Right PNGs whose chunks are damaged, doubled, left out or changed in order; sums are right."""
    right, place, chunks = draw(st.sampled_from(rights)), 8, []
    while place < len(right):
        (length,) = struct.unpack(">I", right[place : place + 4])
        chunks.append((right[place + 4 : place + 8], right[place + 8 : place + 8 + length]))
        place += 12 + length
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(chunks) - 1))
        kind, content = chunks[at]
        names = (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf", b"PLTE", b"tRNS", b"acTL", b"fcTL", b"gAMA")
        kind = draw(st.sampled_from((kind, kind, kind, *names)))
        chunks[at : at + draw(st.integers(0, 1))] = [(kind, draw(damaged(content or b"\0")))]
    return right[:8] + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


MARK = "\0mark\0"
ODD_JSON = [  # as they are written
    *("NaN", "-Infinity", "1e400", "-1e400", "1" + 400 * "0", 5_000 * "9", "1e-400", "-0.0", "true", "null"),
    *(20_000 * "[", 3_000 * "[" + 3_000 * "]", 3_000 * '{"a":' + "1" + 3_000 * "}", "{}", "[]", "[[1, 2]]"),
    *(
        '"\\ud800"',
        '"\\u001b[2J\\n# forged"',
        '"<script>alert(1)</script>"',
        '"' + 5_000 * "x" + '"',
        "[0, {}]",
    ),
    *('{"a": 1, "a": 2}', "-1", "1.5", "99", '"0"', '""'),
]


@st.composite
def changed_json(draw, right):
    """A right document in which one to three values are replaced by odd ones, or are missing."""
    whole, odd = {"document": json.loads(json.dumps(right))}, []
    for _ in range(draw(st.integers(1, 3))):
        if places := [*_places(whole)][draw(st.integers(0, 1)) :]:  # the document itself comes first
            parent, key = draw(st.sampled_from(places))
            if parent is whole or draw(st.booleans()):
                parent[key] = f"{MARK}{len(odd)}"
                odd.append(draw(st.sampled_from(ODD_JSON) | _simple.map(json.dumps)))
            else:
                del parent[key]
    text = json.dumps(whole["document"])
    for number, other in enumerate(odd):
        text = text.replace(json.dumps(f"{MARK}{number}"), other)
    return text.encode()


_simple = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _places(parent):
    """Yield (dict or list, key) of each value in a document, at any depth."""
    for key, value in [*parent.items()] if isinstance(parent, dict) else [*enumerate(parent)]:
        yield parent, key
        if isinstance(value, dict | list):
            yield from _places(value)


ODD_CELLS = [
    *(
        "",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "nan",
        "inf",
        "1e400",
        "-1",
        "0x10",
        "1_000",
        "٣",
        "1;2",
        ";",
        "[",
        "[]",
    ),
    *(
        "\0",
        "\x1b[2J",
        "a\nb",
        '"',
        'a"b',
        "\ufeff",
        400 * "9",
        10_000 * "x",
        "256",
        "1.0",
        " 1",
        "True",
        "maybe",
    ),
]


@st.composite
def changed_csv(draw, right):
    """A right table in which cells, or their number, are changed; by rule or without quotes."""
    rows = [list(row) for row in csv.reader(io.StringIO(right.decode("utf-8"), newline=""))]
    for _ in range(draw(st.integers(1, 3))):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        place = draw(st.integers(0, max(0, len(row) - 1)))
        cells = [
            draw(st.sampled_from(ODD_CELLS) | st.text(max_size=10)) for _ in range(draw(st.integers(0, 2)))
        ]
        row[place : place + 1] = cells
    text = io.StringIO(newline="")
    if draw(st.booleans()):
        csv.writer(text).writerows(rows)
    else:
        text.write("\n".join(map(",".join, rows)))
    return text.getvalue().encode(draw(st.sampled_from(["utf-8"] * 4 + ["utf-16", "utf-8-sig"])), "replace")
