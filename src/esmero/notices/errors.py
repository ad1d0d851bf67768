"""What notices refuse."""

from esmero.kernel.errors import Refusal


class EndpointRefused(Refusal):
    """An address for push that is not https, or leads inside."""

    code = "push_endpoint_refused"


class LinkNotValid(Refusal):
    """A link to silence something that is forged or too old."""

    code = "notice_link_not_valid"
