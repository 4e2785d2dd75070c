#!/bin/sh
# A message to Slack by an incoming webhook when calls wait for approval: docs/notify.md.
# The webhook's URL is a secret: the first line of this file, which only you can read (chmod 600).
url=$(head -n 1 "$HOME/.config/holdpoint-slack") || exit 1
told=$(cat)
# Nothing but letters, digits and ". _ / : ? -" stands between the quotes, so plain tools may cut it.
count=$(printf '%s' "$told" | sed 's/.*"count":\([0-9]*\).*/\1/')
calls=$(printf '%s' "$told" | tr '{' '\n' |
  sed -n 's/.*"class":"\([^"]*\)","server":"\([^"]*\)","tool":"\([^"]*\)".*/\2 \3 (\1)/p' |
  head -5 | tr '\n' ';' | sed 's/;$//; s/;/; /g')

# By its standard input the URL stands in no list of processes.
printf 'url = "%s"\n' "$url" | curl --fail --silent --show-error --max-time 8 --config - \
  --header 'Content-Type: application/json' \
  --data-binary "{\"text\": \"$count waiting for approval: $calls\"}" >/dev/null
