# What fish runs behind the user's own configuration, behind `tdx-rt sandbox --`.

# Whatever that has set, the sandbox stays what is talked to, and no real key goes to it.
for name in (set -n | string match -r '^(?:TDX_API_KEY|TDX_ACCESS_TOKEN|TD_API_KEY|TDX_RT_TOKEN)(?:_.*)?$')
    set -e $name
end
@SET@

if functions -q fish_prompt
    functions -c fish_prompt _tdx_rt_prompt
else
    function _tdx_rt_prompt
        printf '> '
    end
end
function _tdx_rt_status
    return $argv[1]
end
function fish_prompt
    # What the prompt says of the last command stays.
    set -l last $status
    printf '(sandbox) '
    _tdx_rt_status $last
    _tdx_rt_prompt
end
