"""The command `pixvox`: run lessons, fetch data, look at the machine, run studies, draw the sample, report.

It may import every other package of the course; none imports it.
"""
