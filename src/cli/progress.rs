//! Progress on stderr, where it is a terminal and somebody may wait.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A bar over `total` things called `what`; invisible with `quiet`.
pub fn bar(total: u64, what: &'static str, quiet: bool) -> ProgressBar {
    let template = format!("{{bar:32}} {{human_pos}}/{{human_len}} {what} {{per_sec}} {{eta}}");
    drawn(Some(total), &template, quiet)
}

/// A count of things called `what` whose end is not known; invisible with `quiet`.
pub fn counter(what: &'static str, quiet: bool) -> ProgressBar {
    let template = format!("{{spinner}} {{human_pos}} {what} {{per_sec}}");
    drawn(None, &template, quiet)
}

fn drawn(total: Option<u64>, template: &str, quiet: bool) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let bar = ProgressBar::with_draw_target(total, target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
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
