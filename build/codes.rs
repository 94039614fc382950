//! Makes the table of Meta's error codes from `src/graph/codes.tsv`: rows of numbers, and one text with every advice once.
//!
//! The texts are most of the table. Together they compress well, so the component holds them as one block and a row only says
//! which line of it is its advice.

use std::fmt::Write;

/// Where the table is written.
pub const SOURCE: &str = "src/graph/codes.tsv";

/// Most characters of an advice: two short sentences that fit below a form.
const MAX_ADVICE: usize = 300;

/// Longest wait of a row, in seconds. The number after it stands for 4^n.
const MAX_WAIT: u16 = u16::MAX - 1;

/// What stands in a cell that says nothing.
const NOTHING: &str = "-";

/// The cells of a line.
const COLUMNS: [&str; 7] = [
    "first", "last", "subcode", "class", "field", "wait", "advice",
];

/// Names of the classes, and their variants of `Class`; the second flag says whether a caller repeats errors of the class.
const CLASSES: [(&str, &str, bool); 6] = [
    ("rate-limited", "RateLimited", true),
    ("unavailable", "Unavailable", true),
    ("invalid-input", "InvalidInput", false),
    ("unauthorized", "Unauthorized", false),
    ("window-closed", "WindowClosed", false),
    ("rejected", "Rejected", false),
];

/// What the build makes of the table.
pub struct Table {
    /// Rust: `FIELDS` and `TABLE`.
    pub rows: String,
    /// Every advice, one a line.
    pub advice: String,
}

/// A line of the table.
struct Row<'t> {
    line: usize,
    first: u32,
    last: u32,
    /// 0: any.
    subcode: u32,
    /// The variant of `Class`.
    class: &'static str,
    field: &'t str,
    /// A Rust expression.
    wait: String,
    advice: &'t str,
}

/// Reads the table. A problem names the line.
pub fn read(text: &str) -> Result<Table, String> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let line = index + 1;
        let row = row(line, text).map_err(|problem| format!("line {line}: {problem}"))?;
        check_order(&rows, &row).map_err(|problem| format!("line {line}: {problem}"))?;
        rows.push(row);
    }
    if rows.is_empty() {
        return Err("expected at least one row".to_owned());
    }
    write(&rows)
}

fn row(line: usize, text: &str) -> Result<Row<'_>, String> {
    let cells: Vec<&str> = text.split('\t').collect();
    let [first, last, subcode, class, field, wait, advice] = cells[..] else {
        return Err(format!(
            "expected {} cells with a tab between them ({}), found {}",
            COLUMNS.len(),
            COLUMNS.join(", "),
            cells.len()
        ));
    };
    let first = number("first", first)?;
    let last = match last {
        NOTHING => first,
        last => number("last", last)?,
    };
    if last < first {
        return Err(format!(
            "the last code, {last}, is before the first, {first}"
        ));
    }
    if last - first > u32::from(u16::MAX) {
        return Err(format!("a range has at most {} codes", u16::MAX));
    }
    let subcode = match subcode {
        NOTHING => 0,
        subcode => match number("subcode", subcode)? {
            0 => return Err("0 is no subcode; write - for any".to_owned()),
            subcode => subcode,
        },
    };
    let Some((_, class, is_repeated)) = CLASSES.into_iter().find(|(name, ..)| *name == class)
    else {
        let names = CLASSES.map(|(name, ..)| name).join(", ");
        return Err(format!("class: expected one of {names}, found `{class}`"));
    };
    if wait != NOTHING && !is_repeated {
        return Err("wait: nobody waits in order to repeat an error of this class".to_owned());
    }
    Ok(Row {
        line,
        first,
        last,
        subcode,
        class,
        field: self::field(field)?,
        wait: self::wait(wait)?,
        advice: self::advice(advice)?,
    })
}

fn number(column: &str, cell: &str) -> Result<u32, String> {
    cell.parse()
        .map_err(|_| format!("{column}: expected a number, found `{cell}`"))
}

fn field(cell: &str) -> Result<&str, String> {
    match cell {
        NOTHING => Ok(""),
        name if !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => {
            Ok(name)
        }
        other => Err(format!(
            "field: expected the name of an input or -, found `{other}`"
        )),
    }
}

fn wait(cell: &str) -> Result<String, String> {
    match cell {
        NOTHING => Ok("0".to_owned()),
        "4^n" => Ok("GROWING".to_owned()),
        seconds => match seconds.parse::<u16>() {
            Ok(seconds @ 1..=MAX_WAIT) => Ok(seconds.to_string()),
            _ => Err(format!(
                "wait: expected seconds (1 to {MAX_WAIT}), 4^n or -, found `{seconds}`"
            )),
        },
    }
}

fn advice(cell: &str) -> Result<&str, String> {
    let length = cell.chars().count();
    if cell.trim() != cell || length == 0 || cell == NOTHING {
        return Err("advice: expected a text without spaces around it".to_owned());
    }
    if length > MAX_ADVICE {
        return Err(format!(
            "advice: at most {MAX_ADVICE} characters, found {length}"
        ));
    }
    Ok(cell)
}

/// Refuses a row that is never found, because every code of it is found in rows above.
fn check_order(above: &[Row<'_>], row: &Row<'_>) -> Result<(), String> {
    let covers = |other: &Row<'_>, code: u32| {
        (other.first..=other.last).contains(&code)
            && (other.subcode == 0 || other.subcode == row.subcode)
    };
    let mut hiding = None;
    for code in row.first..=row.last {
        let Some(other) = above.iter().find(|other| covers(other, code)) else {
            return Ok(());
        };
        hiding = Some(other);
    }
    let Some(other) = hiding else { return Ok(()) };
    let same = (other.first, other.last, other.subcode) == (row.first, row.last, row.subcode);
    let why = if same {
        "repeats the codes of"
    } else {
        "is never found because of"
    };
    Err(format!("this row {why} line {}", other.line))
}

/// The place of an item in a list; a new item comes last.
fn place<'t>(list: &mut Vec<&'t str>, item: &'t str) -> usize {
    list.iter()
        .position(|known| *known == item)
        .unwrap_or_else(|| {
            list.push(item);
            list.len() - 1
        })
}

fn write(rows: &[Row<'_>]) -> Result<Table, String> {
    let mut fields = vec![""];
    let mut advice = Vec::new();
    let mut entries = String::new();
    for row in rows {
        let entry = format!(
            "Entry {{ first: {}, span: {}, subcode: {}, class: Class::{}, field: {}, wait: {}, advice: {} }},\n",
            row.first,
            row.last - row.first,
            row.subcode,
            row.class,
            place(&mut fields, row.field),
            row.wait,
            place(&mut advice, row.advice),
        );
        entries.push_str(&entry);
    }
    let mut source = String::new();
    writeln!(source, "static FIELDS: &[&str] = &{fields:?};").map_err(|error| error.to_string())?;
    writeln!(source, "static TABLE: &[Entry] = &[\n{entries}];")
        .map_err(|error| error.to_string())?;
    Ok(Table {
        rows: source,
        advice: advice.join("\n"),
    })
}
