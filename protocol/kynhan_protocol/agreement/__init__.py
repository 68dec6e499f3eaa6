"""What two committees agreed on: the profile with its rules and terms, the calendar, how a date is counted."""
