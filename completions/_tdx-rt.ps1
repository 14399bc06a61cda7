
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'tdx-rt' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'tdx-rt'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'tdx-rt' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('ps-check', 'ps-check', [CompletionResultType]::ParameterValue, 'Check whether real-time is enabled and ready (step 1)')
            [CompletionResult]::new('discover', 'discover', [CompletionResultType]::ParameterValue, 'Explore databases, tables, columns and attributes, or propose a plan (steps 2-6)')
            [CompletionResult]::new('rt-events', 'rt-events', [CompletionResultType]::ParameterValue, 'Configure event tables and key events (step 7a)')
            [CompletionResult]::new('rt-keys', 'rt-keys', [CompletionResultType]::ParameterValue, 'Configure ID stitching (step 7b)')
            [CompletionResult]::new('rt-attrs', 'rt-attrs', [CompletionResultType]::ParameterValue, 'Configure real-time attributes and wait for status ok (step 7c)')
            [CompletionResult]::new('pz-create', 'pz-create', [CompletionResultType]::ParameterValue, 'Create the personalization service and entity (steps 8-9)')
            [CompletionResult]::new('pz-test', 'pz-test', [CompletionResultType]::ParameterValue, 'Verify the setup and call the personalization (step 10)')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check plans offline, or with --live against the account')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what a plan would change (steps 7-9)')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Do all steps of a plan at once (steps 7-9)')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what is live as a plan')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Restore what was there before an apply')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run the offline sandbox of the platform, or a command against a fresh one')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show every setting with its origin; the key is masked')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;ps-check' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait while the configuration is updating, at most this long [default: 5m]')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Longest pause between two looks')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;discover' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--use-case', '--use-case', [CompletionResultType]::ParameterName, 'Propose a whole plan for this use case')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database with the event tables')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('databases', 'databases', [CompletionResultType]::ParameterValue, 'List the databases')
            [CompletionResult]::new('tables', 'tables', [CompletionResultType]::ParameterValue, 'List tables, those that look like event tables first')
            [CompletionResult]::new('columns', 'columns', [CompletionResultType]::ParameterValue, 'List the columns of a table')
            [CompletionResult]::new('keys', 'keys', [CompletionResultType]::ParameterValue, 'List ID-like columns across tables, with the tables each occurs in')
            [CompletionResult]::new('attributes', 'attributes', [CompletionResultType]::ParameterValue, 'List the batch attributes of a parent segment')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;discover;databases' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;discover;tables' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;discover;columns' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;discover;keys' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;discover;attributes' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;discover;help' {
            [CompletionResult]::new('databases', 'databases', [CompletionResultType]::ParameterValue, 'List the databases')
            [CompletionResult]::new('tables', 'tables', [CompletionResultType]::ParameterValue, 'List tables, those that look like event tables first')
            [CompletionResult]::new('columns', 'columns', [CompletionResultType]::ParameterValue, 'List the columns of a table')
            [CompletionResult]::new('keys', 'keys', [CompletionResultType]::ParameterValue, 'List ID-like columns across tables, with the tables each occurs in')
            [CompletionResult]::new('attributes', 'attributes', [CompletionResultType]::ParameterValue, 'List the batch attributes of a parent segment')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;discover;help;databases' {
            break
        }
        'tdx-rt;discover;help;tables' {
            break
        }
        'tdx-rt;discover;help;columns' {
            break
        }
        'tdx-rt;discover;help;keys' {
            break
        }
        'tdx-rt;discover;help;attributes' {
            break
        }
        'tdx-rt;discover;help;help' {
            break
        }
        'tdx-rt;rt-events' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Key event to configure, with its table')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'Which events of the table count, as SQL-like text (with one --event)')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Which events count: the column matches the regular expression (with one --event)')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Description (with one --event)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the key events')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a key event by name or id, or take out an event table by DB.TABLE')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;rt-events;list' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;rt-events;delete' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;rt-events;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the key events')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a key event by name or id, or take out an event table by DB.TABLE')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;rt-events;help;list' {
            break
        }
        'tdx-rt;rt-events;help;delete' {
            break
        }
        'tdx-rt;rt-events;help;help' {
            break
        }
        'tdx-rt;rt-keys' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Stitching key: a column of the event tables')
            [CompletionResult]::new('--primary-key', '--primary-key', [CompletionResultType]::ParameterName, 'The primary key; a stitching key too')
            [CompletionResult]::new('--valid-regex', '--valid-regex', [CompletionResultType]::ParameterName, 'Values that do not match are no ids')
            [CompletionResult]::new('--exclude-regex', '--exclude-regex', [CompletionResultType]::ParameterName, 'Values that match are no ids')
            [CompletionResult]::new('--invalid', '--invalid', [CompletionResultType]::ParameterName, 'A value that is no id')
            [CompletionResult]::new('--ext-lookup-key', '--ext-lookup-key', [CompletionResultType]::ParameterName, 'Profile key column of the master table')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the stitching keys')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Take out a stitching key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;rt-keys;list' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;rt-keys;delete' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;rt-keys;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the stitching keys')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Take out a stitching key')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;rt-keys;help;list' {
            break
        }
        'tdx-rt;rt-keys;help;delete' {
            break
        }
        'tdx-rt;rt-keys;help;help' {
            break
        }
        'tdx-rt;rt-attrs' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--single', '--single', [CompletionResultType]::ParameterName, 'Latest value of a column')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Distinct values of a column, newest first')
            [CompletionResult]::new('--counter', '--counter', [CompletionResultType]::ParameterName, 'Count of events, or sum of a column')
            [CompletionResult]::new('--import', '--import', [CompletionResultType]::ParameterName, 'Batch attribute of the parent segment')
            [CompletionResult]::new('--window', '--window', [CompletionResultType]::ParameterName, 'Window of the counters, such as 24h, 7d or 30d; without one they count in total')
            [CompletionResult]::new('--max-items', '--max-items', [CompletionResultType]::ParameterName, 'Items that the lists keep [default: 100]')
            [CompletionResult]::new('--expiry-days', '--expiry-days', [CompletionResultType]::ParameterName, 'Days that an item of the lists lives [default: 90]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for status ok, such as 90s or 5m')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Longest pause between two looks')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--no-wait', '--no-wait', [CompletionResultType]::ParameterName, 'Do not wait')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the attributes')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete an attribute by name or id')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;rt-attrs;list' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;rt-attrs;delete' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;rt-attrs;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the attributes')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete an attribute by name or id')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;rt-attrs;help;list' {
            break
        }
        'tdx-rt;rt-attrs;help;delete' {
            break
        }
        'tdx-rt;rt-attrs;help;help' {
            break
        }
        'tdx-rt;pz-create' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name of the service and of the personalization')
            [CompletionResult]::new('--trigger', '--trigger', [CompletionResultType]::ParameterName, 'Key event that triggers it')
            [CompletionResult]::new('--section', '--section', [CompletionResultType]::ParameterName, 'Name of the one section that the flags describe')
            [CompletionResult]::new('--criteria', '--criteria', [CompletionResultType]::ParameterName, 'Who gets the section, as SQL-like text; everyone when left out')
            [CompletionResult]::new('--attribute', '--attribute', [CompletionResultType]::ParameterName, 'Attribute in the response')
            [CompletionResult]::new('--string', '--string', [CompletionResultType]::ParameterName, 'Fixed text in the response')
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Folder for a new personalization, by id or name [default: the parent segment''s first]')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--new-token', '--new-token', [CompletionResultType]::ParameterName, 'Make a new token even if the service has one')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Remove sections and outputs that the plan does not name')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the personalizations')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a personalization by name or id')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;pz-create;list' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;pz-create;delete' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (else from the document on stdin)')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Delete the service of the same name too; its tokens stop working at once')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;pz-create;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the personalizations')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a personalization by name or id')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;pz-create;help;list' {
            break
        }
        'tdx-rt;pz-create;help;delete' {
            break
        }
        'tdx-rt;pz-create;help;help' {
            break
        }
        'tdx-rt;pz-test' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Id of the visitor: a stitching key of the event')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Another column of the event')
            [CompletionResult]::new('--event-json', '--event-json', [CompletionResultType]::ParameterName, 'The event, or more of its columns, as a JSON object')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'jq expression on the response that must be true')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Call this often and report the latency')
            [CompletionResult]::new('--personalization', '--personalization', [CompletionResultType]::ParameterName, 'Personalization, by id or name')
            [CompletionResult]::new('--trigger', '--trigger', [CompletionResultType]::ParameterName, 'Key event whose table takes the event')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Token of the service (better: TDX_RT_TOKEN, which no process list shows)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for status ok, such as 90s or 5m')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Longest pause between two looks')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'Ask in the form of the published workflow instead of sending an event')
            [CompletionResult]::new('--no-wait', '--no-wait', [CompletionResultType]::ParameterName, 'Do not wait')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;validate' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same, as other commands have it')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'The same, as other commands have it')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment for --live, by id or name [default: the plan''s, else the setting''s]')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Warnings are errors')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Rewrite the files: mend what needs no decision, and leave the rest byte for byte')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Check plans against what is live too; needs a key and a network, and only reads')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Folder for a new personalization, by id or name [default: the parent segment''s first]')
            [CompletionResult]::new('--prune-item', '--prune-item', [CompletionResultType]::ParameterName, 'Delete this as well, whoever made it: a path as `diff` and errors name it')
            [CompletionResult]::new('--plan-name', '--plan-name', [CompletionResultType]::ParameterName, 'Name of the plan, by which what it made is remembered [default: the file''s whole path]')
            [CompletionResult]::new('--ownership', '--ownership', [CompletionResultType]::ParameterName, 'Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Keep the plan with what it saw, for `apply FILE`')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--new-token', '--new-token', [CompletionResultType]::ParameterName, 'Make a new token even if the service has one')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete what an earlier `apply` of this plan made and the plan no longer names')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, 'Exit 10 when there are changes')
            [CompletionResult]::new('--unified', '--unified', [CompletionResultType]::ParameterName, 'A unified diff also where stdout is no terminal')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;apply' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Plan or document to read (YAML or JSON; `-` for stdin)')
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--folder', '--folder', [CompletionResultType]::ParameterName, 'Folder for a new personalization, by id or name [default: the parent segment''s first]')
            [CompletionResult]::new('--prune-item', '--prune-item', [CompletionResultType]::ParameterName, 'Delete this as well, whoever made it: a path as `diff` and errors name it')
            [CompletionResult]::new('--plan-name', '--plan-name', [CompletionResultType]::ParameterName, 'Name of the plan, by which what it made is remembered [default: the file''s whole path]')
            [CompletionResult]::new('--ownership', '--ownership', [CompletionResultType]::ParameterName, 'Where it is remembered what plans made [default: ~/.local/state/tdx-rt/ownership.json]')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'Journal of what was there before [default: a new file in ~/.local/state/tdx-rt/journals]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for status ok, such as 90s or 5m')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Longest pause between two looks')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--new-token', '--new-token', [CompletionResultType]::ParameterName, 'Make a new token even if the service has one')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete what an earlier `apply` of this plan made and the plan no longer names')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Delete without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Delete without asking')
            [CompletionResult]::new('--no-wait', '--no-wait', [CompletionResultType]::ParameterName, 'Do not wait')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;export' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'The same as a flag')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;undo' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name (without a file)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for status ok, such as 90s or 5m')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Longest pause between two looks')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--skip-changed', '--skip-changed', [CompletionResultType]::ParameterName, 'Restore the rest when something was changed since')
            [CompletionResult]::new('--no-wait', '--no-wait', [CompletionResultType]::ParameterName, 'Do not wait')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port; 0 takes a free one [default: 0]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address to listen on; beyond loopback, everyone in the network can use it [default: 127.0.0.1]')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'Answer to this name as well as to localhost')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Number that ids and token values depend on, beside the order of requests [default: 0]')
            [CompletionResult]::new('--seed-file', '--seed-file', [CompletionResultType]::ParameterName, 'Begin with the data of this file, YAML or JSON, instead of the demo data')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder that keeps everything over restarts and kill -9; made when it is missing')
            [CompletionResult]::new('--settle', '--settle', [CompletionResultType]::ParameterName, 'When a change is rolled out: now, 150ms, 30s, 2reads, never or inconsistent [default: 150ms, or 1reads with --clock]')
            [CompletionResult]::new('--clock', '--clock', [CompletionResultType]::ParameterName, 'Let the clock stand still at this time; only controls move it. Such as 2026-01-02T03:04:05Z')
            [CompletionResult]::new('--fault', '--fault', [CompletionResultType]::ParameterName, 'Fault rule to begin with, as JSON: {"kind":"status","status":429,"count":2}')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'How many requests the journal keeps [default: 1000]')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--print-seed', '--print-seed', [CompletionResultType]::ParameterName, 'Print the demo data as YAML, a seed file to begin one''s own with, and start nothing')
            [CompletionResult]::new('--empty', '--empty', [CompletionResultType]::ParameterName, 'Begin with nothing instead of the demo data')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'Go on when the process that started it goes away')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Show that the sandbox answers, and what it is')
            [CompletionResult]::new('clock', 'clock', [CompletionResultType]::ParameterValue, 'Show or move the sandbox''s clock')
            [CompletionResult]::new('settle', 'settle', [CompletionResultType]::ParameterValue, 'Show or choose when changes are rolled out')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show or force the RT status of parent segments')
            [CompletionResult]::new('faults', 'faults', [CompletionResultType]::ParameterValue, 'List, add and remove fault rules')
            [CompletionResult]::new('requests', 'requests', [CompletionResultType]::ParameterValue, 'List or count the requests that the sandbox was sent, or expect a number of them')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Show a profile: keys, attributes, and why each section did or did not match')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Save the whole state under a name, and go back to it')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Go back to the seed: configuration and profiles; no faults, an empty journal, the same time')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;health' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so long for it to start')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;clock' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set the clock')
            [CompletionResult]::new('advance', 'advance', [CompletionResultType]::ParameterValue, 'Move the clock on, or back')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;clock;set' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;clock;advance' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;clock;help' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set the clock')
            [CompletionResult]::new('advance', 'advance', [CompletionResultType]::ParameterValue, 'Move the clock on, or back')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;clock;help;set' {
            break
        }
        'tdx-rt;sandbox;clock;help;advance' {
            break
        }
        'tdx-rt;sandbox;clock;help;help' {
            break
        }
        'tdx-rt;sandbox;settle' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;status' {
            [CompletionResult]::new('--begin', '--begin', [CompletionResultType]::ParameterName, 'Begin a roll-out that settles so: now, 150ms, 30s, 2reads, never or inconsistent')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--finish', '--finish', [CompletionResultType]::ParameterName, 'End roll-outs that are under way')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;faults' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a rule, which hits the next request that fits')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one rule')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Remove all rules')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;faults;add' {
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'Method and path, with {} for one segment: ''POST /audiences/{}/realtime_key_events''')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'HTTP method')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Beginning of the path')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Status that is answered')
            [CompletionResult]::new('--retry-after', '--retry-after', [CompletionResultType]::ParameterName, 'Retry-After: seconds, or an HTTP date')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'Message of the error')
            [CompletionResult]::new('--location', '--location', [CompletionResultType]::ParameterName, 'Where a redirect leads')
            [CompletionResult]::new('--delay', '--delay', [CompletionResultType]::ParameterName, 'Wait first, such as 500ms (real time; with any kind)')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'How many requests are hit (1)')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'How many fitting requests pass first')
            [CompletionResult]::new('--probability', '--probability', [CompletionResultType]::ParameterName, 'Chance that a fitting request is hit, from 0 to 1')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--always', '--always', [CompletionResultType]::ParameterName, 'Hit requests until the rule is removed')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;faults;remove' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;faults;clear' {
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seeds the generator that chances are drawn from')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;faults;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a rule, which hits the next request that fits')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one rule')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Remove all rules')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;faults;help;add' {
            break
        }
        'tdx-rt;sandbox;faults;help;remove' {
            break
        }
        'tdx-rt;sandbox;faults;help;clear' {
            break
        }
        'tdx-rt;sandbox;faults;help;help' {
            break
        }
        'tdx-rt;sandbox;requests' {
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'HTTP methods')
            [CompletionResult]::new('--path', '--path', [CompletionResultType]::ParameterName, 'Beginning of the path')
            [CompletionResult]::new('--operation', '--operation', [CompletionResultType]::ParameterName, 'Method and path, with {} for one segment')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Statuses: 404, 4xx, or none where the connection was cut')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only requests after the one with this id')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Expect exactly so many')
            [CompletionResult]::new('--at-least', '--at-least', [CompletionResultType]::ParameterName, 'Expect so many or more')
            [CompletionResult]::new('--at-most', '--at-most', [CompletionResultType]::ParameterName, 'Expect so many or fewer')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Only how many, without the requests')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Forget the requests so far; ids go on')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;requests;clear' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;requests;help' {
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Forget the requests so far; ids go on')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;requests;help;clear' {
            break
        }
        'tdx-rt;sandbox;requests;help;help' {
            break
        }
        'tdx-rt;sandbox;profile' {
            [CompletionResult]::new('--ps', '--ps', [CompletionResultType]::ParameterName, 'Parent segment, by id or name')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;snapshot' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Save the state; an older snapshot of the same name is replaced once the new one is whole')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Go back to one: configuration, profiles and time; no faults, an empty journal')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;snapshot;list' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;snapshot;save' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;snapshot;restore' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;snapshot;delete' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;snapshot;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Save the state; an older snapshot of the same name is replaced once the new one is whole')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Go back to one: configuration, profiles and time; no faults, an empty journal')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete one')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;snapshot;help;list' {
            break
        }
        'tdx-rt;sandbox;snapshot;help;save' {
            break
        }
        'tdx-rt;sandbox;snapshot;help;restore' {
            break
        }
        'tdx-rt;sandbox;snapshot;help;delete' {
            break
        }
        'tdx-rt;sandbox;snapshot;help;help' {
            break
        }
        'tdx-rt;sandbox;reset' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;sandbox;help' {
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Show that the sandbox answers, and what it is')
            [CompletionResult]::new('clock', 'clock', [CompletionResultType]::ParameterValue, 'Show or move the sandbox''s clock')
            [CompletionResult]::new('settle', 'settle', [CompletionResultType]::ParameterValue, 'Show or choose when changes are rolled out')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show or force the RT status of parent segments')
            [CompletionResult]::new('faults', 'faults', [CompletionResultType]::ParameterValue, 'List, add and remove fault rules')
            [CompletionResult]::new('requests', 'requests', [CompletionResultType]::ParameterValue, 'List or count the requests that the sandbox was sent, or expect a number of them')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Show a profile: keys, attributes, and why each section did or did not match')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Save the whole state under a name, and go back to it')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Go back to the seed: configuration and profiles; no faults, an empty journal, the same time')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;sandbox;help;health' {
            break
        }
        'tdx-rt;sandbox;help;clock' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set the clock')
            [CompletionResult]::new('advance', 'advance', [CompletionResultType]::ParameterValue, 'Move the clock on, or back')
            break
        }
        'tdx-rt;sandbox;help;clock;set' {
            break
        }
        'tdx-rt;sandbox;help;clock;advance' {
            break
        }
        'tdx-rt;sandbox;help;settle' {
            break
        }
        'tdx-rt;sandbox;help;status' {
            break
        }
        'tdx-rt;sandbox;help;faults' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a rule, which hits the next request that fits')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one rule')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Remove all rules')
            break
        }
        'tdx-rt;sandbox;help;faults;add' {
            break
        }
        'tdx-rt;sandbox;help;faults;remove' {
            break
        }
        'tdx-rt;sandbox;help;faults;clear' {
            break
        }
        'tdx-rt;sandbox;help;requests' {
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Forget the requests so far; ids go on')
            break
        }
        'tdx-rt;sandbox;help;requests;clear' {
            break
        }
        'tdx-rt;sandbox;help;profile' {
            break
        }
        'tdx-rt;sandbox;help;snapshot' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Save the state; an older snapshot of the same name is replaced once the new one is whole')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Go back to one: configuration, profiles and time; no faults, an empty journal')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete one')
            break
        }
        'tdx-rt;sandbox;help;snapshot;list' {
            break
        }
        'tdx-rt;sandbox;help;snapshot;save' {
            break
        }
        'tdx-rt;sandbox;help;snapshot;restore' {
            break
        }
        'tdx-rt;sandbox;help;snapshot;delete' {
            break
        }
        'tdx-rt;sandbox;help;reset' {
            break
        }
        'tdx-rt;sandbox;help;help' {
            break
        }
        'tdx-rt;config' {
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the scripts of all shells into this folder')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write all pages into this folder')
            [CompletionResult]::new('--site', '--site', [CompletionResultType]::ParameterName, 'Site: us01, jp01 (also ap01, tokyo), eu01, ap02 or ap03')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of ~/.config/tdx/tdx.json')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Address in place of all the site''s hosts, such as a sandbox')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Filter the document with a jq expression; texts are printed raw')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as a text')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Variable $NAME of --jq, as JSON')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Save the document to a file, atomically')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'How errors are written')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'Time for one request with its answer')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often a request is tried again where that is safe')
            [CompletionResult]::new('--exit-status', '--exit-status', [CompletionResultType]::ParameterName, 'Exit 1 when the last output of --jq is false or null, or there is none')
            [CompletionResult]::new('--jsonl', '--jsonl', [CompletionResultType]::ParameterName, 'Print each element of a list as a line of its own')
            [CompletionResult]::new('--yaml', '--yaml', [CompletionResultType]::ParameterName, 'Print YAML, for plans to keep')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON (always the case; accepted as the official CLI has it)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing that writes; print the requests that would be sent')
            [CompletionResult]::new('--curl', '--curl', [CompletionResultType]::ParameterName, 'The same as commands for curl, without a key in them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No status, progress or summary on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell every request on stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'tdx-rt;help' {
            [CompletionResult]::new('ps-check', 'ps-check', [CompletionResultType]::ParameterValue, 'Check whether real-time is enabled and ready (step 1)')
            [CompletionResult]::new('discover', 'discover', [CompletionResultType]::ParameterValue, 'Explore databases, tables, columns and attributes, or propose a plan (steps 2-6)')
            [CompletionResult]::new('rt-events', 'rt-events', [CompletionResultType]::ParameterValue, 'Configure event tables and key events (step 7a)')
            [CompletionResult]::new('rt-keys', 'rt-keys', [CompletionResultType]::ParameterValue, 'Configure ID stitching (step 7b)')
            [CompletionResult]::new('rt-attrs', 'rt-attrs', [CompletionResultType]::ParameterValue, 'Configure real-time attributes and wait for status ok (step 7c)')
            [CompletionResult]::new('pz-create', 'pz-create', [CompletionResultType]::ParameterValue, 'Create the personalization service and entity (steps 8-9)')
            [CompletionResult]::new('pz-test', 'pz-test', [CompletionResultType]::ParameterValue, 'Verify the setup and call the personalization (step 10)')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check plans offline, or with --live against the account')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what a plan would change (steps 7-9)')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Do all steps of a plan at once (steps 7-9)')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what is live as a plan')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Restore what was there before an apply')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run the offline sandbox of the platform, or a command against a fresh one')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show every setting with its origin; the key is masked')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a man page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tdx-rt;help;ps-check' {
            break
        }
        'tdx-rt;help;discover' {
            [CompletionResult]::new('databases', 'databases', [CompletionResultType]::ParameterValue, 'List the databases')
            [CompletionResult]::new('tables', 'tables', [CompletionResultType]::ParameterValue, 'List tables, those that look like event tables first')
            [CompletionResult]::new('columns', 'columns', [CompletionResultType]::ParameterValue, 'List the columns of a table')
            [CompletionResult]::new('keys', 'keys', [CompletionResultType]::ParameterValue, 'List ID-like columns across tables, with the tables each occurs in')
            [CompletionResult]::new('attributes', 'attributes', [CompletionResultType]::ParameterValue, 'List the batch attributes of a parent segment')
            break
        }
        'tdx-rt;help;discover;databases' {
            break
        }
        'tdx-rt;help;discover;tables' {
            break
        }
        'tdx-rt;help;discover;columns' {
            break
        }
        'tdx-rt;help;discover;keys' {
            break
        }
        'tdx-rt;help;discover;attributes' {
            break
        }
        'tdx-rt;help;rt-events' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the key events')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a key event by name or id, or take out an event table by DB.TABLE')
            break
        }
        'tdx-rt;help;rt-events;list' {
            break
        }
        'tdx-rt;help;rt-events;delete' {
            break
        }
        'tdx-rt;help;rt-keys' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the stitching keys')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Take out a stitching key')
            break
        }
        'tdx-rt;help;rt-keys;list' {
            break
        }
        'tdx-rt;help;rt-keys;delete' {
            break
        }
        'tdx-rt;help;rt-attrs' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the attributes')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete an attribute by name or id')
            break
        }
        'tdx-rt;help;rt-attrs;list' {
            break
        }
        'tdx-rt;help;rt-attrs;delete' {
            break
        }
        'tdx-rt;help;pz-create' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the personalizations')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete a personalization by name or id')
            break
        }
        'tdx-rt;help;pz-create;list' {
            break
        }
        'tdx-rt;help;pz-create;delete' {
            break
        }
        'tdx-rt;help;pz-test' {
            break
        }
        'tdx-rt;help;validate' {
            break
        }
        'tdx-rt;help;diff' {
            break
        }
        'tdx-rt;help;apply' {
            break
        }
        'tdx-rt;help;export' {
            break
        }
        'tdx-rt;help;undo' {
            break
        }
        'tdx-rt;help;sandbox' {
            [CompletionResult]::new('health', 'health', [CompletionResultType]::ParameterValue, 'Show that the sandbox answers, and what it is')
            [CompletionResult]::new('clock', 'clock', [CompletionResultType]::ParameterValue, 'Show or move the sandbox''s clock')
            [CompletionResult]::new('settle', 'settle', [CompletionResultType]::ParameterValue, 'Show or choose when changes are rolled out')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show or force the RT status of parent segments')
            [CompletionResult]::new('faults', 'faults', [CompletionResultType]::ParameterValue, 'List, add and remove fault rules')
            [CompletionResult]::new('requests', 'requests', [CompletionResultType]::ParameterValue, 'List or count the requests that the sandbox was sent, or expect a number of them')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'Show a profile: keys, attributes, and why each section did or did not match')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Save the whole state under a name, and go back to it')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Go back to the seed: configuration and profiles; no faults, an empty journal, the same time')
            break
        }
        'tdx-rt;help;sandbox;health' {
            break
        }
        'tdx-rt;help;sandbox;clock' {
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set the clock')
            [CompletionResult]::new('advance', 'advance', [CompletionResultType]::ParameterValue, 'Move the clock on, or back')
            break
        }
        'tdx-rt;help;sandbox;clock;set' {
            break
        }
        'tdx-rt;help;sandbox;clock;advance' {
            break
        }
        'tdx-rt;help;sandbox;settle' {
            break
        }
        'tdx-rt;help;sandbox;status' {
            break
        }
        'tdx-rt;help;sandbox;faults' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a rule, which hits the next request that fits')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove one rule')
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Remove all rules')
            break
        }
        'tdx-rt;help;sandbox;faults;add' {
            break
        }
        'tdx-rt;help;sandbox;faults;remove' {
            break
        }
        'tdx-rt;help;sandbox;faults;clear' {
            break
        }
        'tdx-rt;help;sandbox;requests' {
            [CompletionResult]::new('clear', 'clear', [CompletionResultType]::ParameterValue, 'Forget the requests so far; ids go on')
            break
        }
        'tdx-rt;help;sandbox;requests;clear' {
            break
        }
        'tdx-rt;help;sandbox;profile' {
            break
        }
        'tdx-rt;help;sandbox;snapshot' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Save the state; an older snapshot of the same name is replaced once the new one is whole')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Go back to one: configuration, profiles and time; no faults, an empty journal')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete one')
            break
        }
        'tdx-rt;help;sandbox;snapshot;list' {
            break
        }
        'tdx-rt;help;sandbox;snapshot;save' {
            break
        }
        'tdx-rt;help;sandbox;snapshot;restore' {
            break
        }
        'tdx-rt;help;sandbox;snapshot;delete' {
            break
        }
        'tdx-rt;help;sandbox;reset' {
            break
        }
        'tdx-rt;help;config' {
            break
        }
        'tdx-rt;help;completions' {
            break
        }
        'tdx-rt;help;man' {
            break
        }
        'tdx-rt;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
