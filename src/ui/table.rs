//! Rows for people: a table that fits the page, or a record for each row where none fits.

use super::cells::{NONE, cell, heading, is_name, style, value_at};
use super::shown::{BOLD, DIM, GREEN, PLAIN, RED, Shown, Style, YELLOW};
use super::wrap::wrapped;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width, presets};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

/// What text for people is laid out for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Page {
    /// Columns of the window; as wide as it comes where it is no window.
    pub width: Option<usize>,
    /// Whether it has colours.
    pub colours: bool,
}

/// The space between two columns.
const GAP: usize = 2;
/// A column of sentences that is narrower than this is no pleasure to read.
const NARROWEST: usize = 16;

/// Styles while a text is laid out: characters without a width, which no text of a document has, as `visible`
/// replaces them.
const MARKS: [(char, Style); 6] = [
    ('\u{206a}', BOLD),
    ('\u{206b}', DIM),
    ('\u{206c}', GREEN),
    ('\u{206d}', YELLOW),
    ('\u{206e}', RED),
    ('\u{206f}', PLAIN),
];
const END: char = '\u{206f}';

/// A column that is laid out.
struct Column<'c> {
    name: &'c str,
    /// The cells, from the top.
    cells: Vec<String>,
    /// The widest cell or the name.
    natural: usize,
    /// What it needs at the least, so that no word is cut.
    least: usize,
}

impl Column<'_> {
    fn new<'c>(name: &'c str, rows: &[Value]) -> Column<'c> {
        let cells: Vec<String> = rows.iter().map(|row| cell(value_at(row, name))).collect();
        let natural = cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(heading(name).width());
        let words = cells.iter().flat_map(|cell| cell.split(' ')).map(str::width).max().unwrap_or(0);
        let least = match is_name(name) {
            true => natural,
            false => natural.min(words.max(heading(name).width()).max(NARROWEST)),
        };
        Column { name, cells, natural, least }
    }
}

/// Rows as a table, or as records where the page is too narrow for one.
pub(super) fn table(rows: &[Value], columns: &[&str], page: Page) -> Shown {
    let says_something = |name: &&&str| rows.iter().any(|row| cell(value_at(row, name)) != NONE);
    let columns: Vec<Column<'_>> =
        columns.iter().filter(says_something).map(|name| Column::new(name, rows)).collect();
    match widths(&columns, page.width) {
        Some(widths) => laid_out(rows, &columns, &widths, page),
        None => records(rows, &columns, page),
    }
}

