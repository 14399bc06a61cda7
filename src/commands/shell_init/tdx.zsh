# `tdx rt COMMAND` is `tdx-rt COMMAND`; everything else goes to what `tdx` was before.

if [[ -z "${_TDX_RT_INIT:-}" ]]; then
    typeset -g _TDX_RT_INIT=1
    if (( ${+aliases[tdx]} )); then
        # An alias of itself means the program.
        functions[_tdx_rt_real]="${${:-${aliases[tdx]} }/#tdx /command tdx }\"\$@\""
        unalias tdx
    elif (( ${+functions[tdx]} )); then
        functions[_tdx_rt_real]="${functions[tdx]}"
    else
        functions[_tdx_rt_real]='command tdx "$@"'
    fi
    typeset -g _tdx_rt_completed="${_comps[tdx]:-}"
fi

functions[tdx]='
    if [[ "${1:-}" == rt ]]; then
        shift
        command tdx-rt "$@"
    else
        _tdx_rt_real "$@"
    fi
'

_tdx_rt_as_plugin() {
    if (( CURRENT > 2 )) && [[ "${words[2]}" == rt ]]; then
        _tdx_rt
        return
    fi
    local -i ret=1
    if (( CURRENT == 2 )); then
        local -a plugin=("rt:real-time personalization (tdx-rt)")
        _describe 'plugin' plugin && ret=0
    fi
    "${_tdx_rt_completed:-_default}" && ret=0
    return ret
}

compdef _tdx_rt_as_plugin tdx
compdef _tdx_rt @LINKS@
