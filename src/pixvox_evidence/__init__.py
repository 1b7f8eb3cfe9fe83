"""Evidence: the posts' claims, the verdicts on them, and the page of results.

`claims` reads the ledger `data/claims.csv` and judges, `report` writes the page. It imports `pixvox` and
may import `pixvox_studies` and `pixvox_sketch`. Of the course's packages only `pixvox_cli` imports it;
lessons reach the ledger through the entry point `pixvox.ledger`, as long as they record claims.
"""
