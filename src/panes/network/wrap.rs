//! The question which block to make of rows.

use std::ops::Range;

use crossterm::event::KeyCode;

use crate::lab::{Action, Lab};
use crate::layers::{Contents, LAYERS, LayerKind};
use crate::network::Edit;
use crate::overlays::Confirm;

/// Asks which block to make of these lines, and makes it.
pub(super) fn ask(lines: Range<usize>, lab: &mut Lab) {
    let blocks = LAYERS
        .iter()
        .copied()
        .filter(|kind| kind.contents().is_some());
    let answer = |kind: &'static LayerKind| {
        let lines = lines.clone();
        let (id, key) = match kind.contents() {
            Some(Contents::Paths) => ("wrap.branches", 'b'),
            Some(Contents::Layers) | None => ("wrap.residual", 'r'),
        };
        let action =
            Action::of(id, key, kind.name)
                .help(kind.help)
                .does(move |_, lab: &mut Lab| {
                    lab.edit_network(Edit::wrap(&lab.preset.network(), lines.clone(), kind));
                });
        (action, kind.name)
    };
    let cancel =
        Action::of("wrap.cancel", KeyCode::Esc, "cancel").help("leave the rows as they are");
    let mut answers: Vec<_> = blocks.map(answer).collect();
    answers.push((cancel, "leave them"));
    lab.open(Confirm {
        title: "Wrap in a block",
        size: (64, 12),
        text: Box::new(|_| {
            let blocks = LAYERS.iter().filter(|kind| kind.contents().is_some());
            let told = blocks.map(|kind| format!("{}: {}", kind.name, kind.help));
            told.collect::<Vec<_>>().join(" ")
        }),
        answers,
        hint: "r makes a residual block, b branches; Esc cancels.",
        stands: |_| true,
    });
}
