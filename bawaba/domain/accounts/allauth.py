"""What the account records say to django-allauth. Its sign-in pages are met in `web/portal`, nothing else knows it."""

from allauth.account.models import EmailAddress

from bawaba.domain.accounts.models import User


def keep_address(user: User) -> None:
    """Keeps the library's copy of the e-mail equal to ours: one row, proven and primary.

    An unproven row would stop the enrolment of a second factor. Call it in the transaction that changed the address.
    """
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email_key, verified=True, primary=True)
