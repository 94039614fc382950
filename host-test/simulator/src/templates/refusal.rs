//! Why a template is refused: Meta's subcodes with their titles.
//!
//! The numbers are those of Meta's error code page, where they stand beside the codes; on the wire they are subcodes of
//! 100, as captured answers show.

use crate::graph_error::GraphError;

/// A reason with a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The name is still held by a deleted template.
    BeingDeleted,
    /// Name and language are taken.
    Exists,
    /// Not in this status.
    Status,
    /// A text is too long.
    TooLong,
    /// A member of a component is not there.
    Missing,
    /// The header is not one.
    Header,
    /// The body is not one.
    Body,
    /// The footer is not one.
    Footer,
    /// Components or buttons that do not go together. Meta's number is not known.
    Combination,
    /// A header with a file needs one as an example.
    Sample,
    /// Too many variables for the length of the text.
    Ratio,
    /// A variable is at the start or the end.
    Edge,
    /// Edited too often. Meta's number is not known.
    EditedTooOften,
    /// There is no such template.
    NotFound,
}

impl Refusal {
    /// Subcode (0: not known) and `error_user_title`.
    fn row(self) -> (u32, &'static str) {
        match self {
            Self::BeingDeleted => (2_388_023, "Message template language is being deleted"),
            Self::Exists => (2_388_024, "Content in This Language Already Exists"),
            Self::Status => (2_388_039, "Message Template Status Can't Be Changed"),
            Self::TooLong => (2_388_040, "Character Limit Exceeded"),
            Self::Missing => (
                2_388_043,
                "Message template \"components\" param is missing expected field(s)",
            ),
            Self::Header => (2_388_047, "Message Header Format Is Incorrect"),
            Self::Body => (2_388_072, "Message Body Format Is Incorrect"),
            Self::Footer => (2_388_073, "Message Footer Format Is Incorrect"),
            Self::Combination => (0, "Invalid Combination of Components"),
            Self::Sample => (2_388_273, "Missing Sample Parameter for the Title Type"),
            Self::Ratio => (2_388_293, "Parameters Words Ratio Exceeds Limit"),
            Self::Edge => (2_388_299, "Leading or Trailing Params Not Allowed"),
            Self::EditedTooOften => (0, "Message Template Was Edited Too Often"),
            Self::NotFound => (2_593_002, "Message Template Not Found"),
        }
    }

    /// The refusal with the text for the person.
    pub(crate) fn because(self, message: impl Into<String>) -> GraphError {
        match self.row() {
            (0, title) => GraphError::core(100, "Invalid parameter").user(title, message),
            (subcode, title) => GraphError::for_user(subcode, title, message),
        }
    }

    /// A member that a component has to have.
    pub(super) fn missing_field(kind: &str, name: &str) -> GraphError {
        Self::Missing.because(format!(
            "component of type {kind} is missing expected field(s) ({name})"
        ))
    }
}
