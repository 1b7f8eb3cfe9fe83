"""The built site in a browser, page by page: quiet, linked, accessible, narrow; and what is to work does.

`make check` builds the site and runs this. PIXVOX_SITE=folder looks at a site elsewhere.
"""

import functools
import http.server
import itertools
import os
import re
import threading
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="needs Playwright, which `make check` has")

SITE = Path(os.environ.get("PIXVOX_SITE") or Path(__file__).parents[2] / "build" / "site" / "html")
FOUND = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
PAGES = [name for name in FOUND if not name.startswith("_")] or ["index.html"]
LESSONS = [name for name in PAGES if re.fullmatch(r"\d\d_\w+\.html", name)]
# Serious issues of the theme's own, that no setting of ours mends: axe's rule, and what it finds.
EXCEPTIONS = {}
# What may be wider than a phone: what lies in a box of its own that scrolls, and holds no chapter.
SCROLLS = ":is(pre, :has(table, pre, code, .plotly-figure, mjx-container)):not(:has(section, h1, h2, h3))"
WIDE = """scrolls => {
    const edge = document.documentElement.clientWidth + 1;
    const kept = element => {
        for (let box = element; box; box = box.parentElement)
            if (box.matches(scrolls) && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)
                && box.getBoundingClientRect().right <= edge) return true;
        return false;
    };
    const out = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const parts = [...document.body.querySelectorAll('*')].map(element => [element, element]);
    while (walker.nextNode()) parts.push([walker.currentNode, walker.currentNode.parentElement]);
    const range = document.createRange();
    for (const [part, element] of parts) {
        range.selectNodeContents(part);
        const place = (part === element ? element : range).getBoundingClientRect();
        if (place.right > edge && place.width > 1 && !kept(element)
            && element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
            out.push(element.outerHTML.slice(-160));
    }
    return out;
}"""
FIGURE = ".plotly-figure"  # what holds one that turns or moves
PICTURES = """figure => [...document.querySelectorAll('img, figure, [role="img"], ' + figure)]
    .filter(element => !element.closest('[aria-hidden="true"]')).map(element => ({
        html: element.outerHTML.slice(0, 160),
        file: (element.getAttribute('src') || '').split('/').pop(),
        text: element.getAttribute('alt') ?? element.closest('[aria-label]')?.getAttribute('aria-label')
            ?? element.querySelector('[alt]')?.getAttribute('alt'),
    }))"""
