"""Settings: read once from the environment, frozen, handed in.

Every interval is a setting, so that tests and chaos scale the clock.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

from hub.core.monitoring import Limits
from hub.core.retrying import BreakerPolicy, RetryPolicy
from hub.database_address import sqlalchemy_address
from hub.storage import Account

IN_FILES = frozenset({"database_url", "secret_key", "tracking_secret"})
"""What may stand in a file that the environment names, beside the settings `..._file`: a secret is no environment."""


@dataclass(frozen=True)
class Settings:
    """Durations are seconds. `public_url` is what citizens and institutions open, without a slash at its end."""

    database_url: str = ""
    data: str = "var"
    machine: str = ""
    """Name of this machine in what is told of it; empty: the one the system gives."""
    documents: str = ""
    """Document store: a folder, or `s3://bucket/prefix`. Empty: `<data>/documents`."""
    s3_endpoint: str = ""
    """Address of an S3 server of one's own (`http://10.0.0.5:9000`); empty: AWS's, or what AWS_ENDPOINT_URL says."""
    s3_region: str = ""
    s3_key: str = ""
    """Access key; empty: what AWS's own tools would use (AWS_ACCESS_KEY_ID, the machine's role)."""
    s3_secret: str = ""
    s3_secret_file: str = ""
    """A file that holds the secret of the access key; read where `s3_secret` is empty."""
    s3_patience: float = 5.0
    """Seconds for which an S3 server that is down is tried again before whoever waits is told to come back."""
    keys: str = ""
    entities: str = "config/entities.yaml"
    public_url: str = "http://127.0.0.1:5000"
    smtp: str = ""
    """host:port of the mail server; empty: mail waits in the outbox."""
    sms_url: str = ""
    """Address of the SMS gateway; empty: SMS wait in the outbox."""
    sms_token: str = ""
    sms_token_file: str = ""
    """A file that holds the gateway's token; read where `sms_token` is empty."""
    same_content_within: float = 600.0
    """Seconds in which the same content by the same person for the same body is warned about."""
    mail_from: str = "no-responder@mesa.invalid"
    returns: str = ""
    """host:port where `mesa returns` listens for letters that came back; empty: it does not run."""
    returns_domain: str = ""
    """Domain of the envelope's sender of each letter, whose MX leads there; empty: letters go from `mail_from`."""
    tsa: str = ""
    """Address of the RFC 3161 time-stamp authority; empty: nothing is stamped. Its certificate: `keys/tsa/crt.pem`."""
    clamav: str = ""
    """host:port of clamd, or the path of its socket; empty: no file is looked through for viruses."""
    secret_key: str = ""
    tracking_secret: str = ""
    year_name: str = "Año de la Esperanza y el Fortalecimiento de la Democracia"
    """Mandatory in official documents, by year (2026: DS 011-2026-PCM)."""
    client_cert_header: str = ""
    """Header in which the web server in front puts the caller's certificate (PEM, URL-encoded), and that it never lets
    through from outside; empty: mutual TLS proves nobody to the national contract."""
    sign_national: bool = False
    """Our answers under the national contract bear a WS-Security signature."""
    oidc_issuer: str = ""
    """Issuer of the provider of identities that citizens may sign in with (OpenID Connect); empty: none."""
    oidc_name: str = "ID GOB.PE"
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_client_secret_file: str = ""
    """A file that holds the client's secret; read where `oidc_client_secret` is empty."""
    oidc_document_claim: str = "doc"
    """Claim that holds the number of the identity document."""
    oidc_acr: str = ""
    """Level of assurance that is asked for (acr_values), such as `two_factor`; empty: the provider's own."""
    oidc_timeout: float = 5.0
    reniec_url: str = ""
    """Address of RENIEC's look-up by DNI at the national platform (SOAP); empty: names are typed by hand."""
    reniec_user: str = ""
    """DNI of the official in whose name RENIEC is asked; `reniec_ruc` is the RUC of their body."""
    reniec_ruc: str = ""
    reniec_password: str = ""
    reniec_password_file: str = ""
    """A file that holds the password, which changes often; read where `reniec_password` is empty."""
    sunat_url: str = ""
    """Address of SUNAT's look-up by RUC at the national platform (REST); empty: razones sociales are typed by hand."""
    identities_timeout: float = 2.5
    """Seconds that a form waits for a register."""
    is_demo: bool = False
    second_factor: bool = True
    """Staff sign in in two steps; the accounts that a demonstration came with are exempt."""

    languages: str = ""
    """Languages offered besides Spanish, by code ("qu"); empty: those of which something is translated."""

    lease: float = 120.0
    sweep: float = 5.0
    call_timeout: float = 30.0
    retry_first: float = 20.0
    retry_factor: float = 3.0
    retry_cap: float = 3600.0
    retry_for: float = 72 * 3600.0
    cannot_tell_for: float = 24 * 3600.0
    breaker_failures: int = 5
    breaker_open: float = 60.0
    breaker_open_at_most: float = 1800.0
    ask_after: float = 600.0
    """A leg that is `sent` and silent this long is asked about by the worker, and then at growing intervals."""
    worker_batch: int = 16
    seal_every: float = 1.0
    """How often the events that wait are sealed into the ledger."""
    stamp_every: float = 60.0
    """How often the newest root of the ledger is time-stamped."""
    board_every: float = 10.0
    """How often the figures of the dashboard are added up."""
    board_stream: float = 50.0
    """How long an open dashboard is told of changes before its browser asks again."""
    trip_saved: float = 386.0
    """Soles that a person from another province saves by not travelling: the dashboard's estimate."""
    calls_per_second: float = 20.0
    """What one institution may call of the REST and SOAP doors, for as long as it likes."""
    calls_at_once: int = 400
    """Calls that it may make besides before that is enforced."""
    proxies: int = 0
    """Web servers in front of this one that are believed about the caller's address (X-Forwarded-For)."""
    body_patience: float = 60.0
    """Seconds that a message on its way in may be waited for at one time; what comes gives them back at `body_rate`."""
    body_rate: float = 2048.0
    """Bytes a second that whoever sends a message keeps up; below that its patience runs out."""
    body_most: float = 43_200.0
    """Seconds of waiting for one message in all: the largest form by a line of 16 KB a second."""
    max_request: int = 600 * 1024 * 1024
    """Bytes of one request to the counter's form."""
    online_bytes: int = 2 * 1024**3
    """Bytes of all files of one online filing, where its destination publishes no limit."""

    warn_mail: str = ""
    """Addresses of who operates, with commas between; empty: the accounts that administer or operate the sector."""
    warn_webhook: str = ""
    """Address to which each operators' alert is posted as JSON; empty: none."""
    warn_webhook_secret: str = ""
    warn_webhook_secret_file: str = ""
    """A file that holds the key with which those posts are signed; read where `warn_webhook_secret` is empty."""
    warn_again: float = 86400.0
    """What is still wrong is told again after so long; what is mended in days, a seventh as often."""
    warn_queue_age: float = 1800.0
    warn_down_after: float = 60.0
    warn_ledger_late: float = 300.0
    warn_mail_late: float = 1800.0
    warn_backup_late: float = 93600.0
    """Seconds since the last whole round of `mesa backup`; 0: something else takes the copies now."""
    warn_disk_free: float = 0.10
    """Share of a disk that must be free."""
    watch_every: float = 60.0
    """How often a worker tries its neighbours and its disks, and compares what is wrong with what was told."""
    stamp_probe_every: float = 300.0
    """How often a real stamp is asked of the time-stamp authority only to know that it gives one."""
    reconcile_at: str = "02:30"
    """Hour of Peru from which the day before is compared with each institution; empty: only when somebody asks."""
    reconcile_days: float = 7.0
    """How far back, at most, a comparison looks for what moved."""
    reconcile_sample: int = 50
    """Legs besides of each institution, drawn from all that it ever held."""
    reconcile_most: int = 2000
    """Questions of one comparison at most, half of them for what differed before; the next one goes on from there."""
    reconcile_pace: float = 5.0
    """Questions a second to one institution."""
    reconcile_grace: float = 600.0
    """What is newer is no difference yet: its message may be on its way."""
    backup_passphrase: str = ""
    """Closes the keys in what `mesa backup` copies, and opens them for `mesa restore`."""
    backup_passphrase_file: str = ""
    """A file that holds it; read where `backup_passphrase` is empty."""
    guide: str = ""
    """Address before the pages of the runbook in alerts (`https://.../`); empty: they stand as paths of the source."""
    metrics_from: str = "127.0.0.0/8,::1/128"
    """Networks that may read /metrics, with commas between; empty: nobody without the token."""
    metrics_token: str = ""
    metrics_token_file: str = ""
    """A file that holds the bearer token of /metrics; read where `metrics_token` is empty."""
    log_format: str = "text"
    """text | json"""
    otel: str = ""
    """Address of an OpenTelemetry collector (OTLP over HTTP); empty: nothing is traced. Needs the extra `otel`."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read `MESA_<NAME>` for every field, and DATABASE_URL; of IN_FILES, `<NAME>_FILE` where `<NAME>` is not set.

        Raises ValueError for a value of the wrong kind, OSError for a file that cannot be read.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for field in fields(cls):
            name = "DATABASE_URL" if field.name == "database_url" else f"MESA_{field.name.upper()}"
            text = environ.get(name)
            if text is None and field.name in IN_FILES:
                text = _secret("", environ.get(f"{name}_FILE", "")) or None
            if text is not None:
                values[field.name] = _read(text, type(field.default))
        return cls(**values)  # type: ignore[arg-type]

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address for SQLAlchemy with psycopg2."""
        return sqlalchemy_address(self.database_url)

    @property
    def sms_secret(self) -> str:
        """The gateway's token, from the setting or from its file."""
        return _secret(self.sms_token, self.sms_token_file)

    @property
    def reniec_secret(self) -> str:
        """The password of RENIEC's look-up, from the setting or from its file."""
        return _secret(self.reniec_password, self.reniec_password_file)

    @property
    def oidc_secret(self) -> str:
        """The client's secret at the provider of identities, from the setting or from its file."""
        return _secret(self.oidc_client_secret, self.oidc_client_secret_file)

    @property
    def warn_secret(self) -> str:
        """The key that signs alerts on their way to the webhook."""
        return _secret(self.warn_webhook_secret, self.warn_webhook_secret_file)

    @property
    def backup_secret(self) -> str:
        """The passphrase of the keys in backups; empty for none."""
        return _secret(self.backup_passphrase, self.backup_passphrase_file)

    @property
    def metrics_secret(self) -> str:
        """The bearer token of /metrics; empty for none."""
        return _secret(self.metrics_token, self.metrics_token_file)

    @property
    def limits(self) -> Limits:
        return Limits(
            queue_age=timedelta(seconds=self.warn_queue_age),
            down_for=timedelta(seconds=self.warn_down_after),
            ledger_late=timedelta(seconds=self.warn_ledger_late),
            mail_late=timedelta(seconds=self.warn_mail_late),
            backup_late=timedelta(seconds=self.warn_backup_late),
            disk_free=self.warn_disk_free,
            told_again=timedelta(seconds=self.warn_again),
        )

    @property
    def documents_url(self) -> str:
        return self.documents or str(Path(self.data) / "documents")

    @property
    def s3_account(self) -> Account:
        """How the bucket of `documents` is reached, where it is one."""
        secret = _secret(self.s3_secret, self.s3_secret_file)
        return Account(self.s3_endpoint, self.s3_region, self.s3_key, secret, self.s3_patience)

    @property
    def keys_folder(self) -> Path:
        return Path(self.keys) if self.keys else Path(self.data) / "keys"

    @property
    def retry_policy(self) -> RetryPolicy:
        return RetryPolicy(
            first=timedelta(seconds=self.retry_first),
            factor=self.retry_factor,
            cap=timedelta(seconds=self.retry_cap),
            give_up_after=timedelta(seconds=self.retry_for),
            cannot_tell_for=timedelta(seconds=self.cannot_tell_for),
        )

    @property
    def breaker_policy(self) -> BreakerPolicy:
        return BreakerPolicy(
            failures=self.breaker_failures,
            open_for=timedelta(seconds=self.breaker_open),
            open_at_most=timedelta(seconds=self.breaker_open_at_most),
        )


def _secret(value: str, file: str) -> str:
    """A secret, from its setting or from its file."""
    return value or (Path(file).read_text("utf-8").strip() if file else "")


def _read(text: str, kind: type) -> object:
    if kind is bool:
        return text.strip().lower() in ("1", "true", "yes", "si", "sí")
    return kind(text)
