#!/bin/sh
# The browser tests, in the Chromium that is here; as root on Debian it is installed where it is missing, with fonts for
# the names of people in Japan and India.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}
if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends chromium fonts-lohit-deva fonts-ipafont-gothic >/dev/null
fi
command -v chromium >/dev/null || { echo "Install Chromium: the program 'chromium' is not here." >&2; exit 1; }
"$PYTHON" -m pytest -m browser "$@"
