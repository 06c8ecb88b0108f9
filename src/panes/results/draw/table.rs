//! The confusion table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::{Shown, fitting, images_of};
use crate::lab::Part;
use crate::ui::panel::{footnote, panel};
use crate::ui::widgets::{CellText, ConfusionGrid};

impl Shown<'_> {
    /// Draws the table and says on which line each class stands, if all are in sight.
    pub(super) fn draw_table(&self, area: Rect, buffer: &mut Buffer) -> Option<Vec<u16>> {
        let title = self.table_title(usize::from(area.width.saturating_sub(6)));
        let focused = self.lab.has_focus(Part::Confusion);
        let inner = panel(&title, focused, area, buffer, self.theme);
        let table = self.table.table;
        let classes = table.classes();
        let counts: Vec<u32> = (0..classes)
            .flat_map(|truth| (0..classes).map(move |predicted| table.count(truth, predicted)))
            .collect();
        let mut names: Vec<String> = (0..classes).map(|class| self.class_name(class)).collect();
        // Names that are the numbers again say nothing.
        let mut numbered = names.iter().enumerate();
        if numbered.all(|(class, name)| *name == class.to_string()) {
            names.iter_mut().for_each(String::clear);
        }
        let order = self.pane.class_order(self.lab);
        let position = |class: usize| order.iter().position(|one| *one == class).unwrap_or(0);
        let (truth, predicted) = self.pane.cell;
        let grid = ConfusionGrid::new(&counts, &names, self.theme)
            .text(match self.pane.is_percent {
                true => CellText::RowPercent,
                false => CellText::Counts,
            })
            .order(order.iter().copied())
            .cursor(Some((position(truth), position(predicted))));
        let rows = row_positions(&grid, classes, inner);
        grid.render(inner, buffer);
        let dataset = &self.table.measured_on.dataset;
        let chosen = self.lab.chosen_set().map(|set| &set.name);
        if chosen.is_some_and(|chosen| chosen != dataset) {
            // The line below names the chosen set.
            let note = format!("measured on {dataset}");
            footnote(&note, area, buffer, self.theme.accent);
        }
        rows
    }
}

impl Shown<'_> {
    /// What the cells hold, and of which images, in as many words as have room.
    fn table_title(&self, room: usize) -> String {
        let images = images_of(self.table.portion);
        let portion = self.table.portion.word();
        let (long, short) = match self.pane.is_percent {
            true => (
                format!("% of true class · {portion} images"),
                format!("{portion}, % of true class"),
            ),
            false => (format!("{portion} images"), format!("{portion} images")),
        };
        let candidates = [
            format!("Confusion · true ↓ predicted → · {long}"),
            format!("true ↓ predicted → · {short}"),
            images.to_owned(),
        ];
        fitting(candidates, room)
    }
}

/// On which line of the screen the table shows each class; nothing where some class is out of sight.
fn row_positions(grid: &ConfusionGrid, classes: usize, area: Rect) -> Option<Vec<u16>> {
    let mut rows = vec![None; classes];
    for position in area.positions() {
        if let Some((truth, _)) = grid.cell_at(area, position)
            && let Some(row @ None) = rows.get_mut(truth)
        {
            *row = Some(position.y);
        }
    }
    rows.into_iter().collect()
}
