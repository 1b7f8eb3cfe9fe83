"""Loaders, one module a data set; `store` knows where the files are."""
