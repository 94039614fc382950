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
    pub fn fits(&self, cell: &Cell) -> bool {
        self.action == cell.action
            && cell.step.starts_with(self.step)
            && (self.kinds.is_empty() || self.kinds.contains(&cell.kind.name))
            && (self.case, self.same) == (cell.case, cell.same)
    }
}

/// All of them.
pub static EXCEPTIONS: [Exception; 3] = [
    Exception {
        action: "diagnose",
        step: "",
        kinds: &[],
        case: "ok",
        same: false,
        why: "A check that fails is what it was asked for: the step says what was seen, `passed` is null when the fault passes and false when it \
              does not, and `first_problem` names it.",
    },
    Exception {
        action: "ensure-registered",
        step: "POST /{id}/register",
        kinds: &[
            "closed-after",
            "time-out",
            "slow-drip",
            "reset",
            "truncated",
            "html-502-after",
            "100-mb",
        ],
        case: "ok",
        same: true,
        why: "The answer is lost, the registration is not: the state is read, and the number is registered. Where Meta did nothing, the state says so \
              and `unavailable` comes out.",
    },
    Exception {
        action: "list-business-accounts",
        step: "GET /{id}",
        kinds: &["redirect", "100-mb"],
        case: "ok",
        same: false,
        why: "One account of several cannot be read, and trying again would not help: its entry has the reason in `problem`, the others are \
              whole. A fault that passes is the action's error.",
    },
];

/// Why this cell is as it is, when it is not as the error model says.
pub fn of(cell: &Cell) -> Option<&'static Exception> {
    EXCEPTIONS.iter().find(|exception| exception.fits(cell))
}

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
