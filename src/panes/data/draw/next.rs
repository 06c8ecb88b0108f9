//! The next steps, with their keys.

use ratatui::text::{Line, Span};

use crate::lab::Lab;
use crate::ui::format::seconds;
use crate::ui::theme::Theme;

/// The steps with their keys, as long as fits: those of a first tour, or those into a trained network.
pub(super) fn line(lab: &Lab, room: usize, theme: &Theme) -> Line<'static> {
    let time = lab.training_seconds();
    let time = time.map_or_else(String::new, |time| format!(", about {}", seconds(time)));
    let lines = [(" next: ", &*time), (" ", &*time), (" ", "")];
    let mut lines = lines
        .map(|(head, time)| spelled(head, &steps(lab, time), theme))
        .into_iter();
    let shortest = lines.next_back().unwrap_or_default();
    lines.find(|line| line.width() <= room).unwrap_or(shortest)
}

fn spelled(head: &'static str, steps: &[(&'static str, String)], theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(head, theme.dim)];
    for (number, (key, words)) in steps.iter().enumerate() {
        let dot = if number > 0 { " · " } else { "" };
        spans.extend([
            Span::styled(dot, theme.dim),
            Span::styled(*key, theme.key),
            Span::styled(format!(" {words}"), theme.text),
        ]);
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

fn steps(lab: &Lab, time: &str) -> Vec<(&'static str, String)> {
    let look = ("2", "view".to_owned());
    if lab.misfit().is_some() {
        let can_be_fitted = lab.summary.problem.is_none() || lab.mend_plan().is_some();
        let mend = match can_be_fitted {
            true => ("3 f", "fit the network to the set".to_owned()),
            false => ("3", "fix the network".to_owned()),
        };
        return vec![look, mend];
    }
    if lab.run.is_some() || lab.is_starting() {
        let inside = ("6", "activations".to_owned());
        return vec![
            look,
            ("4", "curves".to_owned()),
            ("5", "results".to_owned()),
            inside,
        ];
    }
    let train = format!("train{time}");
    vec![look, ("4 Space", train), ("5 d", "draw".to_owned())]
}
