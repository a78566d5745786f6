#compdef reconciler aep-spec-reconciler
# zsh completion for reconciler. Written by `reconciler completion zsh`.
_reconciler() {
    local line type value help suffix
    local -a answers described plain files
    answers=("${(@f)$(_RECONCILER_COMPLETE=zsh command reconciler "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${answers[@]}"; do
        IFS=$'\t' read -r type value help <<< "$line"
        case $type in
            plain)
                if [[ -n $help ]]; then described+=("${value//:/\\:}:$help"); else plain+=("$value"); fi ;;
            file | dir) files+=("$type:$value") ;;
        esac
    done
    local found=1
    if (( $#described )); then
        _describe -V reconciler described && found=0
    fi
    if (( $#plain )); then
        local -a ending
        [[ $#plain -eq 1 && $plain[1] == *= ]] && ending=(-S '')
        compadd "${ending[@]}" -V reconciler -- "${plain[@]}" && found=0
    fi
    if (( $#files )); then
        compset -P '--*='
        for line in "${files[@]}"; do
            suffix=${line#*:}
            if [[ $line == dir:* ]]; then
                _files -/ && found=0
            elif [[ -n $suffix ]]; then
                _files -g "*$suffix" && found=0
            else
                _files && found=0
            fi
        done
    fi
    return found
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _reconciler "$@"
elif (( $+functions[compdef] )); then
    compdef _reconciler reconciler aep-spec-reconciler
fi
