"""What the evidence notebooks show: a statement, what decides it, what was measured, the verdict.

All text is the same on every machine: numbers come from committed tables and are written with four decimals.
"""

from html import escape
from math import isinf

from pixvox_evidence import judging
from pixvox_evidence.claims import load_claims
from pixvox_evidence.verdicts import FAILS, HOLDS, NOT_SETTLED, posted_limit

COLOURS = {HOLDS: "#0072b2", FAILS: "#d55e00", NOT_SETTLED: "0.6"}  # Okabe and Ito (2008), and grey
MARKERS = {HOLDS: "o", FAILS: "s", NOT_SETTLED: "^"}
COLUMNS = ("part", "data", "measured", "95 %", "seeds", "verdict", "note")


def weigh(key):
    """Show a statement: what was said, what decides each part, what was measured, and the verdict.

    Args:
        key: an id of the ledger, such as "P4.4".

    Raises:
        ValueError: if the ledger has no such statement.
    """
    import pandas as pd
    from IPython.display import display

    statement = _find(key)
    table = pd.DataFrame(rows_of(statement), columns=COLUMNS)
    if all(part.test == "none" for part in statement.parts):
        table = table[:0]
    empty = [name for name in ("95 %", "seeds", "note") if set(table[name]) <= {"–", ""}]
    pieces = _said(statement), table.drop(columns=empty), "Verdict: " + "; ".join(_whole(statement)) + "."
    display({"text/plain": _text_of(statement, *pieces), "text/html": _page_of(statement, *pieces)}, raw=True)


def _find(key):
    """Return a statement of the ledger; ValueError if it has none of this id."""
    ledger = load_claims()
    if key not in ledger:
        raise ValueError(f"expected the id of a statement such as {next(iter(ledger))}, got {key!r}")
    return ledger[key]


def _said(statement):
    """Write a statement with what was posted and where it is from."""
    posted = f"posted: {statement.posted}; " if statement.posted else ""
    return f"{statement.id}. {statement.text} ({posted}source: {statement.source})."


def _criteria(statement):
    """Write what decides each part, a line each; where it is the same for all, once, in a last line."""
    texts = {letter: criterion(part) for letter, part in _lettered(statement)}
    if len(texts) > 1 and len(set(texts.values())) == 1:
        return [*(f"{letter}. {part.text}." for letter, part in _lettered(statement)), f"Each: {texts['a']}"]
    return [f"{letter}. {part.text}. {texts[letter]}" for letter, part in _lettered(statement)]


def _text_of(statement, said, table, verdict):
    """Write what `weigh` shows as plain text."""
    parts = [f"   {line}" for line in _criteria(statement)]
    place = f"Taken up in lesson {statement.lesson}, {statement.section}."
    return "\n".join([f"{said} {place}", *parts, *([] if table.empty else [_plain(table)]), verdict])


def _page_of(statement, said, table, verdict):
    """Write what `weigh` shows as HTML, with a link to the lesson's section."""
    target = f"../{statement.lesson}.ipynb#{statement.section.replace(' ', '-')}"
    link = f'<a href="{escape(target)}">lesson {statement.lesson}, {escape(statement.section)}</a>'
    lines = [f"{escape(said)} Taken up in {link}.", *map(escape, _criteria(statement))]
    blocks = [f"<p>{line}</p>" for line in lines] + ([] if table.empty else [_html(table)])
    return "\n".join([*blocks, f"<p><strong>{escape(verdict)}</strong></p>"])


def _lettered(statement):
    """Return (letter, part) for each part of a statement."""
    return list(zip("abcdefgh", statement.parts, strict=False))


def _plain(table):
    """Write a DataFrame of texts, whole."""
    return table.to_string(index=False)


def _html(table):
    """Write a DataFrame of texts as an HTML table, whole, aligned to the left."""
    html = table.to_html(index=False, border=0, justify="left")
    left = 'style="text-align: left;"'  # pages align cells to the right otherwise
    return html.replace("<td>", f"<td {left}>").replace("<th>", f"<th {left}>")


