"""The command `pixvox`: run lessons, fetch data, look at the machine, run studies, draw the sample, report.

`main` reads what was typed. `run` executes notebooks and `keeping` commits what came out; `fetch` brings
data sets, `archives` unpacks, `arranging` lays out pictures as the loaders expect, `make_mnist3d` makes 3D
MNIST from MNIST; `places` looks whether what is made can be kept. `make` calls `set_up` and `tensorboard`.

It may import every other package of the course; none imports it.
"""
