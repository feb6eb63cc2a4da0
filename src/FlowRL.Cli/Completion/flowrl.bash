# Completion of flowrl in bash. For this shell:  source <(flowrl completion bash)
# For all of them:  flowrl completion bash > ~/.local/share/bash-completion/completions/flowrl
_flowrl() {
    local line="${COMP_LINE:0:COMP_POINT}" cut
    mapfile -t COMPREPLY < <("$1" complete -- "${line#*"$1"}" 2>/dev/null | cut -f 1)
    # Bash takes '=' and ':' for ends of words, and wants only what follows the last.
    cut="${line##*[[:space:]]}"
    cut="${cut%"${cut##*[=:]}"}"
    COMPREPLY=("${COMPREPLY[@]#"$cut"}")
    # A key is followed by its value.
    if [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *[=.] ]]; then compopt -o nospace; fi
} 2>/dev/null
complete -o bashdefault -o default -F _flowrl flowrl ./flowrl
