"""Persons as files write them: “Prof. Dr. Anna Verdi, Vorsitzende” is a title, a name, an office."""

import re

from ..models import OfficeHolder

Role = OfficeHolder.Role

# Before a name. Each word of these may follow on another: “Prof. Dr. med. Dr. h. c.”.
PREFIX = re.compile(
    r"""(?:
        (?:em\.\s?)?(?:univ\.?[\s-]?)?prof(?:essor(?:in|e|essa)?|\.ssa)?\b\.?
      | (?:priv\.?[\s-]?doz|pd)\b\.? | mult\b\. | habil\b\. | h\.\s?c\.
      | dr(?:\.ssa|\.?-ing|in)?\b\.? | doktor\b | dott(?:\.?ssa|ore|oressa|\.ri)?\b\.? | phd\b\.?
      | (?:med|jur|iur|phil|rer|nat|pol|oec|vet|agr|ing|dent|ing|publ|soc|theol|sc|techn|arch)\b\.
        (?:\s?(?:nat|pol|oec|dent|med|agr|silv|hort|techn|publ|soc)\b\.)?
      | dipl\.?\s?[\s,-]\s?[\w.]+ | dipl\.?(?:ing|kfm)[\w.]* | diplom[\s-]\w+ | ass\.\s?jur\.
      | mag(?:ister|\.a)?\b\. | on(?:\.le|orevole)?\b\. | sen\b\. | cav(?:\.\s?(?:lav|uff|gr\.?\s?cr)|aliere)?\b\.
      | comm\b\. | gr\.\s?uff\. | avv(?:ocato)?\b\.? | rag\b\. | geom\b\. | per\.\s?ind\. | ing\b\.
      | arch\b\. | not\b\. | sig(?:\.ra|\.na|nora|nor)?\b\.? | gent(?:\.mo|\.ma)\b
      | m(?:me|lle|rs|s|r|aître|e)\.?(?=\s) | mm?\.(?=\s) | m(?=\s) | monsieur\b | madame\b | maître\b
      | herrn?\b | frau\b | hon\b\. | sir\b | dame\b | rev\b\. | s\.\s?e\.(?=\s)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
PREFIXES = re.compile(rf"(?:{PREFIX.pattern}(?:\s*\(\w\))?[\s,]*)+(?=\S)", PREFIX.flags)

# An office by its plain words, in the languages of the files; anything else is kept as a title.
PLAIN = {
    Role.PRESIDENT: """president presidente presidentessa prasident prasidentin presidenta
        verbandsprasident verbandsprasidentin presidente legale rappresentante""",
    Role.CHAIR: """chair chairman chairwoman chairperson vorsitzender vorsitzende vorsitz""",
    Role.VICE_PRESIDENT: """vice president|vicepresidente|vice presidente|vizeprasident
        |vizeprasidentin|vice presidente|vice presidente""",
}
