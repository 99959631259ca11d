//! How far a long command is: a bar where somebody watches, a line now and then where a file does.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};

/// Rows between two lines where nobody knows how many there are.
const LINE_EVERY: u64 = 100_000;

/// Shows steps of one command, kind after kind.
pub struct Progress<W: Write = io::Stderr> {
    /// `None`: lines.
    bar: Option<ProgressBar>,
    /// Without a bar nothing is shown.
    silent: bool,
    out: W,
    /// What is being done and how often that was told.
    told: Option<(&'static str, u64)>,
}

impl Progress {
    /// On standard error, so that standard output stays what the command is for.
    #[must_use]
    pub fn on_standard_error() -> Self {
        let out = io::stderr();
        let bar = out.is_terminal().then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()));
        Self { bar, silent: false, out, told: None }
    }

    /// As [`on_standard_error`](Self::on_standard_error), but only where somebody watches: what runs every night has nothing to
    /// say but faults.
    #[must_use]
    pub fn on_terminal() -> Self {
        Self { silent: true, ..Self::on_standard_error() }
    }
}

impl<W: Write> Progress<W> {
    /// Tells that so many of a kind are done, of so many if that is known.
    pub fn show(&mut self, what: &'static str, done: u64, of: Option<u64>) {
        let begins = self.told.is_none_or(|(told, _)| told != what);
        if begins {
            self.told = Some((what, 0));
        }
        match &self.bar {
            Some(bar) => {
                if begins {
                    bar.reset();
                    bar.set_style(style(of.is_some()));
                    bar.set_prefix(what);
                }
                if let Some(of) = of {
                    bar.set_length(of);
                }
                bar.set_position(done);
                if of == Some(done) {
                    bar.println(line(what, done, of));
                }
            }
            None if self.silent => {}
            None => self.write(what, done, of),
        }
    }

    /// Takes the bar away: what is said next stands alone.
    pub fn end(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// A line for each tenth, and for the end.
    fn write(&mut self, what: &'static str, done: u64, of: Option<u64>) {
        let mark = of.map_or(done / LINE_EVERY, |of| (done * 10).checked_div(of).unwrap_or(10));
        let Some((_, told)) = self.told.as_mut().filter(|(_, told)| mark > *told) else { return };
        *told = mark;
        // Nobody may be there.
        let _ = writeln!(self.out, "{}", line(what, done, of));
    }
}

fn line(what: &str, done: u64, of: Option<u64>) -> String {
    of.map_or_else(|| format!("{what}: {done}"), |of| format!("{what}: {done} of {of}"))
}

fn style(bounded: bool) -> ProgressStyle {
    let template =
        if bounded { "{prefix:12} {wide_bar} {pos} of {len}, {eta} left" } else { "{prefix:12} {spinner} {pos}" };
    // A template that does not stand would only look different.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(steps: &[(&'static str, u64, Option<u64>)]) -> Vec<String> {
        let mut progress = Progress { bar: None, silent: false, out: Vec::new(), told: None };
        for (what, done, of) in steps {
            progress.show(what, *done, *of);
        }
        progress.end();
        String::from_utf8(progress.out).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn lines_come_by_the_tenth_and_tell_the_end() {
        let steps: Vec<_> = (1..=1_000).map(|done| ("users", done, Some(1_000))).collect();
        let told = lines(&steps);
        assert_eq!((told.len(), &*told[0], &*told[9]), (10, "users: 100 of 1000", "users: 1000 of 1000"));
    }

    #[test]
    fn each_kind_is_told_anew() {
        assert_eq!(lines(&[("users", 1, Some(1)), ("lamps", 2, Some(2))]), ["users: 1 of 1", "lamps: 2 of 2"]);
    }

    #[test]
    fn where_the_end_is_unknown_lines_are_few() {
        let steps: Vec<_> = (1..=500).map(|step| ("rows", step * 500, None)).collect();
        assert_eq!(lines(&steps), ["rows: 100000", "rows: 200000"]);
    }
}
