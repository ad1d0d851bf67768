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
