# Completion of tdx-rt for bash.
#
# Everything is asked from the program itself, so that it always fits the one that is installed.
# Names of parent segments, databases, events and so on come from a cache of two minutes.

_tdx_rt() {
    local line="${COMP_LINE:0:COMP_POINT}" answer first=1
    COMPREPLY=()
    while IFS= read -r answer; do
        # The first line says whether a space follows.
        if [[ -n "$first" ]]; then
            first=
            [[ "$answer" != nospace ]] || compopt -o nospace 2>/dev/null || :
        else
            COMPREPLY+=("$answer")
        fi
    done < <(command "${_TDX_RT_PROGRAM:-tdx-rt}" __complete bash "$COMP_WORDBREAKS" "$line" \
        "$COMP_CWORD" "${COMP_WORDS[@]}" 2>/dev/null)
}

complete -o nosort -F _tdx_rt tdx-rt 2>/dev/null || complete -F _tdx_rt tdx-rt
