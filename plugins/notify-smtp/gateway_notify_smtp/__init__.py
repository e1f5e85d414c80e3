"""Mail by SMTP that says that there is something, and nothing of what."""

from gateway.sdk import Notifier, hookimpl
from gateway_notify_smtp.mail import Mail, Options

GATEWAY_API = "1.0"


@hookimpl
def gateway_notifiers() -> list[type[Notifier]]:
    """The notifier that this plugin brings."""
    return [Mail]


__all__ = ["GATEWAY_API", "Mail", "Options", "gateway_notifiers"]
