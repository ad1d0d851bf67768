"""What knowledge refuses."""

from esmero.kernel.errors import Refusal


class ArticleChanged(Refusal):
    """Somebody else saved the text meanwhile: `version` is theirs, `agent_id` who."""

    code = "article_changed"


class AddressTaken(Refusal):
    """Another article or category has this address in the language: `slug`."""

    code = "article_address_taken"


class NothingToPublish(Refusal):
    """There is no title or no text (a manual: no file) to publish."""

    code = "nothing_to_publish"


class StillToFillIn(Refusal):
    """A `[[…]]` that only the shop can fill in stands in the text: `blank`."""

    code = "still_to_fill_in"


class NotInReview(Refusal):
    """The text is not in the state that this step starts from: `state`."""

    code = "article_not_in_review"


class CategoryInUse(Refusal):
    """A category that holds articles or further categories is not removed."""

    code = "category_in_use"


class NotReadable(Refusal):
    """A file to import is not in a form that can be read: `why`, `line`."""

    code = "not_readable"
