# `tdx rt COMMAND` is `tdx-rt COMMAND`; everything else goes to what `tdx` was before: the program, or a
# function or alias of one's own. It can be loaded again.

# An alias with more than words in it can't be called with arguments, and is left alone.
if [[ "${aliases[tdx]:-}" == *[\#\;\|\&]* ]]; then
    :
elif [[ -n "${aliases[tdx]:-}" ]]; then
    typeset -g _tdx_rt_alias="${aliases[tdx]}"
    unalias tdx
    # The alias's own `tdx` is the program.
    functions[_tdx_rt_real]='
        local _tdx_rt_within=1
        eval "$_tdx_rt_alias \"\$@\""
    '
elif (( ${+functions[tdx]} )) && [[ "${functions[tdx]}" != *_tdx_rt_real* ]]; then
    functions[_tdx_rt_real]="${functions[tdx]}"
fi
(( ${+functions[_tdx_rt_real]} )) || functions[_tdx_rt_real]='command tdx "$@"'

functions[tdx]='
    if [[ -n "${_tdx_rt_within:-}" ]]; then
        command tdx "$@"
    elif [[ "${1:-}" == rt ]]; then
        shift
        command tdx-rt "$@"
    else
        _tdx_rt_real "$@"
    fi
'

if [[ "${_comps[tdx]:-}" != _tdx_rt_as_plugin ]]; then
    typeset -g _tdx_rt_completed="${_comps[tdx]:-}"
fi

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
