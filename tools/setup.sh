#!/bin/sh
# setup.sh python    print the Python that Bellwether uses on this machine
# setup.sh run|dev   install the locked packages of requirements/<profile>.txt into .venv; does nothing if they are there
# setup.sh deploy|docs|emulator|peers|s3a   the same for .venv-<profile>; each profile has an environment of its own, so
#                    that a package missing from one lock file cannot be supplied by another
set -eu
profile=$1

supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
python=
# A name may exist and not start: pyenv puts python3.13 on PATH whether or not that version is the one in use.
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c "$supported" 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    found=$("${PYTHON:-python3}" -V 2>&1) || found="${PYTHON:-python3} does not start"
    echo "Bellwether needs Python 3.11, 3.12 or 3.13; found: $found. Get one (\`uv python install 3.13\`," \
        "\`pyenv install 3.13\` or \`apt install python3 python3-venv\`), or name it:" \
        "make run PYTHON=/path/to/python3.13" >&2
    exit 2
fi
if [ "$profile" = python ]; then echo "$python"; exit 0; fi

locked=$(cat requirements/build.txt "requirements/$profile.txt" | cksum)
# --no-deps below: the lock files are complete, and SAM, the jars and the chart library ask for packages that are not needed.
quiet=-q
if [ -t 1 ]; then quiet=; fi

case $profile in deploy|docs|emulator|peers|s3a)
    venv=.venv-$profile
    if [ "$(cat "$venv/.$profile" 2>/dev/null)" = "$locked" ]; then exit 0; fi
    echo "Setting up $venv with the locked packages of requirements/$profile.txt, once."
    "$python" -m venv --clear "$venv"
    pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 $venv/bin/python -m pip install $quiet --require-hashes --no-deps"
    $pip -r requirements/build.txt
    $pip --no-build-isolation -r "requirements/$profile.txt"
    echo "$locked" >"$venv/.$profile"
    exit 0
esac

if [ "$(cat ".venv/.$profile" 2>/dev/null)" = "$locked" ]; then exit 0; fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1 || ! .venv/bin/python -c "$supported"; then
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "$python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2
        exit 2
    fi
fi

echo "Setting up .venv with the locked packages, once: about 450 MB, Spark and its Java among them."
rm -f .venv/.run .venv/.dev
pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install $quiet --require-hashes --no-deps"
$pip -r requirements/build.txt
$pip --no-build-isolation -r "requirements/$profile.txt"
echo "$locked" >".venv/.$profile"
if [ "$profile" = dev ]; then cat requirements/build.txt requirements/run.txt | cksum >.venv/.run; fi
