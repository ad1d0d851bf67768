"""Esmero as an app on a telephone or desktop, and links that silence without signing in."""
