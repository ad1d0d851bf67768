import pytest

from esmero.mails.tests.cast import arrive, leave, mail, open_shop


@pytest.mark.django_db
def test_smoke():
    open_shop()
    arrive(mail())
    [sent] = leave()
    print(sent.decode())
