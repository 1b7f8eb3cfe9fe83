"""What `make test` adds to a failed cell: what it wrote to stderr, which nbval only says was there."""

import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Show a failed cell's stderr below its traceback."""
    report = (yield).get_result()
    outputs = getattr(item, "test_outputs", None) or []
    written = "".join(output["text"] for output in outputs if output.get("name") == "stderr")
    if report.failed and written:
        report.sections.append(("the cell's stderr", written))
