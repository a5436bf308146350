"""Days on which somebody is at the desk: all but weekends and the public holidays of Italy."""

from datetime import timedelta

import holidays

# Holidays are looked up year by year, as the package knows them; a year is made once.
_HOLIDAYS = holidays.country_holidays("IT")
DAY = timedelta(days=1)


def is_working_day(day):
    return day.weekday() < 5 and day not in _HOLIDAYS


def add_working_days(day, number):
    """The working day that is `number` of them after `day`."""
    while number:
        day += DAY
        number -= is_working_day(day)
    return day


def working_days_between(first, last):
    """How many working days come after `first`, up to `last`; 0 on the same day."""
    days = (first + DAY * number for number in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))
