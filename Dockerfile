# Build: the locked libraries and Kith itself go into one virtual environment.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/kith
COPY requirements.lock ./
RUN /opt/kith/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY migrations migrations
COPY seeds seeds
RUN /opt/kith/bin/pip install --no-deps .

# Run: no compiler, no pip cache, no root. /data is the only place that is written to.
FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kith \
 && install -d -o kith -g kith /data
COPY --from=build /opt/kith /opt/kith
ENV PATH=/opt/kith/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data \
    KITH_LOG_FORMAT=json \
    KITH_HEALTH_PORT=8080 \
    KITH_HEALTH_HOST=0.0.0.0
USER kith
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# /metrics is there as well; nothing is reachable from outside unless the port is published.
EXPOSE 8080
# Not well: the gateway, the database or the agenda. A first start migrates before it connects.
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 CMD ["kith", "health"]
ENTRYPOINT ["kith"]
CMD ["run", "--migrate"]
