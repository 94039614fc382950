//! Faults on demand: what goes wrong, for which requests, how often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::request::GraphRequest;

/// What goes wrong.
///
/// In JSON the kind is named in `kind`, in snake case: `{"kind":"cut_mid_answer","bytes":20}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// The request is handled after that many real milliseconds, even if the client has gone by then. Adds to every
    /// other fault.
    Latency {
        /// Real milliseconds.
        millis: u64,
    },
    /// The connection is closed without an answer; nothing happened.
    CutBeforeHandling {},
    /// The request is handled (a message is sent), then the connection is closed without an answer.
    CutAfterHandling {},
    /// The request is handled; the answer announces its full length and the connection is closed within it.
    CutMidAnswer {
        /// Bytes of the body that arrive; half of it when absent.
        bytes: Option<usize>,
    },
    /// The request is handled; the answer is complete for HTTP, but its JSON ends too early.
    TruncatedJson {
        /// Bytes of the body that are kept; half of it when absent.
        bytes: Option<usize>,
    },
    /// An error in Graph's envelope.
    GraphError {
        /// Graph's code; title and status come from [`crate::error_table`] when it has the code.
        code: u32,
        /// HTTP status instead of the usual one of the code.
        status: Option<u16>,
        /// `error_subcode`.
        subcode: Option<u32>,
        /// `is_transient`.
        is_transient: Option<bool>,
        /// `error_data.details`.
        details: Option<String>,
        /// `Retry-After` header, in seconds.
        retry_after: Option<u64>,
    },
    /// A bare status without a body.
    EmptyAnswer {
        /// HTTP status.
        status: u16,
        /// `Retry-After` header, in seconds.
        retry_after: Option<u64>,
    },
    /// A page of a proxy in HTML.
    Html {
        /// HTTP status, such as 502.
        status: u16,
    },
    /// A redirect.
    Redirect {
        /// `Location` header, such as an address on another host.
        location: String,
        /// HTTP status; 302 when absent.
        status: Option<u16>,
    },
    /// A valid JSON answer of that many bytes.
    Oversize {
        /// Length of the body.
        bytes: u64,
    },
    /// The request is handled; its answer arrives in small pieces.
    SlowDrip {
        /// Bytes of a piece, at least 1.
        bytes: usize,
        /// Real milliseconds between two pieces.
        every_millis: u64,
    },
    /// Any answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// Headers by name.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Body.
        #[serde(default)]
        body: String,
    },
}

impl FaultKind {
    /// The name as in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::CutBeforeHandling {} => "cut_before_handling",
            Self::CutAfterHandling {} => "cut_after_handling",
            Self::CutMidAnswer { .. } => "cut_mid_answer",
            Self::TruncatedJson { .. } => "truncated_json",
            Self::GraphError { .. } => "graph_error",
            Self::EmptyAnswer { .. } => "empty_answer",
            Self::Html { .. } => "html",
            Self::Redirect { .. } => "redirect",
            Self::Oversize { .. } => "oversize",
            Self::SlowDrip { .. } => "slow_drip",
            Self::Answer { .. } => "answer",
        }
    }

    /// Whether the fault works on the real answer, so that the request is always handled.
    pub(crate) fn needs_the_answer(&self) -> bool {
        matches!(
            self,
            Self::CutAfterHandling {}
                | Self::CutMidAnswer { .. }
                | Self::TruncatedJson { .. }
                | Self::SlowDrip { .. }
        )
    }

    /// A Graph error with its usual title, status and details.
    pub fn graph_error(code: u32) -> Self {
        Self::GraphError {
            code,
            status: None,
            subcode: None,
            is_transient: None,
            details: None,
            retry_after: None,
        }
    }
}

/// A fault with the requests it is for. Without further words it hits the next Graph request, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub fault: FaultKind,
    /// How many requests are hit; `None` (null): all until the faults are cleared.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// How many fitting requests pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// Only requests with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path contains this text, such as `/messages`.
    #[serde(default)]
    pub path: Option<String>,
    /// Whether the request is handled (a message is sent) before the answer is replaced.
    #[serde(default)]
    pub after_handling: bool,
}

// serde calls it; the type is that of the field.
#[allow(clippy::unnecessary_wraps)]
fn once() -> Option<u32> {
    Some(1)
}

impl Fault {
    /// Hits the next request, once.
    pub fn new(fault: FaultKind) -> Self {
        Self {
            fault,
            times: once(),
            skip: 0,
            method: None,
            path: None,
            after_handling: false,
        }
    }

    /// Hits that many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Hits every request until the faults are cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Lets that many fitting requests pass first.
    #[must_use]
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Only requests with this method whose path contains this text.
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.into());
        self.path = Some(path.into());
        self
    }

    /// Handles the request before its answer is replaced.
    #[must_use]
    pub fn after_handling(mut self) -> Self {
        self.after_handling = true;
        self
    }

    fn fits(&self, request: &GraphRequest) -> bool {
        self.method
            .as_ref()
            .is_none_or(|method| method.eq_ignore_ascii_case(request.method.as_str()))
            && self
                .path
                .as_ref()
                .is_none_or(|path| request.path.contains(path.as_str()))
    }
}

/// What happens to one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Applied {
    pub latency_millis: u64,
    pub fault: Option<Fault>,
    pub names: Vec<String>,
}

/// The faults that are set, in the order in which they were.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultSet {
    faults: Vec<Fault>,
}

impl FaultSet {
    pub(crate) fn add(&mut self, mut fault: Fault) {
        if let FaultKind::SlowDrip { bytes, .. } = &mut fault.fault {
            *bytes = (*bytes).max(1);
        }
        self.faults.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.faults
    }

    /// Takes what hits this request: every fitting latency, and the first other fitting fault.
    pub(crate) fn take(&mut self, request: &GraphRequest) -> Applied {
        let mut applied = Applied::default();
        for fault in &mut self.faults {
            if !fault.fits(request) {
                continue;
            }
            let latency = match fault.fault {
                FaultKind::Latency { millis } => Some(millis),
                _ => None,
            };
            if latency.is_none() && applied.fault.is_some() {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            match &mut fault.times {
                Some(0) => continue,
                Some(left) => *left -= 1,
                None => {}
            }
            applied.names.push(fault.fault.name().to_owned());
            match latency {
                Some(millis) => {
                    applied.latency_millis = applied.latency_millis.saturating_add(millis)
                }
                None => applied.fault = Some(fault.clone()),
            }
        }
        self.faults.retain(|fault| fault.times != Some(0));
        applied
    }
}
