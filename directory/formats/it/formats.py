"""Dates in figures: Django writes the months with a capital, which Italian does not."""

DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "d/m/Y H:i"
