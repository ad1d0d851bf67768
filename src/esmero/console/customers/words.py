"""Words for the codes of a customer's panel."""

from django.utils.translation import pgettext_lazy

from esmero.people.enums import FieldKind, How, Likeness, Purpose

PURPOSES = {
    Purpose.NEWSLETTER.value: pgettext_lazy("consent", "Newsletter"),
    Purpose.SURVEYS.value: pgettext_lazy("consent", "Surveys"),
    Purpose.TELEPHONE.value: pgettext_lazy("consent", "Offers by telephone"),
    Purpose.PROFILE.value: pgettext_lazy("consent", "Profile of purchases"),
}
HOWS = {
    How.FORM.value: pgettext_lazy("consent", "by form"),
    How.MAIL.value: pgettext_lazy("consent", "by mail"),
    How.TELEPHONE.value: pgettext_lazy("consent", "by telephone"),
    How.IN_PERSON.value: pgettext_lazy("consent", "in person"),
    How.PORTAL.value: pgettext_lazy("consent", "on their own page"),
}
LIKENESS = {
    Likeness.PHONE.value: pgettext_lazy("duplicate", "the same telephone"),
    Likeness.NAME.value: pgettext_lazy("duplicate", "the same name and a similar address"),
    Likeness.COMPANY.value: pgettext_lazy("duplicate", "the same company and a name that fits"),
}
FIELD_KINDS = {
    FieldKind.TEXT.value: pgettext_lazy("field kind", "Text"),
    FieldKind.NUMBER.value: pgettext_lazy("field kind", "Number"),
    FieldKind.DATE.value: pgettext_lazy("field kind", "Date"),
    FieldKind.CHOICE.value: pgettext_lazy("field kind", "Choice"),
    FieldKind.YES_NO.value: pgettext_lazy("field kind", "Yes or no"),
}
