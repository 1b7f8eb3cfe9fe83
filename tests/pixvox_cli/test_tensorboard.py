from pixvox_cli import tensorboard


def test_without_files_the_command_says_what_to_type(course, capsys):
    assert tensorboard.main() == 2
    assert "pixvox run 04_embeddings" in capsys.readouterr().err
