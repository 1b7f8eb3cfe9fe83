"""The command `pixvox`: run lessons, fetch data, look at the machine, run studies, draw the sample, report.

`main` reads what was typed. `run` executes notebooks and `keeping` commits what came out; `fetch` brings
data sets: `downloads` asks for them, `archives` unpacks, `arranging` lays out pictures as the loaders expect,
`make_mnist3d` makes 3D MNIST from MNIST, `checks` says what is in a file. `doctor` looks at the machine,
`places` whether what is made can be kept, `causes` says how a process ended. `make` calls `set_up` and
`tensorboard`.

It may import every other package of the course; none imports it.
"""
