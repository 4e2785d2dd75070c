#!/bin/sh
# A push to a telephone by ntfy when calls wait for approval: docs/notify.md.
# The first line of this file is the topic's URL, https://ntfy.sh/LONG-AND-RANDOM: who knows it reads along.
url=$(head -n 1 "$HOME/.config/holdpoint-ntfy") || exit 1
told=$(cat)
# Nothing but letters, digits and ". _ / : ? -" stands between the quotes, so plain tools may cut it.
event=$(printf '%s' "$told" | sed 's/.*"event":"\([a-z]*\)".*/\1/')
count=$(printf '%s' "$told" | sed 's/.*"count":\([0-9]*\).*/\1/')
calls=$(printf '%s' "$told" | tr '{' '\n' |
  sed -n 's/.*"class":"\([^"]*\)","server":"\([^"]*\)","tool":"\([^"]*\)".*/\2 \3 (\1)/p' | head -5)
priority=default
if [ "$event" = reminder ]; then priority=high; fi

# By its standard input the URL stands in no list of processes.
printf 'url = "%s"\n' "$url" | curl --fail --silent --show-error --max-time 8 --config - \
  --header "Title: $count waiting for approval" --header "Priority: $priority" --data-binary "$calls"
