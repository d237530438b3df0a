"""The worker process: works off the queues of a shared broker until it is told to stop."""

from __future__ import annotations

from eventsys import create_app
from eventsys.config import Settings, SettingsError
from eventsys.serving import WORKER_THREADS, Stop, running_worker


def run_worker(settings: Settings, threads: int = WORKER_THREADS) -> None:
    """Work until SIGINT or SIGTERM. Raises SettingsError without a shared broker: nobody could hand it anything."""
    if not settings.broker_url:
        raise SettingsError(
            "EVENTSYS_BROKER_URL is empty, so jobs stay inside the web process. "
            "Give redis://... to run workers of their own, or use `eventsys serve`."
        )
    app = create_app(settings)
    stop = Stop()
    with running_worker(app, threads):
        stop.wait()
