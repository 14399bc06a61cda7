# Completion of tdx-rt for bash.
#
# Everything is asked from the program itself, so that it always fits the one that is installed.
# Names of parent segments, databases, events and so on come from a cache of two minutes.

_tdx_rt() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" answer
    # The first line says whether a space follows.
    answer=($(command "${_TDX_RT_PROGRAM:-tdx-rt}" __complete bash "$COMP_WORDBREAKS" "$line" \
        "$COMP_CWORD" "${COMP_WORDS[@]}" 2>/dev/null)) || answer=()
    COMPREPLY=("${answer[@]:1}")
    if [[ "${answer[0]:-}" == nospace ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -o nosort -F _tdx_rt tdx-rt 2>/dev/null || complete -F _tdx_rt tdx-rt
