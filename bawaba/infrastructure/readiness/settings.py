"""What the settings say: the origin, TLS, proxies, keys, support."""

from pathlib import Path
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings

from bawaba.infrastructure import clock, keys
from bawaba.infrastructure.readiness.finding import Finding, amber, green, red
from bawaba.refusals import is_loopback

CERTIFICATE_WARNING_SECONDS = 14 * 24 * 3600


def is_public() -> bool:
    return not is_loopback(urlsplit(settings.BAWABA.origin).hostname or "")


def origin() -> Finding:
    if not is_public():
        return amber(f"{settings.BAWABA.origin} can only be opened on this machine; set BAWABA_ORIGIN")
    return green(settings.BAWABA.origin)


def demo() -> Finding:
    if settings.BAWABA.test_seam:
        return amber("the test seam is open")
    if settings.BAWABA.demo:
        return amber("demo mode shows every message to everybody who can open the portal")
    return green("off")


def tls() -> Finding:
    if not is_public():
        return green("not needed on this machine")
    if not settings.BAWABA.tls_cert:
        if not settings.BAWABA.proxy_count:
            return red(
                "no certificate is set and no proxy is trusted: BAWABA_TLS_CERT or BAWABA_PROXY_COUNT is missing"
            )
        return green("ended by the proxy")
    left = certificate_seconds(Path(settings.BAWABA.tls_cert))
    if left < 0:
        return red("the certificate has expired")
    if left < CERTIFICATE_WARNING_SECONDS:
        return amber(f"the certificate expires in {int(left // 86400)} days")
    return green(f"the certificate is good for {int(left // 86400)} days")


def certificate_seconds(path: Path) -> float:
    """How long a certificate file is still valid."""
    certificate = load_pem_x509_certificate(path.read_bytes())
    return (certificate.not_valid_after_utc - clock.now()).total_seconds()


def proxies() -> Finding:
    count = settings.BAWABA.proxy_count
    bound_to_all = settings.BAWABA.bind.startswith(("0.0.0.0", "[::]"))  # noqa: S104 compared, not bound
    if count and bound_to_all:
        return amber("the portal listens on every address: whoever reaches it past the proxy may claim any source")
    return green(f"{count} trusted" if count else "none trusted; forwarding headers are ignored")


def keys_are_sound() -> Finding:
    try:
        settings.KEYS.require(*keys.NAMES)
        for name in keys.NAMES:
            settings.KEYS.versions(name)
    except keys.UnusableKey as error:
        return red(str(error))
    if settings.BAWABA.data_dir.resolve() in settings.BAWABA.keys_dir.resolve().parents and is_public():
        return amber("the keys lie inside the data folder: a copy of it holds both lock and key; set BAWABA_KEYS_DIR")
    return green("all there, readable by this user only")


def admission() -> Finding:
    """Officers have no pages yet, so what waits for them waits for ever."""
    if settings.BAWABA.admission_policy == "review":
        return red("under review every company waits for an officer, and officers have no pages yet")
    if settings.BAWABA.admission_policy == "registry":
        return amber("a company that the register does not prove waits for an officer, and officers have no pages yet")
    return green("whoever registers a new company administers it")


def support() -> Finding:
    ours = settings.BAWABA
    if not (ours.support_email or ours.support_phones):
        return amber("the support page names nobody: set BAWABA_SUPPORT_EMAIL or BAWABA_SUPPORT_PHONES")
    return green("the page names a way to technical support")
