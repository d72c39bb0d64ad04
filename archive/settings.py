"""Settings. What differs between places comes from the environment: each variable has a sentence after
``#:``, and ``make references`` writes docs/settings.md of them.

Without any variable set, this is a development site with an SQLite database and a Whoosh index
under ``var/``. ``DEBUG=0`` makes it a production site, which needs SECRET_KEY and ALLOWED_HOSTS.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from archive.site.http.formats import CORS as MACHINES_CORS
from archive.store.database.connections import configured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()

#: where database, index and collected static files lie; by default `var/` beside `manage.py`
DATA_DIR = Path(env.str("ARCHIVE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
#: `0` makes it a production site
DEBUG = env.bool("DEBUG", default=True)

#: a long random string; `SECRET_KEY_FILE` names a file that holds it; needed in production
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret" if DEBUG else "")
#: host names, comma-separated; needed in production
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
#: as in Django
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if not DEBUG and not SECRET_KEY:
    raise ImproperlyConfigured("DEBUG=0 needs SECRET_KEY (or SECRET_KEY_FILE) in the environment.")
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("DEBUG=0 needs ALLOWED_HOSTS in the environment, for example archive.example.")

INSTALLED_APPS = [
    "archive",
    "search",
    "haystack",
    "corsheaders",
    "archive.desk.apps.DeskConfig",
    "django.contrib.auth",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "archive.site.http.request_metrics.RequestMetrics",
    "archive.site.http.middleware.Methods",
    "django.middleware.security.SecurityMiddleware",
    "archive.site.http.middleware.PolicyHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "archive.site.http.languages.Languages",
    "csp.middleware.CSPMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "archive.site.http.middleware.Problems",
    "archive.site.http.rate_limits.PoliteLimits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "archive.site.views.respond.QueryParametersMiddleware",
    "archive.site.http.middleware.Troubles",
    "archive.site.http.ocr_budget.RecognizeLittle",
    "search.middleware.WarmUp",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "archive.urls"
WSGI_APPLICATION = "archive.wsgi.application"
APPEND_SLASH = False
# The addresses are the archive's own, whatever a client claims in a header of this name.
FORCE_SCRIPT_NAME = ""

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "archive.site.template_loader.JoiningLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- data ---

#: the database, for example `postgres://user:password@host/archive`, or
#: `postgres://user@/archive?host=/run/postgresql` for a socket; by default SQLite in the data directory
DATABASES = {
    "default": configured(env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'archive.sqlite3'}"))
}
SQLITE = DATABASES["default"]["ENGINE"] == "archive.store.database.sqlite"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
#: path of the private key that signs bundles and receipts, outside of this folder
SIGNING_KEY = env.str("SIGNING_KEY", default="")

# Makers of copies of the archive's words, each a Producer (archive/store/withholding/register.py).
COPIES_OF_WORDS = [
    "archive.export.dump.PRODUCER",
    "archive.export.bundle.export.PRODUCER",
    "archive.intake.fetching.kept.PRODUCER",
    "archive.store.page_images.making.PRODUCER",
    "search.engine.live.copies.PRODUCER",
]

# --- search ---

SEARCH_ENGINES = {"whoosh": "search.engine.backends.whoosh.WhooshEngine"}
#: `whoosh`; `opensearch`; or the dotted path of a Haystack engine
SEARCH_ENGINE = env.str("SEARCH_ENGINE", default="whoosh")
# A cluster answers questions beside the index on this machine, which goes on telling where things stand.
CLUSTER = "opensearch"
if SEARCH_ENGINE not in {*SEARCH_ENGINES, CLUSTER} and "." not in SEARCH_ENGINE:
    raise ImproperlyConfigured(
        f"SEARCH_ENGINE={SEARCH_ENGINE}: there is no such engine. Leave it out, or name one of"
        f" {', '.join([*SEARCH_ENGINES, CLUSTER])}, or the dotted path of a Haystack engine."
    )
#: with `opensearch`: addresses of its nodes, comma-separated (`https://n1:9200,https://n2:9200`)
SEARCH_URL = env.list("SEARCH_URL", default=[]) if SEARCH_ENGINE == CLUSTER else []
if SEARCH_ENGINE == CLUSTER and not SEARCH_URL:
    raise ImproperlyConfigured(
        "SEARCH_ENGINE=opensearch: SEARCH_URL is missing. Give the addresses of one or more nodes, divided by"
        " commas: SEARCH_URL=https://node1.example:9200,https://node2.example:9200"
    )
SEARCH_CLUSTER = {
    "urls": tuple(SEARCH_URL),
    #: who asks the cluster
    "user": env.str("SEARCH_USER", default=""),
    #: the password of that user; over TLS
    "password": env.str("SEARCH_PASSWORD", default=""),
    #: the file of the authority that vouches for the cluster
    "ca": env.str("SEARCH_CA", default=""),
    #: seconds for one answer of the cluster
    "timeout": env.float("SEARCH_TIMEOUT", default=10.0),
    #: shards of an index built anew
    "shards": env.int("SEARCH_SHARDS", default=1),
    #: copies of each shard of an index built anew
    "replicas": env.int("SEARCH_REPLICAS", default=1),
    #: how the names of all indexes begin
    "prefix": env.str("SEARCH_PREFIX", default="archive"),
}
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": SEARCH_ENGINES.get("whoosh" if SEARCH_ENGINE == CLUSTER else SEARCH_ENGINE, SEARCH_ENGINE),
        "PATH": str(DATA_DIR / "index" / SEARCH_ENGINE),
        "SILENTLY_FAIL": False,
    },
}
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False

# --- language ---

# The interface is written in Chinese. A language is offered once its catalogue is complete, which is when
# `make messages` compiles it.
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "archive" / "locale"]
LANGUAGES = [(LANGUAGE_CODE, "简体")] + [
    (code, name)
    for code, locale, name in (("zh-hant", "zh_Hant", "繁體"), ("en", "en", "English"))
    if (LOCALE_PATHS[0] / locale / "LC_MESSAGES" / "django.mo").exists()
]
USE_I18N = True
USE_TZ = True
#: as in Django
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- files ---

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Images of pages, the dump: shared by all hosts of a site.
try:
    #: what that class is made with, as JSON
    DERIVED_OPTIONS = env.json("DERIVED_OPTIONS", default={})
except ValueError as error:
    raise ImproperlyConfigured(f"DERIVED_OPTIONS is not JSON ({error}).") from error
DERIVED = {
    #: where images of pages and the dump lie: a class of Django storages that replaces files
    "BACKEND": env.str("DERIVED_STORAGE", default="archive.store.derived.DataFolder"),
    "OPTIONS": DERIVED_OPTIONS,
}
# The name before 1.1 is read for one release.
if DERIVED["BACKEND"] == "archive.derived.DataFolder":
    DERIVED["BACKEND"] = "archive.store.derived.DataFolder"
IN_FOLDER = DERIVED["BACKEND"] == "archive.store.derived.DataFolder" and not DERIVED["OPTIONS"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "derived": DERIVED,
    "dump": DERIVED | ({"OPTIONS": {"setting": "OPEN_DATA_DIR"}} if IN_FOLDER else {}),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Files of readers are drafts, which the checker keeps in memory. Nothing that is sent is written to a disk:
# Django would write there what anybody sends to the door of the editors' desk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- security ---

# Each parameter of an address stands again in each link of its page: a thousand made 6 MB of one list.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 250
# One more than curators may send, who are told so with what they typed; others have 2.5 million bytes.
DATA_UPLOAD_MAX_NUMBER_FILES = 501
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: what operators give as `Authorization: Bearer` at `/metrics`; without it there is no such page
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
#: where to report faults, `mailto:` or `https:`, comma-separated; told at `/.well-known/security.txt`
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
#: where readers tell of errors in texts and pages: an address of e-mail, or of a page with `https:`; the
#: foot of each page leads there
ERROR_CONTACT = env.str("ERROR_CONTACT", default="").strip()
if ERROR_CONTACT and not ERROR_CONTACT.startswith(("mailto:", "https://")):
    if "@" not in ERROR_CONTACT or ":" in ERROR_CONTACT or "/" in ERROR_CONTACT:
        raise ImproperlyConfigured("ERROR_CONTACT must be an address of e-mail, or begin with https://.")
    ERROR_CONTACT = f"mailto:{ERROR_CONTACT}"
SESSION_COOKIE_HTTPONLY = True
if not DEBUG:
    #: as in Django
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    #: as in Django
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    # Both bind other sites of the same domain, for years: only who runs them all can ask for that.
    #: `1` where every site of the domain is yours and has TLS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
    #: as `SECURE_HSTS_INCLUDE_SUBDOMAINS`
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # which ask for both
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Of this name browsers take a cookie only from this very host, over TLS (RFC 6265bis, 4.1.3.2).
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    #: `1` where a proxy ends TLS and sets `X-Forwarded-Proto`
    if env.bool("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- the editors' desk: password, second factor, lock-out, sessions of one working day ---

SECOND_FACTOR = not DEBUG
OTP_TOTP_ISSUER = "1540"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
KNOWN_BROWSER_COOKIE_NAME = "known_browser" if DEBUG else "__Host-known_browser"
# To one network; to all but the browsers of its owner, ``archive.desk.site`` closes an account.
AXES_ENABLED = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "archive.desk.site.pseudonym"
AXES_CLIENT_STR_CALLABLE = "archive.desk.site.described"
AXES_LOCKOUT_CALLABLE = "archive.desk.site.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "token", "csrfmiddlewaretoken"]

# --- open data ---

# Any site may read what machines read, and let a reader check a draft; no cookie goes with it.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = MACHINES_CORS
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = ["accept", "content-type", "if-none-match", "if-modified-since", "range", "if-range"]
CORS_ALLOW_HEADERS += ["mcp-protocol-version", "mcp-method", "mcp-name"]
CORS_EXPOSE_HEADERS = ["Content-Disposition", "ETag", "Retry-After", "Accept-Ranges", "Content-Range", "Link"]
CORS_EXPOSE_HEADERS += ["X-Archive-Revision", "X-Index-Revision", "X-Uncovered"]
CORS_EXPOSE_HEADERS += ["X-Uncovered-Documents", "X-Uncovered-Paragraphs", "X-Unreadable-Paragraphs"]
# By one reader, in each worker. On one's own machine a script that tries all queries is no stranger.
#: seconds of the processor that one reader may use for searches, checks, comparisons and exports, in each
#: worker; `0` for no limit
CPU_SECONDS_PER_MINUTE = env.float("CPU_SECONDS_PER_MINUTE", default=0 if DEBUG else 30)
#: the same for all other pages: a page takes .01 to .04, so a page a second uses a tenth of it, a crawler
#: that never pauses all (429 with `Retry-After`)
READING_SECONDS_PER_MINUTE = env.float("READING_SECONDS_PER_MINUTE", default=0 if DEBUG else 30)
#: how many proxies of yours write `X-Forwarded-For`, so that readers behind them are told apart
PROXIES = env.int("PROXIES", default=0)
#: pages of a file that are pictures, recognized inside of a request; more only by a command
OCR_PAGES_IN_REQUESTS = env.int("OCR_PAGES_IN_REQUESTS", default=1)
#: `0` searches by words alone, as a cluster does: no model of meanings is loaded, no paragraph read by it
SEARCH_MEANING = env.bool("SEARCH_MEANING", default=True) and SEARCH_ENGINE != CLUSTER
#: `0` leaves the search index to `manage.py update_search`, for example in a timer
SEARCH_INDEX_FOLLOWS = env.bool("SEARCH_INDEX_FOLLOWS", default=True)
#: megabytes in which each process keeps pages that are still true; `0` for none
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", default=32)
OPEN_DATA_DIR = DATA_DIR / "dump"

# --- documents from the UN, asked for by fetch_documents alone ---

#: who asks the UN for documents: an address of e-mail or of a page; `fetch_documents` needs it
FETCH_CONTACT = env.str("FETCH_CONTACT", default="")
#: where to ask, in place of the UN's own address
FETCH_ADDRESS = env.str("FETCH_ADDRESS", default="")
#: other hosts that may answer, comma-separated; by default those of the UN that are known
FETCH_HOSTS = env.list("FETCH_HOSTS", default=[])
#: seconds between two requests, at least 1
FETCH_DELAY = env.float("FETCH_DELAY", default=2.0)
#: requests a run
FETCH_BUDGET = env.int("FETCH_BUDGET", default=300)
#: a proxy to ask through
FETCH_PROXY = env.str("FETCH_PROXY", default="")

# --- logging: to standard output, without who read what ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"one_line": {"()": "archive.site.http.middleware.OneLine"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
            "filters": ["one_line"],
        }
    },
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # else every line appears twice
        "axes": {"level": "WARNING"},  # which greets at every command
        "httpx": {"level": "WARNING"},  # the record of fetch_documents tells more
    },
    #: as in Django
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
}
