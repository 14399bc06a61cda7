# Completion of tdx-rt for elvish.
#
# Everything is asked from the program itself, so that it always fits the one that is installed.
# Names of parent segments, databases, events and so on come from a cache of two minutes.

use str

set edit:completion:arg-completer[tdx-rt] = {|@words|
    try {
        (external tdx-rt) __complete elvish $@words
    } catch {
        nop
    } | from-lines | each {|line|
        var fields = [(str:split "\t" $line)]
        var value = $fields[0]
        var display = $value
        if (> (count $fields) 1) {
            set display = $value' ('$fields[1]')'
        }
        # A part of a value (`NAME=`, `DB.`) is gone on with: no space follows.
        var suffix = ' '
        if (or (str:has-suffix $value '=') (str:has-suffix $value '.') (str:has-suffix $value '/')) {
            set suffix = ''
        }
        edit:complex-candidate $value &display=$display &code-suffix=$suffix
    }
}
