"""The signed statements: their grammar, every type as a value, signatures, and the chains of keys behind them."""
