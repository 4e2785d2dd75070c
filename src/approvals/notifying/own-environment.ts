/** What a program needs to find the user's desktop, network and words. */
const NAMES = new Set(
  `HOME USER LOGNAME SHELL PATH TERM LANG LANGUAGE TZ TMPDIR DISPLAY WAYLAND_DISPLAY XAUTHORITY
   DBUS_SESSION_BUS_ADDRESS WSL_DISTRO_NAME WSL_INTEROP SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
   HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy`.split(/\s+/),
);
const BEGINNINGS = ['LC_', 'XDG_', 'HOLDPOINT_NOTIFY_'];

/**
 * The environment of a notifier: of ours, which the client made for the server with the server's secrets in it, what
 * is the user's by its name. `workingFolder`: the client's, which is a project's.
 */
export function ownEnvironment(env: NodeJS.ProcessEnv, workingFolder: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => NAMES.has(name) || BEGINNINGS.some((beginning) => name.startsWith(beginning)),
  );
  const found = Object.fromEntries(kept);
  const { PATH, HOME } = found;
  return PATH === undefined ? found : { ...found, PATH: ownPath(PATH, workingFolder, HOME) };
}

/**
 * Without the folders of a project: `npx` and `npm run` put its `node_modules/.bin` before all others, and what a
 * repository brings along there must not be what is run for a name such as `notify-send`.
 */
export function ownPath(path: string, workingFolder: string, home: string | undefined): string {
  const below = (folder: string, other: string): boolean => `${folder}/`.startsWith(`${other}/`);
  // Who starts servers in the root or the user's home names no project by it.
  const isProject = workingFolder !== '/' && !(home !== undefined && below(home, workingFolder));
  return path
    .split(':')
    .filter((folder) => folder.startsWith('/') && !/\/node_modules\/\.bin\/?$/.test(folder))
    .filter((folder) => !(isProject && below(folder, workingFolder)))
    .join(':');
}
