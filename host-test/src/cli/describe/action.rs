//! One action, explained.

use super::super::manifest::Action;
use super::super::out::Out;
use super::super::problem::Problem;
use super::super::style::{DIM, HEAD, NAME};
use super::super::{program, text};
use super::{access, fields};

/// Prints everything that there is to know of it.
pub fn explain(action: &Action, out: Out) -> Result<(), Problem> {
    let Action { name, title, .. } = action;
    out.line(format!(
        "{HEAD}{NAME}{name}{NAME:#}{HEAD:#}  {title}  {DIM}({}, {}){DIM:#}",
        action.group,
        access(action)
    ))?;
    for paragraph in action.help.split("\n\n") {
        out.line(text::indented(&paragraph.replace('\n', " "), 2))?;
    }
    out.line(format!("\n{HEAD}Fields{HEAD:#} {DIM}(* = required){DIM:#}"))?;
    for field in fields::of(&action.input_schema) {
        let star = if field.required { "*" } else { " " };
        let blanks = " ".repeat(2 * field.depth);
        let (name, kind) = (field.name, field.kind);
        out.line(format!(
            "{star} {blanks}{NAME}{name}{NAME:#}  {DIM}{kind}{DIM:#}"
        ))?;
        for line in field.help.lines() {
            out.line(text::indented(line, 6 + 2 * field.depth))?;
        }
    }
    if action.examples.is_empty() {
        return Ok(());
    }
    out.line(format!("\n{HEAD}Examples{HEAD:#}"))?;
    let program = program::name();
    for example in &action.examples {
        out.line(format!(
            "  {program} invoke {name} --input {}",
            shell_quoted(example.get())
        ))?;
    }
    Ok(())
}

/// In single quotes, where a POSIX shell changes nothing.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_apostrophe_survives_the_shell() {
        assert_eq!(super::shell_quoted("it's"), r"'it'\''s'");
    }
}
