"""What the floors above must hear in the same transaction."""

from django.dispatch import Signal

access_ended = Signal()
"""A person lost what rested on earlier sessions: tokens of services must go too. Sent with `user` and `reason`."""

name_changed = Signal()
"""A person is called otherwise, or no longer at all. Sent with `user_id` and `search_key`."""
