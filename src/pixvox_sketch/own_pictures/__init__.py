"""A folder of pictures as people have them, with four faults that are known.

portraits: cats and dogs that sat for it; faults: twins, swapped labels, 16-bit files and a shortcut put in;
sets: the files of the sample.
"""
