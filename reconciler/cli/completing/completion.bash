# bash completion for reconciler. Written by `reconciler completion bash`.
_reconciler_completion() {
    local cur=${COMP_WORDS[COMP_CWORD]} type value help
    COMPREPLY=()
    [[ $cur == "=" ]] && cur=""
    while IFS=$'\t' read -r type value help; do
        case $type in
            plain) COMPREPLY+=("$value") ;;
            file | dir) _reconciler_paths "$type" "$value" "$cur" ;;
        esac
    done < <(_RECONCILER_COMPLETE=bash command reconciler "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

# Folders, and files whose name ends with $2.
_reconciler_paths() {
    local path
    compopt -o filenames 2>/dev/null
    while IFS= read -r path; do
        COMPREPLY+=("$path")
    done < <(
        compgen -d -- "$3"
        [[ $1 == file ]] && compgen -f -- "$3" | while IFS= read -r path; do
            [[ ! -d $path && $path == *"$2" ]] && printf '%s\n' "$path"
        done
    )
}

complete -o nosort -F _reconciler_completion reconciler aep-spec-reconciler 2>/dev/null ||
    complete -F _reconciler_completion reconciler aep-spec-reconciler
