//! Progress on stderr, where it is a terminal and somebody may wait.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A bar over `total` things called `what`; invisible with `quiet`.
pub fn bar(total: u64, what: &'static str, quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    let template = format!("{{bar:32}} {{human_pos}}/{{human_len}} {what} {{per_sec}} {{eta}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// A count of things called `what` whose end is not known; invisible with `quiet`.
pub fn counter(what: &'static str, quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let counter = ProgressBar::with_draw_target(None, target);
    let template = format!("{{spinner}} {{human_pos}} {what} {{per_sec}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        counter.set_style(style);
    }
    counter
}

/// A flag that the first Ctrl-C raises; the second ends the process.
pub fn interruption() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let handler = move || {
        if raised.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    };
    // A second handler in one process is refused: then Ctrl-C simply ends it.
    let _ = ctrlc::set_handler(handler);
    flag
}
