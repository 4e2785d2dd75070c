import type { ChainLink } from '../../platform/process-chain.ts';

/** What everything of a login or of a window descends from: two that meet there have nothing to do with each other. */
const SESSIONS =
  /^(?:init|systemd|\(sd-pam\)|launchd|loginwindow|login|sshd.*|tmux.*|screen|zellij|byobu|mosh-server|dtach|abduco|gnome-shell|gnome-session.*|gnome-terminal.*|kgx|ptyxis.*|konsole|kitty|alacritty|wezterm.*|foot.*|ghostty|xterm|urxvt.*|rxvt.*|st|terminator|tilix|xfce4-terminal|lxterminal|Terminal|iTerm.*|Hyper|warp.*|Tabby|rio|plasmashell|kwin.*|sway|Hyprland|Xorg|gdm.*|sddm|lightdm|dockerd|containerd.*|docker-init|tini|dumb-init|s6-.*|runit|supervisord|conmon|crond?|at-spi.*|dbus-daemon|xdg-desktop-.*)$/i;
const SHELL = /^-?(?:bash|zsh|fish|sh|dash|ash|ksh\w*|mksh|tcsh|csh|nu|pwsh|xonsh|elvish)$/i;
/** Editors with a terminal pane of their own. */
const EDITOR =
  /^(?:code(?:-insiders|-oss|ium)?|codium|vscodium|cursor|windsurf|zed(?:-editor)?|trae|kiro|positron|idea\w*|pycharm\w*|webstorm\w*|goland\w*|clion\w*|rider\w*|phpstorm\w*|rubymine\w*|rustrover\w*|fleet|emacs.*|g?vim|nvim|helix|hx|sublime_text|subl|lapce|Electron)$/i;

export type Meeting = { kind: 'apart' } | { kind: 'client'; name: string } | { kind: 'editor'; name: string };

/** Whether a shell was opened for a person: it leads a session that has a terminal. */
function isTerminalsShell({ name, leads }: ChainLink): boolean {
  return leads === true && SHELL.test(name);
}

/**
 * Where two processes meet, by their ancestors (nearest first, themselves left out): in what both descend from. Below
 * a login, a multiplexer's server or a terminal that is the MCP client, or what it started us by. `terminals` tell
 * whether an editor's pane may be meant: the controlling terminals of both, undefined for none.
 */
export function meetingOf(
  approver: readonly ChainLink[],
  proxy: readonly ChainLink[],
  terminals: { approver: string | undefined; proxy: string | undefined },
): Meeting {
  const theirs = new Set(proxy.map(({ pid }) => pid));
  const common = approver.find(({ pid }) => theirs.has(pid));
  if (common === undefined || common.pid <= 1) return { kind: 'apart' };
  const { name } = common;
  if (SESSIONS.test(name) || isTerminalsShell(common)) return { kind: 'apart' };
  const elsewhere = terminals.approver !== undefined && terminals.approver !== terminals.proxy;
  return elsewhere && EDITOR.test(name) ? { kind: 'editor', name } : { kind: 'client', name };
}
