"""The forms of what is done in one step: each tells what ends, what begins, when, and who says so.

What holds now is chosen from, and what begins passes the models' own rules.
"""

from .conclusion import Conclusion
from .handovers import NewAddress, NewConfederation, NewContact, NewName, NewOffice

STEPS = {
    form.key: form
    for form in (NewOffice, NewAddress, NewContact, NewName, NewConfederation, Conclusion)
}

__all__ = ["STEPS"]
