import type { Command } from 'commander';

/** The commands right below one, without those that are hidden and without commander's own `help`. */
export function visibleBelow(command: Command): readonly Command[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.filter((one) => one.name() !== 'help');
}

/** Every command below this one and itself, with the words that call it; the program's own are ''. */
export function commandsOf(command: Command, path = ''): { command: Command; path: string }[] {
  const below = visibleBelow(command).flatMap((one) => commandsOf(one, `${path} ${one.name()}`.trimStart()));
  return [{ command, path }, ...below];
}
