"""What the shop refuses."""

from esmero.kernel.errors import Refusal


class AlreadySetUp(Refusal):
    """Set-up is done, for ever."""

    code = "already_set_up"


class UnknownZone(Refusal):
    """No such IANA time zone."""

    code = "unknown_zone"


class BadColour(Refusal):
    """Not #RRGGBB, or too faint to read against white."""

    code = "bad_colour"


class BadLink(Refusal):
    """A link has no name, or an address that is none: `url`."""

    code = "bad_link"


class BadLogo(Refusal):
    """A picture that cannot be the logo: `why` (`kind`, `bytes`), `limit` in bytes."""

    code = "bad_logo"
