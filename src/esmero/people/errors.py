"""What people refuses."""

from esmero.kernel.errors import Refusal


class AddressTaken(Refusal):
    """The address belongs to another customer."""

    code = "address_taken"


class EmailTaken(Refusal):
    """A member of the team already has this address."""

    code = "email_taken"


class CannotMerge(Refusal):
    """The two are the same, or one is already merged."""

    code = "cannot_merge"


class LastAdmin(Refusal):
    """Somebody must remain who can administer."""

    code = "last_admin"


class DepartmentInUse(Refusal):
    """The default department cannot be closed."""

    code = "department_in_use"


class NoTelephone(Refusal):
    """Those digits are no telephone number."""

    code = "no_telephone"


class NoMailAddress(Refusal):
    """That is no mail address."""

    code = "no_mail_address"


class LastAddress(Refusal):
    """A customer keeps one way to be reached."""

    code = "last_address"


class BadValue(Refusal):
    """A value does not fit the kind of its field."""

    code = "bad_value"


class AlreadyAgreed(Refusal):
    """A consent to this is in force already."""

    code = "already_agreed"


class ChoicesNeeded(Refusal):
    """A choice needs at least two things to choose from."""

    code = "choices_needed"


class TierExists(Refusal):
    """There is a tier of that name."""

    code = "tier_exists"


class TierNameless(Refusal):
    """A tier needs a name."""

    code = "tier_nameless"


class WrongCode(Refusal):
    """The code is wrong, used, too old, or was tried too often; which, nobody learns."""

    code = "wrong_code"


class TooManyCodes(Refusal):
    """Codes were asked for too often: `minutes` to wait."""

    code = "too_many_codes"
