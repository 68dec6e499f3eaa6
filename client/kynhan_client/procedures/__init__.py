"""What the regulation lets its users do, one subject a module: each makes a letter or an act and sends it."""
