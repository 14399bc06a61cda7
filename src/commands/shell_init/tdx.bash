# `tdx rt COMMAND` is `tdx-rt COMMAND`; everything else goes to what `tdx` was before.

if [[ -z "${_TDX_RT_INIT:-}" ]]; then
    _TDX_RT_INIT=1
    if [[ -n "${BASH_ALIASES[tdx]:-}" ]]; then
        _tdx_rt_alias="${BASH_ALIASES[tdx]}"
        # An alias of itself means the program.
        [[ "$_tdx_rt_alias " != tdx\ * ]] || _tdx_rt_alias="command $_tdx_rt_alias"
        eval "_tdx_rt_real() { $_tdx_rt_alias \"\$@\"; }"
        unalias tdx
    elif declare -F tdx >/dev/null; then
        eval "_tdx_rt_real() $(declare -f tdx | tail -n +2)"
    else
        _tdx_rt_real() { command tdx "$@"; }
    fi
    _tdx_rt_completed="$(complete -p tdx 2>/dev/null || true)"
    if [[ "$_tdx_rt_completed" =~ -F[[:space:]]([^[:space:]]+) ]]; then
        _tdx_rt_completed="${BASH_REMATCH[1]}"
    else
        _tdx_rt_completed=
    fi
fi

function tdx {
    if [[ "${1:-}" == rt ]]; then
        command tdx-rt "${@:2}"
    else
        _tdx_rt_real "$@"
    fi
}

_tdx_rt_as_plugin() {
    if (( COMP_CWORD > 1 )) && [[ "${COMP_WORDS[1]}" == rt ]]; then
        compopt +o default 2>/dev/null
        _tdx_rt "$@"
        return
    fi
    [[ -z "$_tdx_rt_completed" ]] || "$_tdx_rt_completed" "$@"
    if (( COMP_CWORD == 1 )) && [[ rt == "$2"* ]]; then
        COMPREPLY+=(rt)
    fi
}

complete -o default -F _tdx_rt_as_plugin tdx
complete -o nosort -F _tdx_rt @LINKS@ 2>/dev/null || complete -F _tdx_rt @LINKS@
