"""The calendar between two committees: drafted, taken from a decision, previewed, signed by both."""
