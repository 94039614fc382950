//! Where something else comes out than the error model says of a single request, and why that is right.

use super::cell::Cell;

/// An action that makes something else of a fault.
pub struct Exception {
    pub action: &'static str,
    /// Which of its requests: the beginning of its name.
    pub step: &'static str,
    /// The faults, by name; none means all.
    pub kinds: &'static [&'static str],
    pub case: &'static str,
    /// Whether the output is the same as without the fault.
    pub same: bool,
    pub why: &'static str,
}

impl Exception {
    fn fits(&self, cell: &Cell) -> bool {
        self.action == cell.action
            && cell.step.starts_with(self.step)
            && (self.kinds.is_empty() || self.kinds.contains(&cell.kind.name))
            && (self.case, self.same) == (cell.case, cell.same)
    }
}

/// All of them.
pub static EXCEPTIONS: [Exception; 0] = [];

/// Every cell is as the error model says, or there is a reason; and every reason is needed.
pub fn check(cells: &[Cell]) {
    let mut used = [false; EXCEPTIONS.len()];
    let mut odd = Vec::new();
    for cell in cells {
        let found = EXCEPTIONS.iter().position(|exception| exception.fits(cell));
        match found {
            Some(position) => used[position] = true,
            None if cell.case == cell.kind.expected(cell.class) => {}
            None => odd.push(format!(
                "{}, {} ({:?}), {}: {} (same output: {}), messages {}",
                cell.action,
                cell.step,
                cell.class,
                cell.kind.name,
                cell.case,
                cell.same,
                cell.messages
            )),
        }
    }
    assert!(
        odd.is_empty(),
        "not as the error model says:\n{}",
        odd.join("\n")
    );
    let unused = EXCEPTIONS.iter().zip(used).filter(|(_, used)| !used);
    let unused: Vec<_> = unused
        .map(|(exception, _)| (exception.action, exception.step, exception.kinds))
        .collect();
    assert!(
        unused.is_empty(),
        "exceptions that nothing needs: {unused:?}"
    );
}
