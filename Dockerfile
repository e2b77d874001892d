# Bellwether on one machine: fetch, publish and serve on port 8000, as `make run` does.
#   docker build -t bellwether . && docker run --init -p 127.0.0.1:8000:8000 -v lake:/app/.lake bellwether
# `docker compose up` starts it together with Grafana.
FROM python:3.13-slim-bookworm

# Spark's start script calls ps, which slim images lack; it would complain at every start.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends procps && rm -rf /var/lib/apt/lists/*

WORKDIR /app

# The packages first: this layer is rebuilt only when a lock file changes. pip checks every hash, and keeps no cache,
# which would add the downloads to the image a second time.
COPY requirements/build.txt requirements/run.txt requirements/
COPY tools/setup.sh tools/
RUN PIP_NO_CACHE_DIR=1 tools/setup.sh run

COPY lake lake
COPY ingest ingest
COPY glue glue
COPY api api
# api/mcp/glossary.md is a link to it.
COPY docs/glossary.md docs/
COPY tools/run.py tools/

# Compiled here because the user below cannot write beside the code. The lake's folder is made here too, because a new
# named volume takes the owner of the folder that it is mounted on.
RUN .venv/bin/python -m compileall -q lake ingest glue api tools \
    && useradd --create-home --uid 10001 bellwether \
    && install -d -o bellwether .lake

USER 10001
# Inside a container 127.0.0.1 cannot be reached from outside it. What is published, and to whom, is the choice of -p.
ENV HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
EXPOSE 8000
VOLUME /app/.lake

# /health answers 200 from the first moment of serving; before that the first fetch and publish take a minute or more.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]

ENTRYPOINT ["python", "tools/run.py"]
