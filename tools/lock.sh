#!/bin/sh
# Resolve pyproject.toml into requirements/*.txt: versions and hashes for every platform, no index and no addresses.
set -eu
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
.venv/bin/python -m venv "$workshop"
"$workshop/bin/pip" install -q uv
compile() {
    target=requirements/$1.txt
    shift
    "$workshop/bin/uv" pip compile -q pyproject.toml --universal --python-version 3.11 --upgrade \
        --generate-hashes --no-header --no-emit-index-url -o "$target" "$@"
}
product="--extra ingest --extra glue --extra api --group local"
compile build --group build
# shellcheck disable=SC2086  # words are meant
compile run $product
# shellcheck disable=SC2086
compile dev $product --group dev -c requirements/run.txt
