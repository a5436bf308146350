"""An association as a QR code, which telephones read as a card for their address book."""

import io

import segno

from . import vcard


def svg(profile):
    """The code of the short vCard, dark on light whatever the page is: scanners need it so."""
    code = segno.make(vcard.short(profile), error="m", micro=False, encoding="utf-8")
    out = io.BytesIO()
    code.save(out, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue()