/// The width of each column; `None` where they do not fit side by side.
fn widths(columns: &[Column<'_>], width: Option<usize>) -> Option<Vec<usize>> {
    let gaps = columns.len().saturating_sub(1).saturating_mul(GAP);
    let natural: usize = columns.iter().map(|column| column.natural).sum();
    let Some(mut left) = width.map(|width| width.saturating_sub(gaps)).filter(|width| natural > *width)
    else {
        return Some(columns.iter().map(|column| column.natural).collect());
    };
    let least: usize = columns.iter().map(|column| column.least).sum();
    left = left.checked_sub(least)?;
    let mut widths: Vec<usize> = columns.iter().map(|column| column.least).collect();
    // Those that want least get it first, so that the others share what is left.
    let mut wanting: Vec<(usize, &mut usize)> = columns.iter().map(|c| c.natural).zip(&mut widths).collect();
    wanting.sort_by_key(|(natural, width)| natural.saturating_sub(**width));
    let mut others = wanting.len();
    for (natural, width) in wanting {
        let more = natural.saturating_sub(*width).min(left.checked_div(others).unwrap_or(0));
        *width = width.saturating_add(more);
        left = left.saturating_sub(more);
        others = others.saturating_sub(1);
    }
    Some(widths)
}

fn laid_out(rows: &[Value], columns: &[Column<'_>], widths: &[usize], page: Page) -> Shown {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(columns.iter().map(|column| marked(BOLD, &heading(column.name).to_uppercase())));
    for (index, row) in rows.iter().enumerate() {
        let cells = columns.iter().map(|column| {
            let text = column.cells.get(index).map_or("", String::as_str);
            marked(style(column.name, value_at(row, column.name)), text)
        });
        table.add_row(cells);
    }
    for ((column, laid), width) in columns.iter().zip(table.column_iter_mut()).zip(widths) {
        let numbers = rows.iter().map(|row| value_at(row, column.name)).all(|v| v.is_number() || v.is_null());
        let gap = u16::try_from(GAP).unwrap_or(1);
        laid.set_padding((0, gap));
        let fixed = u16::try_from(width.saturating_add(GAP)).unwrap_or(u16::MAX);
        laid.set_constraint(ColumnConstraint::Absolute(Width::Fixed(fixed)));
        laid.set_cell_alignment(if numbers { CellAlignment::Right } else { CellAlignment::Left });
    }
    table
        .lines()
        .fold(Shown::new(page.colours), |shown, line| in_colours(shown, line.trim_end()).with(PLAIN, "\n"))
}

/// A record for each row, without what it does not have.
fn records(rows: &[Value], columns: &[Column<'_>], page: Page) -> Shown {
    let mut shown = Shown::new(page.colours);
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            shown = shown.with(PLAIN, "\n");
        }
        let values = columns.iter().map(|column| (column.name, value_at(row, column.name)));
        shown = record(shown, &values.filter(|(_, value)| cell(value) != NONE).collect::<Vec<_>>(), "", page);
    }
    shown
}

/// Names and values, a line for each, or several where a value is long.
pub(super) fn record(mut shown: Shown, values: &[(&str, &Value)], indent: &str, page: Page) -> Shown {
    let names = values.iter().map(|(name, _)| heading(name).width()).max().unwrap_or(0);
    for (name, value) in values {
        let space = " ".repeat(names.saturating_sub(heading(name).width()).saturating_add(GAP));
        let hanging = " ".repeat(indent.width().saturating_add(names).saturating_add(GAP));
        let width = page.width.map(|width| width.saturating_sub(hanging.width()).max(NARROWEST));
        shown = shown.with(PLAIN, indent).with(BOLD, heading(name)).with(PLAIN, &space);
        for (index, line) in wrapped(&cell(value), width).iter().enumerate() {
            let line_start = if index > 0 { hanging.as_str() } else { "" };
            shown = shown.with(PLAIN, line_start).with(style(name, value), line).with(PLAIN, "\n");
        }
    }
    shown
}

fn marked(style: Style, text: &str) -> String {
    match MARKS.iter().find(|(_, known)| *known == style && !style.is_empty()) {
        Some((mark, _)) if !text.is_empty() => format!("{mark}{text}{END}"),
        _ => text.to_owned(),
    }
}

/// The marks of a line as colours.
fn in_colours(mut shown: Shown, line: &str) -> Shown {
    let mut style = PLAIN;
    let mut rest = line;
    while let Some(place) = rest.find(|c| MARKS.iter().any(|(mark, _)| *mark == c)) {
        let (before, behind) = rest.split_at_checked(place).unwrap_or((rest, ""));
        shown = shown.with(style, before);
        let mut characters = behind.chars();
        let mark = characters.next();
        style = MARKS.iter().find(|(known, _)| Some(*known) == mark).map_or(PLAIN, |(_, style)| style);
        rest = characters.as_str();
    }
    shown.with(style, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const WORDS: [&str; 8] =
        ["ok", "客の訪問", "👩‍💻", "e\u{301}tat", "a-long-name", "x", "\u{1b}[31m", "Füße"];
    const COLUMNS: [&str; 4] = ["name", "status", "rows", "message"];

    fn words() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(&WORDS[..]), 0..12).prop_map(|words| words.join(" "))
    }

    fn row() -> impl Strategy<Value = Value> {
        (words(), prop::sample::select(&WORDS[..]), prop::option::of(0_u64..100_000), words()).prop_map(
            |(name, status, rows, message)| {
                json!({"name": name, "status": status, "rows": rows, "message": message})
            },
        )
    }

    proptest! {
        #[test]
        fn a_table_fits_and_has_every_word(rows in prop::collection::vec(row(), 1..8), width in 20_usize..160) {
            let page = Page { width: Some(width), colours: false };
            let shown = table(&rows, &COLUMNS, page);
            let text = shown.as_str();
            for row in &rows {
                let cells = COLUMNS.iter().map(|column| cell(value_at(row, column)));
                for word in cells.filter(|cell| cell != NONE).flat_map(|cell| cell.split(' ').map(str::to_owned).collect::<Vec<_>>()) {
                    prop_assert!(text.contains(&word), "'{word}' is not in\n{text}");
                }
                // A name is never on two lines.
                let name = cell(value_at(row, "name"));
                prop_assert!(text.lines().any(|line| line.contains(name.trim())) || text.starts_with("name"), "{text}");
            }
            let is_table = text.starts_with("NAME") || text.starts_with("STATUS");
            for line in text.lines().filter(|_| is_table) {
                prop_assert!(line.width() <= width, "{} > {width}: {line}\n{text}", line.width());
            }
            let coloured = table(&rows, &COLUMNS, Page { colours: true, ..page });
            let mut plain = coloured.as_str().to_owned();
            for style in ["0", BOLD, DIM, GREEN, YELLOW, RED] {
                plain = plain.replace(&format!("\x1b[{style}m"), "");
            }
            prop_assert_eq!(plain, text);
        }
    }

    #[test]
    fn columns_stand_below_each_other_whatever_the_width_of_characters() {
        let rows = [
            json!({"name": "客の訪問", "rows": 7}),
            json!({"name": "a", "rows": 1234}),
            json!({"name": "👩‍💻", "rows": null}),
        ];
        let shown = table(&rows, &["name", "rows"], Page::default());
        assert_eq!(shown.as_str(), "NAME      ROWS\n客の訪問     7\na         1234\n👩‍💻           -\n");
    }

    #[test]
    fn a_window_that_is_too_narrow_gets_records() {
        let rows = [
            json!({"name": "a long name", "status": "ok", "rows": null}),
            json!({"name": "b", "status": "no", "rows": 1}),
        ];
        let shown = table(&rows, &["name", "status", "rows"], Page { width: Some(20), colours: false });
        assert_eq!(shown.as_str(), "name    a long name\nstatus  ok\n\nname    b\nstatus  no\nrows    1\n");
    }
}
