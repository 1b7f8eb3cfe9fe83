"""Evidence: the posts' claims, the verdicts on them, and the page of results.

It imports `pixvox` and may import `pixvox_studies` and `pixvox_sketch`; of the course's packages, only
`pixvox_cli` imports it. Notebooks of evidence do; lessons do not.
"""
