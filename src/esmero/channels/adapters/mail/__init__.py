"""Mail's transports: IMAP in, SMTP and LMTP in, SMTP out, the test of a mailbox, OAuth.

They move bytes and say what became of them; what a mail means is decided in `channels.actions`.
"""
