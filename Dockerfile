# The service on the embedded sandbox, unless ARENA_URL and COGNAIZE_URL name real hosts.

FROM python:3.13-slim AS builder
COPY locks/service.txt .
RUN python -m venv --without-pip /opt/stepgraph \
 && python -m pip --python /opt/stepgraph/bin/python install --no-cache-dir --only-binary :all: \
      --require-hashes --requirement service.txt

FROM node:22-slim AS graphiql
WORKDIR /graphiql
COPY edge/graphiql/package.json edge/graphiql/package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY edge/graphiql/*.js edge/graphiql/index.html ./
COPY edge/graphiql/src/ src/
RUN npm run build

FROM python:3.13-slim
# What only builds and installs has no place in a running service.
RUN python -m pip uninstall --yes --quiet --root-user-action ignore setuptools wheel pip \
 && useradd --system --uid 10001 --no-create-home stepgraph \
 && install --directory --owner stepgraph /srv/stepgraph/var
COPY --from=builder /opt/stepgraph /opt/stepgraph
WORKDIR /srv/stepgraph
COPY app.py facade.py settings.py ./
COPY documents/ documents/
COPY edge/ edge/
COPY idempotency/ idempotency/
COPY plan/ plan/
COPY resolvers/ resolvers/
COPY sandbox/ sandbox/
COPY schema/ schema/
COPY upstreams/ upstreams/
COPY welcome/ welcome/
COPY --from=graphiql /graphiql/dist/ edge/graphiql/dist/

ENV PATH=/opt/stepgraph/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=8000
USER stepgraph
EXPOSE 8000
VOLUME /srv/stepgraph/var
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/live', timeout=2)"]
CMD ["python", "app.py"]
