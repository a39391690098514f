"""Handing documents over: the printed form, e-mails and webhooks that the PAC is asked for."""

from collections.abc import Iterable

from dishka import Provider, Scope, provide

from adapters.alanube.notifier import AlanubePacNotifier
from bootstrap.settings import Settings
from core.ports.cafe_renderer import CafeRenderer
from core.ports.clock import Clock
from core.ports.pac_notifier import PacNotifier
from core.use_cases.keep_notice import KeepNotice
from core.use_cases.render_cafe import CafeLinks, RenderCafe
from core.use_cases.request_pac_webhook import RequestPacWebhook, WebhookDoor
from core.use_cases.resend_invoice_email import ResendInvoiceEmail


class DeliveryProvider(Provider):
    """How a document reaches people."""

    scope = Scope.APP

    @provide
    def cafe_links(self, settings: Settings, clock: Clock) -> CafeLinks:
        return CafeLinks(settings.store.key_bytes, clock, lifetime_seconds=settings.web.link_seconds)

    @provide
    def cafe_renderer(self) -> Iterable[CafeRenderer]:
        from adapters.cafe.renderer import ReportlabCafeRenderer  # ReportLab is large, and most commands draw nothing

        renderer = ReportlabCafeRenderer()
        try:
            yield renderer
        finally:
            renderer.close()

    @provide
    def webhook_door(self, settings: Settings) -> WebhookDoor:
        return WebhookDoor(public_url=settings.web.webhook_public_url or settings.web.public_url)

    notifier = provide(AlanubePacNotifier, provides=PacNotifier)
    render_cafe = provide(RenderCafe)
    keep_notice = provide(KeepNotice)
    resend_invoice_email = provide(ResendInvoiceEmail)
    request_pac_webhook = provide(RequestPacWebhook)
