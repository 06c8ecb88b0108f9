//! The key line: the actions available now, most useful first, as many as fit; "…" stands for the rest.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Panes, everywhere};
use crate::lab::{Acts, Lab, Label, Worth};
use crate::ui::format::width_of;
use crate::ui::theme::Theme;

/// Screens with this many rows have two key lines.
const TWO_LINES_FROM: u16 = 30;
/// Between two keys.
const GAP: u16 = 3;
const MORE: &str = "…";

/// The rows of the key line on a screen of `screen` rows.
pub(super) fn rows(screen: u16) -> u16 {
    1 + u16::from(screen >= TWO_LINES_FROM)
}

pub(super) fn draw(lab: &Lab, panes: &Panes, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let KeyLine { hints, more } = lay_out(labels(lab, panes), area);
    for (label, place) in hints {
        if label.is_one {
            lab.spots.act(place, label.id);
        }
        let key = match label.blocked {
            Some(_) => theme.dim,
            None => theme.key,
        };
        let line = Line::from(vec![
            Span::styled(label.keys, key),
            Span::styled(format!(" {}", label.name), theme.dim),
        ]);
        buffer.set_line(place.x, place.y, &line, place.width);
    }
    if let Some(place) = more {
        lab.spots.act(place, everywhere::HELP_ID);
        buffer.set_string(place.x, place.y, MORE, theme.dim);
    }
}

/// The labels of the line: those of the open overlay and its help, or those of the shown pane and of every pane.
fn labels(lab: &Lab, panes: &Panes) -> Vec<Label> {
    let Some(overlay) = &lab.overlay else {
        let mut labels = panes.shown(lab).labels(lab);
        let taken: Vec<_> = labels
            .iter()
            .flat_map(|label| &label.all_keys)
            .copied()
            .collect();
        let everywhere = panes.labels(lab).into_iter();
        labels.extend(everywhere.filter(|label| !taken.contains(&label.all_keys[0])));
        return labels;
    };
    let mut labels = overlay.labels(lab);
    labels.extend(everywhere::help_label(lab, panes));
    labels
}

/// The keys with their places, and the place of "…" if any is left out.
struct KeyLine {
    hints: Vec<(Label, Rect)>,
    more: Option<Rect>,
}

