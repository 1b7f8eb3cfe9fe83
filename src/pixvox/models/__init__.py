"""Networks that more than one place needs, a module a family: uncompiled Keras models with named layers."""
