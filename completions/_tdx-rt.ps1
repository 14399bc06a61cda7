# Completion of tdx-rt for PowerShell.
#
# Everything is asked from the program itself, so that it always fits the one that is installed.
# Names of parent segments, databases, events and so on come from a cache of two minutes.

Register-ArgumentCompleter -Native -CommandName 'tdx-rt' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # Only what stands before the cursor; the word at the cursor comes last, also when it is empty.
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $current = $wordToComplete.Trim("'", '"')
    # Windows PowerShell drops empty arguments, so the last word is marked.
    & 'tdx-rt' __complete powershell @words "=$current" 2>$null | ForEach-Object {
        $value, $help = $_.Split("`t", 2)
        if (-not $help) { $help = $value }
        $text = if ($value -match '[^\w\-./=:@%+]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $help)
    }
}
