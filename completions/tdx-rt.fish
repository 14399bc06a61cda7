# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tdx_rt_global_optspecs
    string join \n site= profile= endpoint= jq= arg= argjson= exit-status o/output= jsonl yaml json dry-run curl q/quiet v/verbose color= error-format= request-timeout= retries= h/help V/version
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
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "validate" -d 'Check plans offline, or with --live against the account'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "diff" -d 'Show what a plan would change (steps 7-9)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "apply" -d 'Do all steps of a plan at once (steps 7-9)'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "export" -d 'Write what is live as a plan'
complete -c tdx-rt -n "__fish_tdx_rt_needs_command" -f -a "undo" -d 'Restore what was there before an apply'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand ps-check" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and not __fish_seen_subcommand_from databases tables columns keys attributes help" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from databases" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from tables" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from columns" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from keys" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand discover; and __fish_seen_subcommand_from attributes" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and not __fish_seen_subcommand_from list delete help" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from list" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-events; and __fish_seen_subcommand_from delete" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and not __fish_seen_subcommand_from list delete help" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from list" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-keys; and __fish_seen_subcommand_from delete" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and not __fish_seen_subcommand_from list delete help" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from list" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand rt-attrs; and __fish_seen_subcommand_from delete" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and not __fish_seen_subcommand_from list delete help" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from list" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-create; and __fish_seen_subcommand_from delete" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand pz-test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -s f -l file -d 'The same, as other commands have it' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l ps -d 'Parent segment for --live, by id or name [default: the plan\'s, else the setting\'s]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l strict -d 'Warnings are errors'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l fix -d 'Rewrite the files: mend what needs no decision, and leave the rest byte for byte'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l live -d 'Check plans against what is live too; needs a key and a network, and only reads'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l folder -d 'Folder for a new personalization, by id or name [default: the parent segment\'s first]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l prune-item -d 'Delete this as well, whoever made it: a path as `diff` and errors name it' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l plan-name -d 'Name of the plan, by which what it made is remembered [default: the file\'s whole path]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l ownership -d 'Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l save -d 'Keep the plan with what it saw, for `apply FILE`' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l new-token -d 'Make a new token even if the service has one'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l prune -d 'Delete what an earlier `apply` of this plan made and the plan no longer names'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l exit-code -d 'Exit 10 when there are changes'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l unified -d 'A unified diff also where stdout is no terminal'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s f -l file -d 'Plan or document to read (YAML or JSON; `-` for stdin)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l folder -d 'Folder for a new personalization, by id or name [default: the parent segment\'s first]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l prune-item -d 'Delete this as well, whoever made it: a path as `diff` and errors name it' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l plan-name -d 'Name of the plan, by which what it made is remembered [default: the file\'s whole path]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l ownership -d 'Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l journal -d 'Journal of what was there before [default: a new file in ~/.local/state/tdx-rt/journals]' -r -F
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l prune -d 'Delete what an earlier `apply` of this plan made and the plan no longer names'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s y -l yes -d 'Delete without asking'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l no-wait -d 'Do not wait'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l ps -d 'The same as a flag' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l ps -d 'Parent segment, by id or name (without a file)' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l timeout -d 'How long to wait for status ok, such as 90s or 5m' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l interval -d 'Longest pause between two looks' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l skip-changed -d 'Restore the rest when something was changed since'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l no-wait -d 'Do not wait'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l port -d 'Port; 0 takes a free one [default: 0]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l listen -d 'Address to listen on; beyond loopback, everyone in the network can use it [default: 127.0.0.1]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l allow-host -d 'Answer to this name as well as to localhost' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l seed -d 'Number that ids and token values depend on, beside the order of requests [default: 0]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l seed-file -d 'Begin with the data of this file, YAML or JSON, instead of the demo data' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l state -d 'Folder that keeps everything over restarts and kill -9; made when it is missing' -r -f -a "(__fish_complete_directories)"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l settle -d 'When a change is rolled out: now, 150ms, 30s, 2reads, never or inconsistent [default: 150ms, or 1reads with --clock]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l clock -d 'Let the clock stand still at this time; only controls move it. Such as 2026-01-02T03:04:05Z' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l fault -d 'Fault rule to begin with, as JSON: {"kind":"status","status":429,"count":2}' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l journal -d 'How many requests the journal keeps [default: 1000]' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l print-seed -d 'Print the demo data as YAML, a seed file to begin one\'s own with, and start nothing'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l empty -d 'Begin with nothing instead of the demo data'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l detached -d 'Go on when the process that started it goes away'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "health" -d 'Show that the sandbox answers, and what it is'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "clock" -d 'Show or move the sandbox\'s clock'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "settle" -d 'Show or choose when changes are rolled out'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "status" -d 'Show or force the RT status of parent segments'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "faults" -d 'List, add and remove fault rules'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "requests" -d 'List or count the requests that the sandbox was sent, or expect a number of them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "profile" -d 'Show a profile: keys, attributes, and why each section did or did not match'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "snapshot" -d 'Save the whole state under a name, and go back to it'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "reset" -d 'Go back to the seed: configuration and profiles; no faults, an empty journal, the same time'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and not __fish_seen_subcommand_from health clock settle status faults requests profile snapshot reset help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l wait -d 'Wait so long for it to start' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from health" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -f -a "set" -d 'Set the clock'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -f -a "advance" -d 'Move the clock on, or back'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from clock" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from settle" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l begin -d 'Begin a roll-out that settles so: now, 150ms, 30s, 2reads, never or inconsistent' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l finish -d 'End roll-outs that are under way'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -f -a "add" -d 'Add a rule, which hits the next request that fits'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -f -a "remove" -d 'Remove one rule'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -f -a "clear" -d 'Remove all rules'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from faults" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l method -d 'HTTP methods' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l path -d 'Beginning of the path' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l operation -d 'Method and path, with {} for one segment' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l status -d 'Statuses: 404, 4xx, or none where the connection was cut' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l since -d 'Only requests after the one with this id' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l expect -d 'Expect exactly so many' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l at-least -d 'Expect so many or more' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l at-most -d 'Expect so many or fewer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l count -d 'Only how many, without the requests'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -f -a "clear" -d 'Forget the requests so far; ids go on'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from requests" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l ps -d 'Parent segment, by id or name' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from profile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -f -a "list" -d 'List them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -f -a "save" -d 'Save the state; an older snapshot of the same name is replaced once the new one is whole'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -f -a "restore" -d 'Go back to one: configuration, profiles and time; no faults, an empty journal'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -f -a "delete" -d 'Delete one'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from snapshot" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l site -d 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l profile -d 'Profile of ~/.config/tdx/tdx.json' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l endpoint -d 'Address in place of all the site\'s hosts, such as a sandbox' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l jq -d 'Filter the document with a jq expression; texts are printed raw' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l arg -d 'Variable $NAME of --jq, as a text' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l argjson -d 'Variable $NAME of --jq, as JSON' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s o -l output -d 'Save the document to a file, atomically' -r -F
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l error-format -d 'How errors are written' -r -f -a "auto\t'Text on a terminal, JSON elsewhere'
text\t'Text'
json\t'One JSON object'"
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l request-timeout -d 'Time for one request with its answer' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l retries -d 'How often a request is tried again where that is safe' -r
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l exit-status -d 'Exit 1 when the last output of --jq is false or null, or there is none'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l jsonl -d 'Print each element of a list as a line of its own'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l yaml -d 'Print YAML, for plans to keep'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l json -d 'Print JSON (always the case; accepted as the official CLI has it)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l dry-run -d 'Send nothing that writes; print the requests that would be sent'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "health" -d 'Show that the sandbox answers, and what it is'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "clock" -d 'Show or move the sandbox\'s clock'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "settle" -d 'Show or choose when changes are rolled out'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show or force the RT status of parent segments'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "faults" -d 'List, add and remove fault rules'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "requests" -d 'List or count the requests that the sandbox was sent, or expect a number of them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "profile" -d 'Show a profile: keys, attributes, and why each section did or did not match'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "snapshot" -d 'Save the whole state under a name, and go back to it'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Go back to the seed: configuration and profiles; no faults, an empty journal, the same time'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand config" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand completions" -l curl -d 'The same as commands for curl, without a key in them'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -l curl -d 'The same as commands for curl, without a key in them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s q -l quiet -d 'No status, progress or summary on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s v -l verbose -d 'Tell every request on stderr'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "ps-check" -d 'Check whether real-time is enabled and ready (step 1)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "discover" -d 'Explore databases, tables, columns and attributes, or propose a plan (steps 2-6)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "rt-events" -d 'Configure event tables and key events (step 7a)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "rt-keys" -d 'Configure ID stitching (step 7b)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "rt-attrs" -d 'Configure real-time attributes and wait for status ok (step 7c)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "pz-create" -d 'Create the personalization service and entity (steps 8-9)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "pz-test" -d 'Verify the setup and call the personalization (step 10)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "validate" -d 'Check plans offline, or with --live against the account'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "diff" -d 'Show what a plan would change (steps 7-9)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "apply" -d 'Do all steps of a plan at once (steps 7-9)'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "export" -d 'Write what is live as a plan'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "undo" -d 'Restore what was there before an apply'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "sandbox" -d 'Run the offline sandbox of the platform, or a command against a fresh one'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "config" -d 'Show every setting with its origin; the key is masked'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "man" -d 'Print a man page'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and not __fish_seen_subcommand_from ps-check discover rt-events rt-keys rt-attrs pz-create pz-test validate diff apply export undo sandbox config completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
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
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "health" -d 'Show that the sandbox answers, and what it is'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "clock" -d 'Show or move the sandbox\'s clock'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "settle" -d 'Show or choose when changes are rolled out'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "status" -d 'Show or force the RT status of parent segments'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "faults" -d 'List, add and remove fault rules'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "requests" -d 'List or count the requests that the sandbox was sent, or expect a number of them'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "profile" -d 'Show a profile: keys, attributes, and why each section did or did not match'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "snapshot" -d 'Save the whole state under a name, and go back to it'
complete -c tdx-rt -n "__fish_tdx_rt_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "reset" -d 'Go back to the seed: configuration and profiles; no faults, an empty journal, the same time'
