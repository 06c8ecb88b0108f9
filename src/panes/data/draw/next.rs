//! What to do next, and by which keys.

use ratatui::text::{Line, Span};

use crate::lab::Lab;
use crate::ui::format::seconds;
use crate::ui::theme::Theme;

/// The steps with their keys: those of a first walk, or those into what is trained.
pub(super) fn line(lab: &Lab, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(" next: ", theme.dim)];
    for (number, (key, words)) in steps(lab).into_iter().enumerate() {
        if number > 0 {
            spans.push(Span::styled(" · ", theme.dim));
        }
        spans.push(Span::styled(key, theme.key));
        spans.push(Span::styled(format!(" {words}"), theme.text));
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn steps(lab: &Lab) -> Vec<(&'static str, String)> {
    let look = ("2", "look".to_owned());
    if lab.misfit().is_some() {
        let can_be_fitted = lab.summary.problem.is_none() || lab.mend_plan().is_some();
        let mend = match can_be_fitted {
            true => ("3 f", "make the network fit".to_owned()),
            false => ("3", "mend the network".to_owned()),
        };
        return vec![look, mend];
    }
    if lab.run.is_some() || lab.is_starting() {
        let inside = ("6", "look inside".to_owned());
        return vec![
            look,
            ("4", "curves".to_owned()),
            ("5", "results".to_owned()),
            inside,
        ];
    }
    let time = lab.training_seconds().map(|time| format!(", about {}", seconds(time)));
    let train = format!("train{}", time.unwrap_or_default());
    vec![look, ("4 Space", train), ("5 d", "draw".to_owned())]
}
