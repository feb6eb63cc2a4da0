#compdef flowrl
# Completion of flowrl in zsh. For this shell:  source <(flowrl completion zsh)
# For all of them, in a folder of $fpath:  flowrl completion zsh > ~/.zfunc/_flowrl
_flowrl() {
    local -a words_found keys_found
    local line word text
    line="${(j: :)${(@)words[2,CURRENT-1]}} $PREFIX"
    while IFS=$'\t' read -r word text; do
        if [[ $word == *[=.] ]]; then keys_found+=("$word"); else words_found+=("$word"); fi
    done < <("$words[1]" complete -- "$line" 2>/dev/null)
    if (( $#words_found + $#keys_found == 0 )); then _files; return; fi
    (( $#keys_found )) && compadd -S '' -- "${keys_found[@]}"
    (( $#words_found )) && compadd -- "${words_found[@]}"
}
if [[ $funcstack[1] == _flowrl ]]; then _flowrl "$@"; else compdef _flowrl flowrl ./flowrl; fi
