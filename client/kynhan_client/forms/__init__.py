"""The forms of documents (thể thức) as profiles of their register fields.

`party-2018`, `party-2026` and `state-2020`; docs/spec/forms.md says which rule each follows, and what had to be
assumed. Everything here is pure: covers in, sentences and texts out.
"""
