#!/bin/sh
# What `make run` does, in a folder of its own and on a port of its own, ending after the summary.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive HEAD | tar -x -C "$work"
ln -s "$PWD/.venv" "$work/.venv"
touch "$work/.venv/ready"
port=$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
make -C "$work" run PUBLIC_URL="http://127.0.0.1:$port" DEMO=--once
