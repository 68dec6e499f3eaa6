"""Documents fit to print and file: A4, Vietnamese typesetting, PDF/A-3 with the data they were made from inside."""
