"""What people outside tell us of entries: a visitor's correction, an association's own answer.

A message changes nothing. It has a number, and a page behind a secret address that tells what
became of it; staff accept it fact by fact, and what they accept has the message as its source.
"""
