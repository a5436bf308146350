"""Reading a page as a browser does: a tree of elements, each with its attributes and text."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"script", "style", "template", "title"}


def read(response):
    """The `Element` of all that this response holds. Raises ValueError where tags do not match."""
    tree = _Tree()
    tree.feed(response.text)
    tree.close()
    if len(tree.open) > 1:
        raise ValueError(f"<{tree.open[-1].tag}> is never closed")
    return tree.open[0]


class Element:
    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.children = []

    def __repr__(self):
        return f"<{self.tag} {self.attributes}>"

    def __getitem__(self, name):
        return self.attributes[name]

    def get(self, name, default=None):
        return self.attributes.get(name, default)

    @property
    def classes(self):
        return (self.get("class") or "").split()

    @property
    def text(self):
        """What it says, with single spaces between the words."""
        return re.sub(r"\s+", " ", "".join(self._texts())).strip()

    def _texts(self):
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                yield from child._texts()

    @property
    def elements(self):
        """All the elements in it, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.elements

    def all(self, tag=None, of_class=None, **attributes):
        """The elements in it with this tag, class and these attributes."""
        return [
            each
            for each in self.elements
            if tag in (None, each.tag)
            and (of_class is None or of_class in each.classes)
            and all(each.get(name) == value for name, value in attributes.items())
        ]

    def one(self, *args, **attributes):
        """The only one of `all()`; raises ValueError if there is none, or another one."""
        (found,) = self.all(*args, **attributes)
        return found

    @property
    def links(self):
        """Where its links lead."""
        return [a["href"] for a in self.all("a") if "href" in a.attributes]


class _Tree(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag, attributes):
        element = Element(tag, dict(attributes))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.open[-1].children.append(Element(tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.open[-1].tag != tag:
            raise ValueError(f"</{tag}> ends {self.open[-1]}")
        self.open.pop()

    def handle_data(self, text):
        self.open[-1].children.append(text)


def filled_in(form):
    """What a browser sends of this form as it stands: `{name: value or [values]}`."""
    data = {}
    for field in form.elements:
        name = field.get("name")
        if not name or "disabled" in field.attributes:
            continue
        if field.tag == "select":
            values = [o["value"] for o in field.all("option") if "selected" in o.attributes]
            if "multiple" not in field.attributes:
                options = [option["value"] for option in field.all("option")]
                values = values or options[:1]
            data[name] = values if "multiple" in field.attributes else (values or [""])[0]
        elif field.tag == "textarea":
            # A browser leaves out the first line break.
            data[name] = "".join(field._texts()).removeprefix("\r\n").removeprefix("\n")
        elif field.tag == "input":
            kind = field.get("type", "text")
            if kind in ("submit", "button", "image", "reset", "file"):
                continue
            if kind in ("checkbox", "radio"):
                if "checked" in field.attributes:
                    data.setdefault(name, []).append(field.get("value", "on"))
                continue
            data[name] = field.get("value", "")
    return data
