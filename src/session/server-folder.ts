/** Programs whose server sees other files than we do: in a container, on another machine, in a root of its own. */
const ELSEWHERE =
  'docker docker-compose podman nerdctl kubectl oc ssh mosh autossh vagrant multipass limactl lima orb colima wsl devcontainer nsenter chroot bwrap flatpak systemd-nspawn machinectl lxc incus distrobox toolbox fly gcloud';
/** What only stands between a client and a server elsewhere. */
const BRIDGES = 'mcp-remote supergateway mcp-proxy mcp-bridge';
const NAME = [...ELSEWHERE.split(' '), ...BRIDGES.split(' ')].join('|');
/** As a word of its own, with its folder of programs or its scope and version, or within a script. */
const PROGRAM = new RegExp(
  `(?:^|[\\s;&|(])(?:\\S*/bin/|[A-Za-z]:\\\\\\S*\\\\|@[\\w.-]+/)?(?:${NAME})(?:-[\\w-]+)?(?:\\.exe|@[^\\s]*)?(?=$|[\\s;&|)])`,
  'i',
);
const ADDRESS = /^["']?(?:https?|wss?|ssh|tcp):\/\//i;
/** It goes to another folder before the server starts. */
const MOVES = /^(?:--directory|--chdir|--cwd|--dir|--cd|-C)(?:=|$)|(?:^|[\s;&|(])(?:cd|pushd)\s/;

/** The folder that a server's relative paths begin at, as far as a command tells; null where its files are not ours. */
export function serverFolder(command: readonly string[], workingFolder: string): string | null {
  const other = command.some((word) => PROGRAM.test(word) || ADDRESS.test(word) || MOVES.test(word));
  return other ? null : workingFolder;
}
