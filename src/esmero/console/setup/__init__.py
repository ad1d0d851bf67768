"""The first visit: at most six screens, each of which may be skipped; then 404 for ever.

What is answered is kept in the session until the last screen; only then is anything made, in one
transaction.
"""
