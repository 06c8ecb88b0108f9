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
    if let Some(train) = training_on_another_set(lab, time) {
        return vec![look, train, ("5", "results".to_owned())];
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

/// How to train on the chosen set, if the run on the screen is on another one.
fn training_on_another_set(lab: &Lab, time: &str) -> Option<(&'static str, String)> {
    let run = lab.run.as_ref().filter(|_| lab.taken().is_none())?;
    let chosen = lab.chosen_set()?;
    if lab.is_starting() || run.in_use.set.dataset == chosen.name {
        return None;
    }
    Some(match lab.goes_on() {
        _ if run.is_active() => ("4 d", "switch the run to it".to_owned()),
        true => ("4 Space", format!("continue training on it{time}")),
        false => ("4 Space", format!("train on it{time}")),
    })
}