fn lay_out(labels: Vec<Label>, area: Rect) -> KeyLine {
    let width = |label: &Label| (width_of(&label.keys) + 1 + width_of(&label.name)) as u16;
    let shown = labels
        .into_iter()
        .filter(|label| label.worth != Worth::Elsewhere);
    let (always, mut others): (Vec<_>, Vec<_>) =
        shown.partition(|label| label.worth == Worth::Always);
    others.sort_by_key(Label::rank);

    let mut hints = Vec::new();
    let last = area.bottom().saturating_sub(1);
    let mut right = area.right().saturating_sub(1);
    for label in always.into_iter().rev() {
        let width = width(&label);
        right = right.saturating_sub(width);
        hints.push((label, Rect::new(right, last, width, 1)));
        right = right.saturating_sub(GAP);
    }
    // The first free column of each row, and its end: the last row keeps room for the sign that something is left out.
    let mut rows: Vec<_> = (area.y..area.bottom())
        .map(|y| {
            (
                area.x + 1,
                y,
                if y == last {
                    right.saturating_sub(2)
                } else {
                    area.right() - 1
                },
            )
        })
        .collect();
    let mut is_any_left_out = false;
    for label in others {
        let width = width(&label);
        match rows.iter_mut().find(|(x, _, end)| *x + width <= *end) {
            Some((x, y, _)) => {
                hints.push((label, Rect::new(*x, *y, width, 1)));
                *x += width + GAP;
            }
            None => is_any_left_out = true,
        }
    }
    let end = rows.last().map_or(area.x, |(x, ..)| *x);
    let more = is_any_left_out.then_some(Rect::new(end.min(right.saturating_sub(1)), last, 1, 1));
    KeyLine { hints, more }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Interface;
    use super::super::testing::{epoch, facts, keys, loaded, run_started};
    use super::*;
    use crate::lab::Action;
    use crate::lab::testing::confusion;
    use crate::ui::Key;
    use crate::ui::theme::{Background, ColorDepth};

    /// The key line of a screen of this size, after these keys.
    fn line(state: &str, (columns, rows): (u16, u16)) -> String {
        drawn(&mut after(state), (columns, rows))
    }

    fn after(state: &str) -> Interface {
        let mut interface = loaded();
        interface.hear(run_started(facts(1)));
        interface.hear(epoch(1, 1));
        interface.hear(confusion(1, 1));
        keys(&mut interface, state);
        interface
    }

    fn drawn(interface: &mut Interface, (columns, height): (u16, u16)) -> String {
        interface.resize(columns, height);
        let screen = Rect::new(0, 0, columns, height);
        let mut buffer = Buffer::empty(screen);
        let theme = Theme::new(ColorDepth::None, Background::Dark);
        interface.draw(screen, &mut buffer, &theme);
        let line = |y| (0..columns).map(move |x| (x, y));
        let below = height - rows(height)..height;
        below
            .map(|y| {
                line(y)
                    .map(|place| buffer[place].symbol())
                    .collect::<String>()
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn what_is_best_on_a_pane_is_in_its_line() {
        for (state, best) in [
            ("5", "Enter images,e errors,u unsure,s suspects"),
            ("5", "d draw"),
            ("3", "a add,e edit,s save,p networks"),
            ("5d", "Space pen down,u undo,v your drawings,Esc back"),
            ("6", "Enter enlarge,w why,i health"),
        ] {
            let line = line(state, (80, 24));
            for hint in best.split(',') {
                assert!(line.contains(hint), "{state}: no {hint} in {line}");
            }
        }
        for (state, all) in [
            ("5d", "a activations,t keep,v your drawings"),
            ("6", "e settings,n next class,< earlier,> later"),
            ("5", "e errors,u unsure,s suspects"),
            ("3", "s save"),
        ] {
            let line = line(state, (200, 24));
            for hint in all.split(',') {
                assert!(line.contains(hint), "{state}: no {hint} in {line}");
            }
        }
    }

    #[test]
    fn the_way_out_is_shown_wherever_there_is_one() {
        for size in [(60, 20), (80, 24), (100, 30)] {
            for state in [
                "5z", "5d", "5e", "2m", "6i", "6z", "3z", "4h", "3t", "3a", "3e", "1o", ":", "?",
            ] {
                let line = line(state, size);
                assert!(line.contains("Esc "), "{state:?} at {size:?}: {line}");
            }
            for state in ["1", "2", "3", "4", "5", "6"] {
                let line = line(state, size);
                assert!(!line.contains("Esc"), "{state:?} at {size:?}: {line}");
            }
        }
    }

    #[test]
    fn a_sign_stands_for_what_is_left_out() {
        for state in ["2", "3", "4", "5", "5d", "6"] {
            let (narrow, wide) = (line(state, (80, 24)), line(state, (400, 50)));
            assert!(narrow.contains(MORE), "{state}: {narrow}");
            assert!(!wide.contains(MORE), "{state}: {wide}");
            assert!(narrow.contains("? help   q quit"), "{state}: {narrow}");
        }
        // Nothing that would have room is left out.
        let line = line("5", (80, 24));
        let end = line.find(MORE).unwrap();
        assert!(line[..end].trim_end().chars().count() > 45, "{line}");
    }

    #[test]
    fn thirty_rows_have_two_lines() {
        for (rows, lines) in [(24, 1), (29, 1), (30, 2), (60, 2)] {
            assert_eq!(super::rows(rows), lines);
        }
        let two = line("3", (100, 30));
        assert!(
            two.lines().all(|line| line.trim().chars().count() > 60),
            "{two}"
        );
    }

    #[test]
    fn what_cannot_be_done_now_stands_behind_what_can() {
        let action = |id, key: char| Action::<()>::of(id, key, id);
        let labels = [
            action("spare", 'a').quiet(),
            action("blocked", 'b').first().blocked_unless(false, "no"),
            action("usual", 'c'),
            action("first", 'd').first(),
            action("never", 'e').worth(Worth::Elsewhere),
            action("out", 'f').worth(Worth::Always),
        ];
        let labels: Vec<Label> = labels.into_iter().map(|action| action.label).collect();
        let line = lay_out(labels, Rect::new(0, 0, 80, 1));
        let mut hints = line.hints;
        hints.sort_by_key(|(_, place)| place.x);
        let ids: Vec<_> = hints.iter().map(|(label, _)| label.id).collect();
        assert_eq!(ids, ["first", "blocked", "usual", "spare", "out"]);
        assert_eq!(line.more, None);
    }

    proptest! {
        #[test]
        fn keys_lie_apart_and_inside(
            widths in proptest::collection::vec((1usize..20, 0usize..4), 0..30),
            (columns, rows) in (60u16..200, 1u16..3),
        ) {
            let worths = [Worth::First, Worth::Usual, Worth::Spare, Worth::Elsewhere];
            let labels = widths.iter().map(|(width, worth)| {
                let action = Action::<()>::of("it", 'a', "n".repeat(*width));
                action.worth(worths[*worth]).label
            });
            let out = Action::<()>::of("out", Key::ESCAPE, "back").label;
            let area = Rect::new(0, 5, columns, rows);
            let line = lay_out(labels.chain([out]).collect(), area);
            let mut taken = std::collections::HashSet::new();
            let places = line.hints.iter().map(|(_, place)| *place);
            for position in places.chain(line.more).flat_map(|place| place.positions()) {
                prop_assert!(area.contains(position));
                prop_assert!(taken.insert(position));
            }
            let shown = widths.iter().filter(|(_, worth)| *worth < 3).count() + 1;
            prop_assert_eq!(line.more.is_some(), line.hints.len() < shown);
        }
    }
}
