#!/bin/sh
# Resolve pyproject.toml into requirements/*.txt: versions and hashes for every platform, no index and no addresses.
# lock.sh upgrades everything; `lock.sh keep` changes only what pyproject.toml now asks for otherwise.
set -eu
upgrade=--upgrade
if [ "${1:-}" = keep ]; then upgrade=; fi
workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
.venv/bin/python -m venv "$workshop"
"$workshop/bin/pip" install -q uv
compile() {
    target=requirements/$1.txt
    shift
    # shellcheck disable=SC2086  # no word where nothing is upgraded
    "$workshop/bin/uv" pip compile -q pyproject.toml --universal --python-version 3.11 $upgrade \
        --generate-hashes --no-header --no-emit-index-url -o "$target" "$@"
}
product="--extra ingest --extra glue --extra api --group local"
compile build --group build
# shellcheck disable=SC2086  # words are meant
compile run $product
# shellcheck disable=SC2086
compile dev $product --group dev -c requirements/run.txt
# What each function is packed with, in the versions that run here.
for function in ingest api; do compile "lambda-$function" --extra "$function" -c requirements/run.txt; done
compile glue --group glue-wheels -c requirements/run.txt
for other in deploy emulator peers; do compile "$other" --group "$other"; done
# Constrained to the development lock: one version of each shared package, and one licence to check.
compile docs --group docs -c requirements/dev.txt
