"""How the team signs in: django-allauth with our pages, our outbox, our list of who did what.

Only the addresses in `urls.py` exist; allauth's others (signing up, managing addresses) do not.
"""
