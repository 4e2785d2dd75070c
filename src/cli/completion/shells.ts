/** What a shell reads to complete our command lines: it asks `holdpoint complete` for lines of WORD, TAB, text. */
export const SHELLS: Readonly<Record<string, string>> = {
  bash: String.raw`# bash completion for holdpoint. In ~/.bashrc: eval "$(holdpoint completion bash)"
_holdpoint() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o default 2>/dev/null ;;
      :folders) compopt -o dirnames 2>/dev/null ;;
      *) COMPREPLY+=("${'$'}{line%%$'\t'*}") ;;
    esac
  done < <("${'$'}{1/#\~/$HOME}" complete -- "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
if type compopt >/dev/null 2>&1; then
  complete -F _holdpoint holdpoint
else
  complete -o default -F _holdpoint holdpoint
fi
`,
  zsh: String.raw`#compdef holdpoint
# zsh completion for holdpoint. In ~/.zshrc, after compinit: eval "$(holdpoint completion zsh)"
_holdpoint() {
  local -a lines
  lines=("${'$'}{(@f)$("${'$'}{(Q)words[1]/#\~/$HOME}" complete -- "${'$'}{(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  lines=("${'$'}{(@)lines:#}")
  if (( ${'$'}{lines[(Ie):files]} )); then
    _files
  elif (( ${'$'}{lines[(Ie):folders]} )); then
    _files -/
  else
    lines=("${'$'}{(@)lines/$'\t'/:}")
    _describe -V holdpoint lines
  fi
}
if [[ $funcstack[1] == _holdpoint ]]; then
  _holdpoint "$@"
else
  compdef _holdpoint holdpoint
fi
`,
  fish: `# fish completion for holdpoint. In ~/.config/fish/config.fish: holdpoint completion fish | source
function __holdpoint_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    for line in (command holdpoint complete -- $words "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path (commandline -ct)
            case :folders
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c holdpoint -f -a '(__holdpoint_complete)'
`,
};
