# syntax=docker/dockerfile:1
# Two stages: the first has pip and makes the environment, the second has only what runs, as a user without rights.

FROM python:3.11-slim AS environment
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv --without-pip /opt/venv
COPY requirements.lock .
# Wheels only, and only those whose hashes are in the lock.
RUN pip --python /opt/venv/bin/python install --no-deps --require-hashes --only-binary :all: --requirement requirements.lock

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin securelogin
COPY --from=environment /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY locale locale
COPY templates templates
COPY oauth oauth
COPY scim scim
COPY securelogin securelogin
# Compiled here, since the user below cannot write.
RUN /opt/venv/bin/python -m compileall -q /app /opt/venv/lib

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=securelogin.settings \
    LOGBOOK_IN_BACKGROUND=true \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=2 \
    GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_WORKERS_KILL_TIMEOUT=10 \
    MALLOC_MMAP_THRESHOLD_=1000000
USER 10001
EXPOSE 8000

# By the public host name, the only one that is answered; asks nothing of the database.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.request as web; \
from securelogin import env; \
host = env.public_url('http://127.0.0.1:8000').partition('://')[2]; \
port = os.environ['GRANIAN_PORT']; \
web.urlopen(web.Request(f'http://127.0.0.1:{port}/healthz', headers={'Host': host}), timeout=3)"]

CMD ["granian", "--interface", "wsgi", "securelogin.wsgi:application"]
