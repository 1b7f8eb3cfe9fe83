import json

import pytest

from pixvox_cli import seconds


@pytest.mark.parametrize(
    ("lesson", "used", "told"),
    [
        ("01_mnist", 34.6, "35 CPU s"),
        ("01_mnist", 36.0, "36 CPU s: BEYOND its 35"),
        ("05_faces", 49.0, "49 CPU s"),
        ("11_machines", 61.0, "61 CPU s: BEYOND its 60"),
    ],
)
def test_a_lesson_beyond_its_budget_is_named(lesson, used, told):
    results = {"lesson": lesson, "profile": "sample", "run": {"cpu_seconds": used}}
    assert seconds.told(results) == told
    assert seconds.told(results | {"profile": "full"}) == seconds.told(None) == ""


def test_a_line_for_each_lesson_and_the_sum(course, capsys):
    assert seconds.main() == 1 and "expected results of lessons" in capsys.readouterr().err
    folder = course / "build" / "sample"
    folder.mkdir(parents=True)
    for lesson, used in {"01_mnist": 30.0, "02_fashion": 40.0}.items():
        results = {"lesson": lesson, "profile": "sample", "run": {"cpu_seconds": used}}
        (folder / f"{lesson}.json").write_text(json.dumps(results), encoding="utf-8")
    assert seconds.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["01_mnist: 30 CPU s", "02_fashion: 40 CPU s: BEYOND its 35", "all lessons: 70 CPU s"]
