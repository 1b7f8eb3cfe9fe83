"""Settings of the site: `make site` builds it from the committed notebooks with Sphinx; nothing is run.

What is done to a page on its way is in pages.py beside this file. No page asks another host for anything.
"""

import os
import sys
from pathlib import Path

import plotly

sys.path.insert(0, str(Path(__file__).parent))
import pages

# The one setting that depends on where the course is kept; launch buttons and links to the source need it.
SERVER, NAME = os.environ.get("GITHUB_SERVER_URL", ""), os.environ.get("GITHUB_REPOSITORY", "")
REPOSITORY = os.environ.get("PIXVOX_REPOSITORY") or (f"{SERVER}/{NAME}" if SERVER and NAME else "")

project = "Pixels to Voxels"
language = "en"
html_title = project
html_theme = "sphinx_book_theme"
html_favicon = "_static/favicon.svg"
html_logo = "_static/favicon.svg"
html_static_path = ["_static", str(Path(plotly.__file__).parent / "package_data" / "plotly.min.js")]
html_css_files = ["site.css"]
html_context = {"default_mode": "auto"}
html_copy_source = True  # the notebooks themselves, to download
html_show_sphinx = False
html_theme_options = {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": "Code and text: MIT licence. The data cards name the licence of each data set.",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "navbar_persistent": [],  # the search stands in the side bar
    "use_repository_button": bool(REPOSITORY),
    "repository_url": REPOSITORY,
    "repository_branch": "main",
    "path_to_docs": "notebooks",
    "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"}
    if REPOSITORY
    else {},
}

extensions = ["myst_nb", "sphinx_copybutton", "sphinx_design", "pages"]
copybutton_selector = (
    ".cell_input div.highlight pre, .literal-block-wrapper div.highlight pre, .highlight-text pre"
)
exclude_patterns = ["**/.ipynb_checkpoints", *pages.own_notebooks()]
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "substitution"]
myst_heading_anchors = 4
myst_heading_slug_func = "pages.anchor"
myst_substitutions = pages.substitutions()
