# Completion of flowrl in fish. For this shell:  flowrl completion fish | source
# For all of them:  flowrl completion fish > ~/.config/fish/completions/flowrl.fish
function __flowrl_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] complete -- (string join ' ' -- $words[2..]) 2>/dev/null
end
complete -c flowrl -a '(__flowrl_complete)'