# Of the many pieces of code of one colour, axe is shown the first; in dark only colours are looked at again.
AXE = """async ([exceptions, rules]) => {
    const alike = new Set(), hidden = [];
    for (const piece of document.querySelectorAll('.highlight pre span[class]'))
        if (alike.size == alike.add(piece.className).size) hidden.push(piece);
    hidden.forEach(piece => piece.hidden = true);
    const found = await axe.run({resultTypes: ['violations'], elementRef: true, ...rules});
    hidden.forEach(piece => piece.hidden = false);
    const issues = [];
    for (const rule of found.violations.filter(rule => ['serious', 'critical'].includes(rule.impact)))
        for (const node of rule.nodes) {
            const known = exceptions.filter(([id, selector]) =>
                id == rule.id && node.element.matches(selector));
            issues.push({known, text: `${rule.id}: ${node.target} ${node.html.slice(0, 160)}`});
        }
    return issues;
}"""
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def address():
    """Serve the site on this machine."""
    if not FOUND:
        pytest.fail(f"no page below {SITE}: run `make site` first")
    handler = functools.partial(Quiet, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def window(address, watched):
    """Open the window that all pages are looked at in."""
    page, wrong = watched(address, permissions=["clipboard-read", "clipboard-write"])
    page.set_default_timeout(20_000)
    return page, wrong


def visit(window, url):
    """Open a page, wait until nothing more is fetched, and return it; nothing on it fades in or slides."""
    page, wrong = window
    wrong.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(url, wait_until="networkidle")
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
    return page


class Page(HTMLParser):
    """The names in a page that links lead to, and where its own links lead."""

    def __init__(self, name):
        super().__init__()
        self.names, self.links, self.attributes = set(), [], []
        self.feed((SITE / name).read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.names |= {found[key] for key in ("id", "name") if found.get(key)}
        self.links += [found[key] for key in ("href", "src") if found.get(key)]
        self.attributes.append((tag, found))

    handle_startendtag = handle_starttag


@functools.cache
def read(name):
    return Page(name)


def target(page, link):
    """Return the file that a link of a page names, and the name in it; None for a link to elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return page, unquote(parts.fragment)
    path = PurePosixPath(os.path.normpath(PurePosixPath(page).parent / unquote(parts.path)))
    return path.as_posix(), unquote(parts.fragment)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name, address):
    broken = []
    for link in read(name).links:
        found = target(name, link)
        if found is None:
            continue
        file, anchor = found
        if not (SITE / file).is_file() or (
            anchor and file.endswith(".html") and anchor not in read(file).names
        ):
            broken.append(link)
    assert not broken


@pytest.fixture(scope="session")
def axe():
    """Return axe-core as a script: no request is made for it."""
    folder = Path(find_spec("axe_playwright_python").origin).parent
    return (folder / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def seen():
    """Note which exceptions occur, and on how many looks that rests."""
    return {"looks": 0, "known": set()}


def set_mode(page, mode):
    """Choose light or dark, as the theme keeps it."""
    page.evaluate(
        """mode => {
            for (const name of ['mode', 'theme']) {
                localStorage.setItem(name, mode);
                document.documentElement.dataset[name] = mode;
            }
        }""",
        mode,
    )


@pytest.fixture(scope="module", params=PAGES)
def page(request, address, window):
    """Open one page after the other, each once for all tests that take it."""
    return visit(window, f"{address}/{request.param}")


def test_it_opens_without_a_complaint(page, window):
    assert page.title().strip()
    assert not window[1]


def test_pictures_have_a_text(page):
    bad = [
        found
        for found in page.evaluate(PICTURES, FIGURE)
        if not (found["text"] or "").strip() or found["text"] in (found["file"], Path(found["file"]).stem)
    ]
    assert not bad


@pytest.mark.parametrize("mode", RULES)
def test_axe_finds_nothing_serious(page, mode, axe, seen):
    set_mode(page, mode)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe)
    issues = page.evaluate(AXE, [list(EXCEPTIONS), RULES[mode]])
    seen["looks"] += 1
    seen["known"].update(tuple(known) for issue in issues for known in issue["known"])
    assert not [issue["text"] for issue in issues if not issue["known"]]


def test_it_fits_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(200)  # figures are drawn anew
    width = page.evaluate("() => [document.scrollingElement.scrollWidth, window.innerWidth]")
    out = page.evaluate(WIDE, SCROLLS)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not out and width[0] <= width[1]


def test_every_exception_still_occurs(seen):
    if seen["looks"] < len(PAGES) * len(RULES):
        pytest.skip("not every page was looked at")
    assert not set(EXCEPTIONS) - seen["known"]


@pytest.mark.parametrize("words", ["Grad-CAM", "not settled"])
def test_search_finds(words, address, window):
    page = visit(window, f"{address}/search.html")
    page.locator("input[name=q]:visible").first.fill(words)
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("found \\d+ page")).wait_for()
    links = page.locator("#search-results ul.search li a").all()
    pages = [target("search.html", link.get_attribute("href"))[0] for link in links]
    assert set(pages) <= set(PAGES)
    texts = [(SITE / name).read_text(encoding="utf-8").lower() for name in pages]
    place = next((place for place, text in enumerate(texts) if words.lower() in text), None)
    assert place is not None and links[place].inner_text().strip()
    links[place].click()
    page.wait_for_url(f"**/{pages[place]}*")
    assert words.lower() in page.locator("article").inner_text().lower()
    assert not window[1]


def show_figure(page, selector):
    """Return the first figure with such a thing in it; figures may be drawn only when they come into view."""
    for place in page.locator(FIGURE).all():
        place.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
    figure = page.locator(".js-plotly-plot").filter(has=page.locator(selector)).first
    figure.scroll_into_view_if_needed()
    figure.locator(selector).first.wait_for()
    return figure


def test_a_figure_turns(address, window):
    page = visit(window, f"{address}/09_mnist_2d_vs_3d.html")
    figure = show_figure(page, ".gl-container canvas")
    page.wait_for_timeout(1_000)
    eye = "figure => figure._fullLayout.scene._scene.getCamera().eye"
    before, picture = figure.evaluate(eye), figure.screenshot()
    box = figure.locator(".gl-container canvas").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=10)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert figure.evaluate(eye) != before
    assert figure.screenshot() != picture
    assert not window[1]


def test_a_figure_moves(address, window):
    page = visit(window, f"{address}/01_mnist.html")
    figure = show_figure(page, ".slider-rail-touch-rect")
    shown = "figure => JSON.stringify([figure.data, {...figure.layout, sliders: 0, updatemenus: 0}])"
    first, picture = figure.evaluate(shown), figure.screenshot()
    rail = figure.locator(".slider-rail-touch-rect")
    rail.click(position={"x": rail.bounding_box()["width"] * 0.8, "y": 2})
    page.wait_for_timeout(500)
    assert (moved := figure.evaluate(shown)) != first
    assert figure.screenshot() != picture
    figure.locator(".updatemenu-button, .updatemenu-header").first.click()  # play
    page.wait_for_timeout(2_000)
    assert figure.evaluate(shown) not in (first, moved)
    assert not window[1]


def test_code_is_copied(address, window):
    page = visit(window, f"{address}/{LESSONS[0]}")
    block = page.locator("div.highlight").filter(has=page.locator("button.copybtn")).first
    block.hover()
    block.locator("button.copybtn").click()
    page.wait_for_timeout(300)
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied.strip() and copied.strip() == block.locator("pre").inner_text().strip()


def test_a_solution_unfolds(address, window):
    folded = [name for name in PAGES if any(tag == "details" for tag, _ in read(name).attributes)]
    assert folded, "no page has anything folded"
    page = visit(window, f"{address}/{folded[0]}")
    fold = page.locator("article details").first
    inside = fold.locator(":scope > :not(summary)").first
    assert not inside.is_visible()
    fold.locator("summary").first.click()
    page.wait_for_timeout(300)
    assert inside.is_visible()


def test_the_mode_is_switched_and_kept(address, window):
    page = visit(window, f"{address}/index.html")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    grounds = []
    for mode in RULES:
        page.locator("button.theme-switch-button:visible").first.click()
        page.locator(f".theme-change-button[data-mode={mode}]:visible").click()
        for _ in range(2):
            assert page.locator("html").get_attribute("data-theme") == mode
            grounds.append(page.evaluate(ground))
            page.reload(wait_until="networkidle")
    assert grounds[0] == grounds[1] != grounds[2] == grounds[3]


@pytest.mark.parametrize(("kind", "lessons"), [("right-next", LESSONS), ("left-prev", LESSONS[::-1])])
def test_lessons_lead_on(kind, lessons, address, window):
    assert len(lessons) > 1
    for name, expected in itertools.pairwise(lessons):
        attributes = (found for tag, found in read(name).attributes if tag == "a")
        links = [found["href"] for found in attributes if kind in (found.get("class") or "").split()]
        assert [target(name, link)[0] for link in links] == [expected]
    page = visit(window, f"{address}/{lessons[0]}")
    page.locator(f"a.{kind}").click()
    page.wait_for_url(f"**/{lessons[1]}")
    assert not window[1]
