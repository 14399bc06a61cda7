//! Findings for people, as a compiler shows its own.

use super::{Checked, first_line};
use crate::plan::{Finding, Severity, source_line};
use crate::ui::Shown;
use crate::ui::shown::{BOLD_BLUE, BOLD_RED, BOLD_YELLOW, DIM, PLAIN};

/// Changes and findings for people.
pub(super) fn lines(all: &[Checked], max: usize, color: bool) -> Vec<Shown> {
    let mut lines = Vec::new();
    let mut left = max;
    for checked in all {
        for change in &checked.changes {
            let line = change.line.map(|line| format!(":{line}")).unwrap_or_default();
            let text = format!("fixed: {}{line}: {}: {}", checked.file, change.path, change.change);
            lines.push(text.into());
        }
        lines.extend(checked.report.findings.iter().take(left).map(|finding| shown(finding, checked, color)));
        left = left.saturating_sub(checked.report.findings.len());
    }
    lines
}

/// A finding as a compiler shows one.
fn shown(finding: &Finding, checked: &Checked, color: bool) -> Shown {
    let (word, tint) = match finding.severity {
        Severity::Error => ("error", BOLD_RED),
        Severity::Warning => ("warning", BOLD_YELLOW),
    };
    let place = match (finding.line, finding.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", checked.file),
        _ => checked.file.clone(),
    };
    let path = if finding.path.is_empty() { String::new() } else { format!(" {}", finding.path) };
    let mut shown = Shown::new(color)
        .with(tint, &format!("{word}[{}]", finding.code))
        .with(PLAIN, &format!(": {}\n  ", first_line(&finding.message)))
        .with(BOLD_BLUE, "-->")
        .with(PLAIN, &format!(" {place}{path}"));
    let text = checked.text.strip_prefix('\u{feff}').unwrap_or(&checked.text);
    if let (Some(line), Some(column)) = (finding.line, finding.column)
        && let Some((source, caret)) = source_line(text, line, column)
    {
        let number = line.to_string();
        shown = shown
            .with(BOLD_BLUE, &format!("\n{number} |"))
            .with(PLAIN, &format!(" {source}"))
            .with(BOLD_BLUE, &format!("\n{} |", " ".repeat(number.len())))
            .with(tint, &format!(" {caret}"));
    }
    match &finding.fix {
        Some(fix) => shown.with(DIM, "\n  =").with(PLAIN, &format!(" {fix}")),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn a_finding_is_shown_with_its_line_and_a_caret() {
        let checked = check("plan.yaml".into(), b"events: []\nevnets: []\n".to_vec(), false);
        assert_eq!(
            shown(&checked.report.findings[0], &checked, false).as_str(),
            "error[unknown-key]: unknown key 'evnets'\n  --> plan.yaml:2:1 evnets\n2 | evnets: []\n  | ^\n  = did you mean 'events'?"
        );
        assert!(
            shown(&checked.report.findings[0], &checked, true)
                .as_str()
                .starts_with("\x1b[1;31merror[unknown-key]\x1b[0m: ")
        );
    }
}
