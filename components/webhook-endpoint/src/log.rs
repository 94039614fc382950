//! One line for each problem, for the operator. Never a secret, a query or a body.

use crate::answer::WRITE_MAX;
use crate::bindings::wasi::cli::stderr::get_stderr;
use alloc::{format, string::String};

/// Most characters of a line. What strangers send stands in it, so it has an end.
const CHARACTERS_MAX: usize = WRITE_MAX / 4 - 64;

/// Writes a line.
pub fn line(status: u16, problem: &str) {
    let line = format!(
        "whatsapp-webhook-endpoint: answered {status}: {}\n",
        plain(problem)
    );
    // Nobody can be told that the log is gone.
    let _ = get_stderr().blocking_write_and_flush(line.as_bytes());
}

/// The text in one line: a stranger cannot write lines of his own into the log.
fn plain(text: &str) -> String {
    text.chars()
        .take(CHARACTERS_MAX)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_writes_no_line_of_his_own() {
        assert_eq!(plain("a\r\nb\u{1b}[2Jc\u{85}d"), "a  b [2Jc d");
    }

    #[test]
    fn a_line_fits_into_one_write() {
        let long = plain(&"\u{1f600}".repeat(10_000));
        assert!(long.len() + 100 <= WRITE_MAX, "{}", long.len());
    }
}
