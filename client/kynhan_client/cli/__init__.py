"""The commands, one file per noun; `main` gathers them."""
