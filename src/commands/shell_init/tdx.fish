# `tdx rt COMMAND` is `tdx-rt COMMAND`; everything else goes to what `tdx` was before.

if functions --query tdx; and not string match --quiet '*_tdx_rt_real*' -- (functions tdx)
    functions --erase _tdx_rt_real
    functions --copy tdx _tdx_rt_real
else if not functions --query _tdx_rt_real
    function _tdx_rt_real
        command tdx $argv
    end
end

function tdx --description 'Treasure Data; tdx rt is tdx-rt'
    if test "$argv[1]" = rt
        command tdx-rt $argv[2..-1]
    else
        _tdx_rt_real $argv
    end
end

function __tdx_rt_is_plugin
    set --local words (commandline --tokenize --cut-at-cursor --current-process)
    test (count $words) -gt 1; and test "$words[2]" = rt
end

function __tdx_rt_is_first
    test (count (commandline --tokenize --cut-at-cursor --current-process)) -eq 1
end

complete --command tdx --condition __tdx_rt_is_first --arguments rt --description 'real-time personalization (tdx-rt)'
complete --command tdx --condition __tdx_rt_is_plugin --no-files --keep-order --arguments '(__tdx_rt_complete)'
for link in @LINKS@
    complete --command $link --no-files --keep-order --arguments '(__tdx_rt_complete)'
end
