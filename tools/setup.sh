#!/bin/sh
# setup.sh python    the Python that Bellwether runs with here
# setup.sh run|dev   make .venv hold the locked packages of requirements/<profile>.txt; quick when it already does
# setup.sh peers     likewise .venv-peers: what benchmarks compare with, apart from what they measure
set -eu
profile=$1

supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'
python=
for candidate in ${PYTHON:-python3 python3.12 python3.11}; do
    if "$candidate" -c "$supported" 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" -V 2>&1) || found="${PYTHON:-python3} does not start"
    echo "Bellwether needs Python 3.11 or 3.12, and here: $found. Install one, or name it: make run PYTHON=/path/to/python3.12" >&2
    exit 2
fi
if [ "$profile" = python ]; then echo "$python"; exit 0; fi

venv=.venv what="about 450 MB, Spark and its Java among them"
if [ "$profile" = peers ]; then venv=.venv-peers what="what benchmarks compare with"; fi

locked=$(cat requirements/build.txt "requirements/$profile.txt" | cksum)
if [ "$(cat "$venv/.$profile" 2>/dev/null)" = "$locked" ]; then exit 0; fi

if ! $venv/bin/python -m pip --version >/dev/null 2>&1 || ! $venv/bin/python -c "$supported"; then
    rm -rf $venv
    if ! "$python" -m venv $venv; then
        rm -rf $venv
        echo "$python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2
        exit 2
    fi
fi

echo "Setting up $venv with the locked packages, once: $what."
quiet=-q
if [ -t 1 ]; then quiet=; fi
rm -f $venv/.run $venv/.dev $venv/.peers
pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 $venv/bin/python -m pip install $quiet --require-hashes"
$pip -r requirements/build.txt
$pip --no-build-isolation -r "requirements/$profile.txt"
echo "$locked" >"$venv/.$profile"
if [ "$profile" = dev ]; then cat requirements/build.txt requirements/run.txt | cksum >.venv/.run; fi
