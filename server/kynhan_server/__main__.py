"""`kynhan-relay` and `python -m kynhan_server`."""

from __future__ import annotations

from kynhan_server.cli import relay


def main() -> None:
    """Run the command line."""
    relay(prog_name="kynhan-relay")


if __name__ == "__main__":
    main()
