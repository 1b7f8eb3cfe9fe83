"""`make tensorboard`: opens TensorBoard on the vectors that the lesson on embeddings wrote last."""

import sys

from pixvox import embedding


def main() -> int:
    """Open TensorBoard on the profile's projector files; Ctrl-C ends it. Return the exit status."""
    log_dir = embedding.projector_dir()
    if not (config := log_dir / embedding.CONFIG).is_file():
        print(f"expected {config}; type `pixvox run 04_embeddings` first.", file=sys.stderr)
        return 2
    from tensorboard import program

    board = program.TensorBoard()
    board.configure(argv=["tensorboard", "--logdir", str(log_dir), "--host", "127.0.0.1", *sys.argv[1:]])
    print("Choose PROJECTOR in the menu at the top right.")
    return board.main()


if __name__ == "__main__":
    sys.exit(main())
