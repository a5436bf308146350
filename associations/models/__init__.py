from .association import Association, FormerSlug, Sector
from .card import Card
from .columns import ColumnBlock, FacetValue
from .contacts import Address, ContactPoint
from .corrections import Correction, EntryLink, Proposal, SentForm
from .distinctions import Distinction
from .history import Changeset, Revision
from .imports import HeaderMapping, ImportJob, ImportRow
from .names import Identifier, Name
from .people import OfficeHolder
from .presence import Presence
from .relations import Affiliation, Succession
from .shipped import ShippedItem
from .sources import Citation, Source
from .submissions import Submission
from .version import DataVersion
from .visits import Visits
from .vocabulary import SearchWord

FACTS = (Name, Identifier, Address, ContactPoint, OfficeHolder, Affiliation, Succession)

__all__ = [
    "FACTS",
    "Address",
    "Affiliation",
    "Association",
    "Card",
    "Changeset",
    "Citation",
    "ColumnBlock",
    "ContactPoint",
    "Correction",
    "DataVersion",
    "Distinction",
    "EntryLink",
    "FacetValue",
    "FormerSlug",
    "HeaderMapping",
    "Identifier",
    "ImportJob",
    "ImportRow",
    "Name",
    "OfficeHolder",
    "Presence",
    "Proposal",
    "Revision",
    "SearchWord",
    "Sector",
    "SentForm",
    "ShippedItem",
    "Source",
    "Submission",
    "Succession",
    "Visits",
]
