//! One image beside its augmented versions, and the settings that make them.

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::Shown;
use crate::data::{AugmentSettings, SplitName};
use crate::field::{Settings, rows as settings_of};
use crate::lab::Lab;
use crate::overlays::{Form, form_lines};
use crate::shape::Shape;
use crate::ui::format::{count, fit};
use crate::ui::panel::{inside, lines, wrapped};
use crate::ui::widgets::{ImageGrid, Scale, Tile};
use crate::worker::LabelledImage;

/// Columns of the settings.
const SETTINGS: u16 = 24;
/// Columns of their names.
const NAMES: usize = 16;
/// Rows of the text below.
const SAID: u16 = 2;
/// Versions that should fit, where the screen allows.
const ENOUGH: usize = 6;

/// Number of versions that fit on the pane.
pub fn capacity(lab: &Lab, body: Rect) -> usize {
    let Some(set) = lab.chosen_set() else {
        return 0;
    };
    let [_, versions, _] = areas(inside(body));
    let scale = scale(set.shape, versions);
    scale.room(set.shape, versions, 0).max(1)
}

/// Settings with the image itself above them, versions, text below.
fn areas(inner: Rect) -> [Rect; 3] {
    let [above, said] = Layout::vertical([Fill(1), Length(SAID)]).areas(inner);
    let wide = if inner.width >= 120 { 34 } else { SETTINGS };
    let [left, _, right] = Layout::horizontal([Length(wide), Length(2), Fill(1)]).areas(above);
    [left, right, said]
}

fn scale(shape: Shape, area: Rect) -> Scale {
    Scale::fitting(ENOUGH, shape, area, 0)
}

impl Shown<'_> {
    pub(super) fn draw_preview(&self, image: &LabelledImage, shape: Shape, buffer: &mut Buffer) {
        let [left, right, said] = areas(self.inner);
        let fields = AugmentSettings::FIELDS.len() as u16;
        let [picture, settings] = Layout::vertical([Fill(1), Length(fields)]).areas(left);
        let name = format!("{} · {}", self.class_name(image.label), count(image.index));
        let caption = Line::styled(fit(&name, picture.width.into()), self.theme.text);
        self.draw_captioned((&image.pixels, shape), caption, picture, buffer);
        if let Some(form) = self.form() {
            form.touch_rows(self.lab, settings, 0);
        }
        lines(self.settings(), settings, buffer);
        lines(self.said(said.width.into()), said, buffer);

        let versions = self.pane.versions.answer();
        let Some(shown) = versions.filter(|shown| shown.shape == shape) else {
            return;
        };
        let tiles = shown.versions.iter();
        let tiles: Vec<Tile> = tiles
            .map(|pixels| Tile::new(pixels.as_slice(), ""))
            .collect();
        let grid = ImageGrid {
            scale: Some(scale(shown.shape, right)),
            ..ImageGrid::new(&tiles, shown.shape, self.lab.colors.images, self.theme)
        };
        grid.render(right, buffer);
        let hint = format!(
            "epochs {} to {} of a run with seed {}",
            shown.epoch + 1,
            shown.epoch + shown.versions.len() as u64,
            self.lab.preset.seed
        );
        self.note(&hint, buffer);
    }

    fn form(&self) -> Option<&Form<AugmentSettings>> {
        self.lab.overlay_of()
    }

    /// A line for each setting.
    fn settings(&self) -> Vec<Line<'static>> {
        if let Some(form) = self.form() {
            return form_lines(form, (NAMES, SETTINGS.into()), self.theme).0;
        }
        let rows = settings_of(&self.pane.previewed_augmentation(self.lab)).into_iter();
        let lines = rows.map(|row| {
            let style = match row.value == row.field.default() {
                true => self.theme.dim,
                false => self.theme.text,
            };
            Line::styled(format!("  {:<NAMES$}{}", row.field.name, row.value), style)
        });
        lines.collect()
    }

    /// What the field under the cursor means, or whose settings these are; or a warning about them.
    fn said(&self, width: usize) -> impl Iterator<Item = Line<'static>> {
        let (form, theme) = (self.form(), self.theme);
        let set = self.lab.chosen_set();
        let settings = self.pane.previewed_augmentation(self.lab);
        let warning = set.and_then(|set| settings.warning(&set.class_names));
        let (text, style) = match (form.and_then(Form::refusal), warning) {
            (Some(problem), _) => (problem, theme.error),
            (None, Some(warning)) => (format!("▲ {warning}"), theme.warning),
            (None, None) => match form.and_then(Form::current) {
                Some(row) => (row.about(), theme.dim),
                None => (self.whose(), theme.dim),
            },
        };
        wrapped(&text, width, style)
    }

    fn whose(&self) -> String {
        let name = self.lab.title();
        match (self.pane.split, self.lab.augmentation()) {
            (split @ (SplitName::Validation | SplitName::Test), _) => format!(
                "The {} images are never augmented; this is only a preview. t switches to training images.",
                split.word()
            ),
            (SplitName::Train, Some(_)) => format!(
                "{name} augments this image like this. e edits the settings, r shows other versions."
            ),
            (SplitName::Train, None) => format!(
                "{name} does not augment its images. These are typical settings: e edits them, Enter applies them."
            ),
        }
    }
}
