"""Encoders of sentences, one file a provider, loaded when first asked."""
