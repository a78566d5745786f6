# fish completion for reconciler. Written by `reconciler completion fish`.
function __reconciler_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l prefix (string match -r -- '^--[^=]+=' $current; or echo '')
    set -l path (string replace -- "$prefix" '' $current)
    for line in (_RECONCILER_COMPLETE=fish command reconciler $words[2..-1] "$current" 2>/dev/null)
        set -l answer (string split -m 2 \t -- $line)
        switch $answer[1]
            case plain
                string join \t -- $answer[2] $answer[3]
            case dir
                printf '%s\n' $prefix(__fish_complete_directories "$path" '')
            case file
                if test -n "$answer[2]"
                    for file in $path*$answer[2]
                        printf '%s\n' $prefix$file
                    end
                    printf '%s\n' $prefix(__fish_complete_directories "$path" '')
                else
                    printf '%s\n' $prefix(__fish_complete_path "$path")
                end
        end
    end
end

for command in reconciler aep-spec-reconciler
    complete --no-files --command $command --arguments '(__reconciler_complete)'
end
