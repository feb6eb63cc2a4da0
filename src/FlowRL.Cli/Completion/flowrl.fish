# Completion of flowrl in fish. For this shell:  flowrl completion fish | source
# For all of them:  flowrl completion fish > ~/.config/fish/completions/flowrl.fish
function __flowrl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found ($words[1] complete -- (string join ' ' -- $words[2..]) 2>/dev/null)
    if test (count $found) -gt 0
        string join \n -- $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c flowrl -f -a '(__flowrl_complete)'
