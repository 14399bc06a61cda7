# `tdx rt COMMAND` is `tdx-rt COMMAND`; everything else goes to what `tdx` was before: the program, or a
# function or alias of one's own. It can be loaded again.

# An alias with more than words in it can't be called with arguments, and is left alone.
if [[ "${BASH_ALIASES[tdx]:-}" == *[\#\;\|\&]* ]]; then
    :
elif [[ -n "${BASH_ALIASES[tdx]:-}" ]]; then
    _tdx_rt_alias="${BASH_ALIASES[tdx]}"
    unalias tdx
    _tdx_rt_real() {
        # The alias's own `tdx` is the program.
        local _tdx_rt_within=1
        eval "$_tdx_rt_alias \"\$@\""
    }
elif declare -F tdx >/dev/null && [[ "$(declare -f tdx)" != *_tdx_rt_real* ]]; then
    eval "_tdx_rt_real() $(declare -f tdx | tail -n +2)"
fi
declare -F _tdx_rt_real >/dev/null || _tdx_rt_real() { command tdx "$@"; }

function tdx {
    if [[ -n "${_tdx_rt_within:-}" ]]; then
        command tdx "$@"
    elif [[ "${1:-}" == rt ]]; then
        command tdx-rt "${@:2}"
    else
        _tdx_rt_real "$@"
    fi
}

# The function that completes `tdx`, of a line that `complete -p` prints.
_tdx_rt_function_of() {
    [[ "$1" =~ -F[[:space:]]([^[:space:]]+) ]] && [[ "${BASH_REMATCH[1]}" != _tdx_rt_as_plugin ]] &&
        _tdx_rt_completed="${BASH_REMATCH[1]}"
}

_tdx_rt_as_plugin() {
    if (( COMP_CWORD > 1 )) && [[ "${COMP_WORDS[1]}" == rt ]]; then
        compopt +o default 2>/dev/null
        _tdx_rt "$@"
        return
    fi
    COMPREPLY=()
    if [[ -z "${_tdx_rt_completed:-}" ]]; then
        # Completions are often loaded when they are first asked for.
        local loader
        loader="$(complete -p -D 2>/dev/null)"
        if [[ "$loader" =~ -F[[:space:]]([^[:space:]]+) ]]; then
            "${BASH_REMATCH[1]}" "$@" 2>/dev/null
            _tdx_rt_function_of "$(complete -p tdx 2>/dev/null)"
            complete -o default -F _tdx_rt_as_plugin tdx
        fi
    fi
    [[ -z "${_tdx_rt_completed:-}" ]] || "$_tdx_rt_completed" "$@"
    if (( COMP_CWORD == 1 )) && [[ rt == "$2"* ]]; then
        COMPREPLY+=(rt)
    fi
}

# One that is no function (`complete -W`, `-C`) can't be gone on with, and stays as it is.
if _tdx_rt_function_of "$(complete -p tdx 2>/dev/null || true)" ||
    [[ -z "$(complete -p tdx 2>/dev/null || true)" ]]; then
    complete -o default -F _tdx_rt_as_plugin tdx
fi
complete -o nosort -F _tdx_rt @LINKS@ 2>/dev/null || complete -F _tdx_rt @LINKS@
