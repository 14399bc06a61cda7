# Completion of tdx-rt for fish.
#
# Everything is asked from the program itself, so that it always fits the one that is installed.
# Names of parent segments, databases, events and so on come from a cache of two minutes.

function __tdx_rt_complete
    set -l program tdx-rt
    set -q _TDX_RT_PROGRAM; and set program $_TDX_RT_PROGRAM
    set -l current (commandline --current-token | string unescape 2>/dev/null)
    test -n "$current"; or set current (commandline --current-token | string trim --left --chars '"\'')
    command $program __complete fish (commandline --tokenize --cut-at-cursor --current-process) "$current" 2>/dev/null
end

complete --command tdx-rt --no-files --keep-order --arguments '(__tdx_rt_complete)'
