# The reconciler, with git and uv, for an unprivileged user and a read-only root file system. See docs/image.md.
#
# Pin the base by digest for images that can be reproduced: --build-arg BASE=python:3.13-slim-trixie@sha256:…
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
# Seconds since 1970, from which every time in the wheel is taken. 1980-01-01 is the first that a zip file can hold.
ARG SOURCE_DATE_EPOCH=315532800
WORKDIR /src
COPY requirements-demo.lock requirements-image.lock ./
RUN python3 -m venv /opt/build \
    && /opt/build/bin/python -m pip --disable-pip-version-check --no-cache-dir --quiet install --require-hashes -r requirements-demo.lock \
    && /opt/build/bin/python -m pip --disable-pip-version-check --no-cache-dir --quiet install --require-hashes -r requirements-image.lock
COPY . .
RUN SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH}" /opt/build/bin/uv build --quiet --wheel --no-build-isolation --python /opt/build/bin/python --out-dir /opt/wheel . \
    && python3 -m venv --without-pip /opt/reconciler \
    && /opt/build/bin/uv pip install --quiet --no-cache --python /opt/reconciler/bin/python --require-hashes -r requirements-image.lock \
    && /opt/build/bin/python -m pip --python /opt/reconciler/bin/python --disable-pip-version-check --no-cache-dir --quiet install --no-deps --no-compile --no-index /opt/wheel/*.whl \
    && /opt/reconciler/bin/python -m compileall -q -j 1 --invalidation-mode unchecked-hash /opt/reconciler/lib \
    && chmod -R a+rX,go-w /opt/reconciler

FROM ${BASE}
LABEL org.opencontainers.image.title="reconciler" \
      org.opencontainers.image.licenses="Apache-2.0"
# A base that has git, such as python:3.13-trixie, needs no package of Debian.
# hadolint ignore=DL3008
RUN command -v git > /dev/null \
    || { apt-get update \
      && apt-get install -y --no-install-recommends git \
      && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/cache/ldconfig/aux-cache /var/log/apt /var/log/*.log; }
# For git commands in a job; the reconciler itself does not depend on who owns the checkout.
RUN git config --system --add safe.directory /work
COPY --from=build /opt/reconciler /opt/reconciler
ENV PATH=/opt/reconciler/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    UV_CACHE_DIR=/tmp/uv
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["reconciler"]
CMD ["--help"]
