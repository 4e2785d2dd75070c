/** What a program needs to find the user's desktop, network and words. */
const NAMES = new Set(
  `HOME USER LOGNAME SHELL PATH TERM LANG LANGUAGE TZ TMPDIR DISPLAY WAYLAND_DISPLAY XAUTHORITY
   DBUS_SESSION_BUS_ADDRESS WSL_DISTRO_NAME WSL_INTEROP SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
   HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy`.split(/\s+/),
);
const BEGINNINGS = ['LC_', 'XDG_', 'HOLDPOINT_NOTIFY_'];

/**
 * The environment of a notifier: of ours, which the client made for the server with the server's secrets in it, what
 * is the user's by its name.
 */
export function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => NAMES.has(name) || BEGINNINGS.some((beginning) => name.startsWith(beginning)),
  );
  return Object.fromEntries(kept);
}
