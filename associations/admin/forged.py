"""An answer to what no form of ours sends: an error page of the site, not a broken server."""

import re

from django.core.exceptions import BadRequest

# What Django takes for keys of rows and looks up as it is, and what a key can be.
KEYS = re.compile(
    r"_selected_action|sectors|ended|entries|(?:.+-)?(?:id|source|parent|association|successor)"
)
KEY = re.compile(r"\d{0,18}", re.ASCII)


def refuse_forged(data):
    """Raise `BadRequest` for what no form sends: a key that is none, more rows than fields, a row
    to be saved as a new one.
    """
    if "_saveasnew" in data:
        raise BadRequest("No form of ours saves a row as a new one.")
    for name, values in data.lists():
        if KEYS.fullmatch(name) and not all(map(KEY.fullmatch, values)):
            raise BadRequest(f"{name} is no key")
        if name.endswith("-TOTAL_FORMS") and any(
            value.isdecimal() and (len(value) > 6 or int(value) > len(data)) for value in values
        ):
            raise BadRequest(f"{name} is more than was sent")
