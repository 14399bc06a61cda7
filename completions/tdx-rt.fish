# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tdx_rt_global_optspecs
    string join \n site= profile= endpoint= jq= arg= argjson= exit-status o/output= jsonl yaml json dry-run q/quiet v/verbose color= error-format= request-timeout= retries= h/help V/version
end

function __fish_tdx_rt_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_tdx_rt_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_tdx_rt_using_subcommand
    set -l cmd (__fish_tdx_rt_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -s V -l version -d 'Print version'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "ps-check" -d 'Check whether real-time is enabled and ready (step 1)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "discover" -d 'Explore databases, tables, columns and attributes, or propose a plan (steps 2-6)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "rt-events" -d 'Configure event tables and key events (step 7a)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "rt-keys" -d 'Configure ID stitching (step 7b)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "rt-attrs" -d 'Configure real-time attributes and wait for status ok (step 7c)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "pz-create" -d 'Create the personalization service and entity (steps 8-9)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "pz-test" -d 'Verify the setup and call the personalization (step 10)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "apply" -d 'Do all steps of a plan at once (steps 7-9)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "sandbox" -d 'Run the offline sandbox of the platform, or a command against a fresh one'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "config" -d 'Show every setting with its origin; the key is masked'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "man" -d 'Print a man page'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l wait -d 'Wait while the configuration is updating, at most this long [default: 5m]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l interval -d 'Longest pause between two looks' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l use-case -d 'Propose a whole plan for this use case' -r -f -a "web\t''
cart\t''
profile\t''
content\t''"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l database -d 'Database with the event tables' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -f -a "databases" -d 'List the databases'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -f -a "tables" -d 'List tables, those that look like event tables first'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -f -a "columns" -d 'List the columns of a table'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -f -a "keys" -d 'List ID-like columns across tables, with the tables each occurs in'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -f -a "attributes" -d 'List the batch attributes of a parent segment'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from help" -f -a "databases" -d 'List the databases'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from help" -f -a "tables" -d 'List tables, those that look like event tables first'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from help" -f -a "columns" -d 'List the columns of a table'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from help" -f -a "keys" -d 'List ID-like columns across tables, with the tables each occurs in'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from help" -f -a "attributes" -d 'List the batch attributes of a parent segment'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l event -d 'Key event to configure, with its table' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l where -d 'Which events of the table count, as SQL-like text (with one --event)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l filter -d 'Which events count: the column matches the regular expression (with one --event)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l description -d 'Description (with one --event)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -f -a "list" -d 'List the key events'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -f -a "delete" -d 'Delete a key event by name or id, or take out an event table by DB.TABLE'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the key events'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a key event by name or id, or take out an event table by DB.TABLE'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l key -d 'Stitching key: a column of the event tables' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l primary-key -d 'The primary key; a stitching key too' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l valid-regex -d 'Values that do not match are no ids' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l exclude-regex -d 'Values that match are no ids' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l invalid -d 'A value that is no id' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l ext-lookup-key -d 'Profile key column of the master table' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -f -a "list" -d 'List the stitching keys'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -f -a "delete" -d 'Take out a stitching key'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the stitching keys'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Take out a stitching key'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l single -d 'Latest value of a column' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l list -d 'Distinct values of a column, newest first' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l counter -d 'Count of events, or sum of a column' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l import -d 'Batch attribute of the parent segment' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l window -d 'Window of the counters, such as 24h, 7d or 30d; without one they count in total' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l max-items -d 'Items that the lists keep [default: 100]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l expiry-days -d 'Days that an item of the lists lives [default: 90]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l timeout -d 'How long to wait for status ok, such as 90s or 5m' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l interval -d 'Longest pause between two looks' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l no-wait -d 'Do not wait'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -f -a "list" -d 'List the attributes'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -f -a "delete" -d 'Delete an attribute by name or id'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the attributes'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete an attribute by name or id'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l name -d 'Name of the service and of the personalization' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l trigger -d 'Key event that triggers it' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l section -d 'Name of the one section that the flags describe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l criteria -d 'Who gets the section, as SQL-like text; everyone when left out' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l attribute -d 'Attribute in the response' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l string -d 'Fixed text in the response' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l folder -d 'Folder for a new personalization, by id or name [default: the parent segment\'s first]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l new-token -d 'Make a new token even if the service has one'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l prune -d 'Remove sections and outputs that the plan does not name'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -f -a "list" -d 'List the personalizations'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -f -a "delete" -d 'Delete a personalization by name or id'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l ps -d 'Parent segment, by id or name (else from the document on stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l service -d 'Delete the service of the same name too; its tokens stop working at once'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the personalizations'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a personalization by name or id'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l key -d 'Id of the visitor: a stitching key of the event' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l field -d 'Another column of the event' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l event-json -d 'The event, or more of its columns, as a JSON object' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l expect -d 'jq expression on the response that must be true' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l repeat -d 'Call this often and report the latency' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l personalization -d 'Personalization, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l trigger -d 'Key event whose table takes the event' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l token -d 'Token of the service (better: TDX_RT_TOKEN, which no process list shows)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l timeout -d 'How long to wait for status ok, such as 90s or 5m' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l interval -d 'Longest pause between two looks' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l get -d 'Ask in the form of the published workflow instead of sending an event'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l no-wait -d 'Do not wait'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l folder -d 'Folder for a new personalization, by id or name [default: the parent segment\'s first]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l timeout -d 'How long to wait for status ok, such as 90s or 5m' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l interval -d 'Longest pause between two looks' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l new-token -d 'Make a new token even if the service has one'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l prune -d 'Remove sections and outputs that the plan does not name'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l no-wait -d 'Do not wait'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l port -d 'Port on 127.0.0.1; 0 takes a free one' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l seed -d 'What is there at the start: demo or empty' -r -f -a "demo\t''
empty\t''"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l settle -d 'When a change is rolled out: now, 150ms, 30s, 2reads, never or inconsistent' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l dir -d 'Write the scripts of all shells into this folder' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l dir -d 'Write all pages into this folder' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "ps-check" -d 'Check whether real-time is enabled and ready (step 1)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "discover" -d 'Explore databases, tables, columns and attributes, or propose a plan (steps 2-6)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "rt-events" -d 'Configure event tables and key events (step 7a)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "rt-keys" -d 'Configure ID stitching (step 7b)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "rt-attrs" -d 'Configure real-time attributes and wait for status ok (step 7c)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "pz-create" -d 'Create the personalization service and entity (steps 8-9)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "pz-test" -d 'Verify the setup and call the personalization (step 10)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "apply" -d 'Do all steps of a plan at once (steps 7-9)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "sandbox" -d 'Run the offline sandbox of the platform, or a command against a fresh one'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "config" -d 'Show every setting with its origin; the key is masked'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "man" -d 'Print a man page'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test apply sandbox config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from discover" -f -a "databases" -d 'List the databases'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from discover" -f -a "tables" -d 'List tables, those that look like event tables first'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from discover" -f -a "columns" -d 'List the columns of a table'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from discover" -f -a "keys" -d 'List ID-like columns across tables, with the tables each occurs in'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from discover" -f -a "attributes" -d 'List the batch attributes of a parent segment'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from rt-events" -f -a "list" -d 'List the key events'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from rt-events" -f -a "delete" -d 'Delete a key event by name or id, or take out an event table by DB.TABLE'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from rt-keys" -f -a "list" -d 'List the stitching keys'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from rt-keys" -f -a "delete" -d 'Take out a stitching key'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from rt-attrs" -f -a "list" -d 'List the attributes'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from rt-attrs" -f -a "delete" -d 'Delete an attribute by name or id'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from pz-create" -f -a "list" -d 'List the personalizations'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from pz-create" -f -a "delete" -d 'Delete a personalization by name or id'
