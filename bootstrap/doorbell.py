"""What web processes and workers share on Redis. Imported late: arq takes a tenth of a second."""

from adapters.scheduler.arq_queue import ArqSettings
from bootstrap.settings import Settings


def arq_settings(settings: Settings) -> ArqSettings:
    """Call only where a Redis is configured. Raises ValueError."""
    if settings.work.redis_url is None:
        raise ValueError("ISTMO_REDIS_URL is not set")
    return ArqSettings(redis_url=settings.work.redis_url.get_secret_value(), queue_name=settings.work.queue_name)