def _whole(statement):
    """Return the verdicts on a statement as a whole, one a profile, or one for both where they agree."""
    found = {profile: judging.judge(statement, profile)[0] for profile in ("sample", "full")}
    if len(set(found.values())) == 1:
        return [found["full"]]
    return [f"{profile}: {verdict}" for profile, verdict in found.items()]


def rows_of(statement):
    """Return the rows of a statement's table: texts, a tuple as `COLUMNS` for each part and profile."""
    rows = []
    for letter, part in _lettered(statement):
        profiles = {"each": ("sample", "full"), "drawn": ("sample",)}.get(part.profiles, (part.profiles,))
        for profile in profiles:
            judged = judging.judge_part(part, "full" if profile == "any" else profile)
            data = {"any": "none needed"}.get(profile, profile)
            seeds = str(judged.runs) if judged.half is not None or part.unit != "exact" else "–"
            shown = (measured_text(part, judged), half_text(judged), seeds if judged.runs else "–")
            rows.append((letter, data, *shown, judged.verdict, note_text(part, judged)))
    return rows


def criterion(part):
    """Write what decides a part of a statement, in a sentence."""
    first = number_text(part.values[0]) if part.values else ""
    limit = posted_limit(part.values[0]) if part.values else 0
    small = "" if part.smallest is None else f"{part.smallest:g}"
    interval = f"the 95 % interval over {part.unit}"
    size = "the 95 % interval of one more training" if part.unit == "one more training" else interval
    side, other, least = ("above", "below", small)
    if part.direction == "less":
        side, other, least = ("below", "above", f"-{small}" if part.smallest else small)
    texts = {
        "count": f"Holds if equal to {', '.join(map(number_text, part.values))}.",
        "bound": f"Holds if {part.direction} {first}.",
        "difference": f"Does not hold if {interval} lies {other} {least}; else holds if it lies {side} 0.",
        "no difference": f"Holds if {interval} lies within {small} of 0, does not hold if outside.",
        "some difference": f"Holds if {interval} lies outside {small} of 0, does not hold if within.",
        "size": f"Does not hold if {first} lies outside {size}; else holds if half of that is at most "
        f"half of {first}.",
        "posted accuracy": f"Does not hold if {_posted(part)} lies outside the 95 % interval of one more "
        f"training; else holds if half of that is at most {limit:.3g}.",
        "none": "Not measured here.",
    }
    return texts[part.test]


def _posted(part):
    """Write the posted figure of a part with its own decimals."""
    return f"{part.values[0]:.{part.decimals}f}" if part.values else ""


def measured_text(part, judged):
    """Write what was measured: four decimals, with a sign where it is a difference; a dash for nothing."""
    if not judged.values:
        return "–"
    if part.test in ("count", "bound"):
        return ", ".join(number_text(value) for value in judged.values)
    sign = "+" if "difference" in part.test else ""
    return f"{judged.values[0]:{sign}.4f}"


def half_text(judged):
    """Write half an interval; a dash for none."""
    return "–" if judged.half is None else f"± {judged.half:.4f}"


def note_text(part, judged):
    """Write what would settle what is not settled, and of a small or a reversed difference that it is one."""
    if judged.verdict == FAILS and part.test == "difference" and judged.half is not None:
        sign = -1 if part.direction == "less" else 1
        if sign * judged.values[0] - judged.half > 0:
            return "too small to matter"
        return "the other way round" if sign * judged.values[0] + judged.half < 0 else ""
    if judged.verdict != NOT_SETTLED:
        return ""
    if judged.needed is None:
        return "measured once: three seeds at least" if judged.runs == 1 else "two seeds: three at least"
    if not isinf(judged.needed):
        return f"{judged.needed:,} seeds would settle it, at this mean and spread"
    if part.test == "posted accuracy":
        return "one posted run on other pictures: more seeds could refute it, never confirm it"
    if judged.pictures is None or isinf(judged.pictures):
        return "no number of seeds would settle it"
    return f"no number of seeds would settle it; with many, {judged.pictures:,} test pictures would"


