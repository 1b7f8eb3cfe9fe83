"""Evidence: the posts' statements, what decides each of them, and the verdicts.

`claims` reads the ledger `data/claims.csv`, `measures` what the ledger names from a table, `verdicts` has the
rules, `judging` applies them; `evidence` shows it in the notebooks of `notebooks/evidence`, `report` writes
the page. It imports `pixvox`, and may import `pixvox_studies` and `pixvox_sketch`; of the course's packages
only `pixvox_cli` imports it.
"""
