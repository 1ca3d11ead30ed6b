export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/**
 * The script that teaches a shell to complete `capstan`. It asks the program itself (`capstan __complete WORDS`), which
 * walks its tree of commands, so that the script never grows stale.
 */
export const completionScript = (shell: Shell): string => scripts[shell];

// bash splits words at "@", ":" and "=" too: the line is split at blanks here, and what bash holds to be
// separate words before the cursor is taken off the answers again.
const bash = `# capstan completion for bash. Load it with: source <(capstan completion bash)
_capstan() {
  local line="\${COMP_LINE:0:\${COMP_POINT}}" words word current before
  read -r -a words <<< "$line"
  current=''
  if [[ "$line" == *[![:space:]] ]]; then
    current="\${words[\${#words[@]}-1]}"
  else
    words+=('')
  fi
  before="\${current%"\${COMP_WORDS[COMP_CWORD]}"}"
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("\${word#"$before"}")
  done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _capstan capstan
`;

const zsh = `#compdef capstan
# capstan completion for zsh. Load it with: source <(capstan completion zsh)
_capstan() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  if (( \${#candidates} )); then
    compadd -a candidates
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _capstan ]]; then
  _capstan "$@"
else
  compdef _capstan capstan
fi
`;

const fish = `# capstan completion for fish. Load it with: capstan completion fish | source
function __capstan_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l candidates ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\\n' $candidates
    else
        __fish_complete_path "$current"
    end
end
complete -c capstan -f -a '(__capstan_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