def number_text(value):
    """Write a number: whole numbers with their thousands, small ones with four significant digits."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.4g}"


def show_table(table):
    """Show a whole DataFrame, floats with four decimals, columns of whole floats with none.

    An index of mere row numbers is left out.
    """
    import pandas as pd
    from IPython.display import display

    shown = table.copy()
    if shown.columns.nlevels > 1:
        shown.columns = [" ".join(map(str, names)).strip() for names in shown.columns]
    shown.columns.name = None
    if not isinstance(shown.index, pd.RangeIndex):
        names = [name or "" for name in shown.index.names]
        shown = shown.rename_axis(names).reset_index(allow_duplicates=True)
    for column in shown.select_dtypes("float"):
        whole = (shown[column] % 1 == 0).all() and (shown[column].abs() > 1).any()
        shown[column] = [f"{number:,.0f}" if whole else f"{number:.4f}" for number in shown[column]]
    display({"text/plain": _plain(shown), "text/html": _html(shown)}, raw=True)


def plot_parts(*ids, profile, xlabel):
    """Draw what was measured for parts of statements, a row each: interval, verdict, and what was posted.

    Args:
        *ids: statements; of each, the parts that have an interval in this profile.
        profile: "sample" or "full".
        xlabel: what the numbers are.

    Returns:
        a matplotlib Figure: colour and mark tell the verdict, a star is a posted figure, a dotted line the
        smallest difference that matters.

    Raises:
        ValueError: if the ledger has no such statement, or no part has an interval in this profile.
    """
    from pixvox.plots.basic import make_figure

    rows = [row for key in ids for row in _intervals(_find(key), profile)]
    if not rows:
        raise ValueError(
            f"expected statements that have an interval in the profile {profile}, got {', '.join(ids)}"
        )
    figure, (axis,) = make_figure(7.4, 0.5 * len(rows) + 1.1)
    for place, (_, part, judged) in enumerate(rows):
        look = {"color": COLOURS[judged.verdict], "marker": MARKERS[judged.verdict]}
        axis.errorbar(judged.values[0], place, xerr=judged.half, capsize=3, label=judged.verdict, **look)
        if part.test in ("posted accuracy", "size"):
            axis.plot(part.values[0], place, "*", color="black", markersize=10, label="posted")
    _mark_smallest(axis, [part for _, part, _ in rows])
    axis.set(xlabel=xlabel, ylim=(len(rows) - 0.4, -0.6))
    axis.set_yticks(range(len(rows)), [_short(name) for name, _, _ in rows])
    axis.grid(axis="x", alpha=0.3)
    handles, labels = axis.get_legend_handles_labels()
    known = dict(zip(labels, handles, strict=True))  # one of each
    place = {"loc": "outside upper right", "ncols": len(known), "frameon": False}
    figure.legend(known.values(), known.keys(), **place)
    return figure


def _intervals(statement, profile):
    """Return (name, part, judgement) for each part that has an interval in a profile."""
    found = [(letter, part, judging.judge_part(part, profile)) for letter, part in _lettered(statement)]
    if len(found) == 1:
        found = [(f"{statement.id}: {statement.text}", *found[0][1:])]
    else:
        found = [(f"{statement.id} {letter}: {part.text}", part, judged) for letter, part, judged in found]
    return [row for row in found if row[2].half is not None]


def _mark_smallest(axis, parts):
    """Draw a line at 0 and a dotted one at the smallest difference, where these are differences."""
    differences = [part for part in parts if "difference" in part.test]
    if not differences:
        return
    axis.axvline(0, color="black", linewidth=0.8)
    sides = {"more": (1,), "less": (-1,)}
    places = {side * part.smallest for part in differences for side in sides.get(part.direction, (-1, 1))}
    for place in sorted(places - {0}):
        axis.axvline(place, color="black", linestyle=":", linewidth=0.8, label="smallest that matters")


def _short(text, most=46):
    """Break a text in two lines at most."""
    import textwrap

    lines = textwrap.wrap(text, most)
    return "\n".join(lines[:2]) + (" …" if len(lines) > 2 else "")
