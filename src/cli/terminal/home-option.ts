/** `--home`, as every command takes it: `.option(...HOME)`. */
export const HOME = ['--home <dir>', 'the holdpoint home'] as const;
