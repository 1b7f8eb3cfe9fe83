"""What `pixvox bench` compares: our way of doing something against another way, in one run on one machine.

`rounds` lets two arms take turns and counts seconds; `augmentation`, `arrays` and `volumes` hold the arms of
what takes milliseconds, `measures` lists them; `marks` trains a post's recipe and ours, of
`recipes`, to one accuracy.
"""
