"""Transport of live updates: topics and ids, never what they mean.

What happened is read from the events by a cursor that loses nothing and repeats nothing (`cursor`,
`tail`), told to the streams of one process by its hub (`hub`), and served as SSE beside the pages
(`app`). Who may hear what, a surface says: see `ports`.
"""
