#!/bin/sh
# A desktop notification when calls wait for approval: docs/notify.md.
told=$(cat)
# Nothing but letters, digits and ". _ / : ? -" stands between the quotes, so plain tools may cut it.
count=$(printf '%s' "$told" | sed 's/.*"count":\([0-9]*\).*/\1/')
calls=$(printf '%s' "$told" | tr '{' '\n' |
  sed -n 's/.*"class":"\([^"]*\)","server":"\([^"]*\)","tool":"\([^"]*\)".*/\2 \3 (\1)/p' | head -5)
title="$count waiting for approval"

if command -v osascript >/dev/null; then
  exec osascript -e 'on run argv' \
    -e 'display notification (item 2 of argv) with title (item 1 of argv) sound name "Glass"' \
    -e 'end run' "$title" "$calls"
fi
# Many clients start servers without what leads to the desktop.
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
export DBUS_SESSION_BUS_ADDRESS="${DBUS_SESSION_BUS_ADDRESS:-unix:path=$XDG_RUNTIME_DIR/bus}"
exec notify-send --app-name=holdpoint --urgency=critical "$title" "$calls"
