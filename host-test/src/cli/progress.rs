//! Signs of life on stderr, for a person who waits. Nothing moves where there is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Faster things need no sign of life.
const SILENT: Duration = Duration::from_secs(1);
const FRAME: Duration = Duration::from_millis(120);

/// Waits for `work`; when that takes longer than a second, says what is being waited for.
pub async fn during<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    tokio::select! {
        result = &mut work => return result,
        () = tokio::time::sleep(SILENT) => {}
    }
    let spinner = Spinner::start(format!("{what} …"));
    let result = work.await;
    drop(spinner);
    result
}

/// A line that shows that something goes on; it disappears with this value.
pub struct Spinner(ProgressBar);

impl Spinner {
    /// Shows it.
    pub fn start(text: String) -> Self {
        // Hidden by itself when stderr is no terminal.
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg}") {
            bar.set_style(style);
        }
        bar.set_message(text);
        bar.enable_steady_tick(FRAME);
        Self(bar)
    }

    /// Changes the text.
    pub fn say(&self, text: String) {
        self.0.set_message(text);
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
