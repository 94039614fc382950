//! Colours. The streams of `anstream` remove them where they do not belong: pipes, files, `NO_COLOR`.

use anstyle::{AnsiColor, Style};

/// It worked.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// It did not.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// A heading.
pub const HEAD: Style = Style::new().bold();
/// A name that can be typed.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// Something by the way.
pub const DIM: Style = Style::new().dimmed();
