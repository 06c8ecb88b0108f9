//! One image beside what augmentation makes of it, and the settings that do so.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::{class_name, draw_captioned};
use crate::data::{AugmentSettings, SplitName};
use crate::field::{Settings, rows as settings_of};
use crate::lab::Lab;
use crate::overlays::{Form, form_lines};
use crate::panes::view::layout::inside;
use crate::panes::view::{ImagePage, ViewPane};
use crate::shape::Shape;
use crate::ui::format::{count, fit, wrap};
use crate::ui::panel::{footnote, lines};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, PixelImage, Scale, Tile, fitting};

/// Columns of the settings.
const SETTINGS: u16 = 24;
/// Columns of their names.
const NAMES: usize = 16;
/// Rows of what is said below.
const SAID: u16 = 2;
/// Versions that should find room, where the screen allows.
const ENOUGH: usize = 6;

/// Versions that find room on the pane.
pub fn capacity(lab: &Lab, body: Rect) -> usize {
    let Some(set) = lab.chosen_set() else {
        return 0;
    };
    let [_, versions, _] = areas(inside(body));
    let (columns, rows) = ImageGrid::capacity(versions, set.shape, scale(set.shape, versions), 0);
    (columns * rows).max(1)
}

/// Settings with the image itself above them, versions, what is said.
fn areas(inner: Rect) -> [Rect; 3] {
    let [above, said] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(SAID)]).areas(inner);
    let wide = if inner.width >= 120 { 34 } else { SETTINGS };
    let [left, _, right] = Layout::horizontal([
        Constraint::Length(wide),
        Constraint::Length(2),
        Constraint::Fill(1),
    ])
    .areas(above);
    [left, right, said]
}

fn scale(shape: Shape, area: Rect) -> Scale {
    fitting(ENOUGH, shape, area, 0)
}

/// Draws it in the room inside the pane's frame; `area` is the pane with its frame.
pub fn draw(
    pane: &ViewPane,
    lab: &Lab,
    page: &ImagePage,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some(image) = pane.current() else {
        return;
    };
    let [left, right, said] = areas(inner);
    let form = lab.overlay_of::<Form<AugmentSettings>>();
    let fields = AugmentSettings::FIELDS.len() as u16;
    let [picture, settings] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(fields)]).areas(left);
    let name = format!(
        "{} · {}",
        class_name(pane, lab, image.label),
        count(image.index)
    );
    let caption = Line::styled(fit(&name, picture.width.into()), theme.text);
    let paint = theme.paint(lab.colors);
    let picture_of = PixelImage::new(&image.pixels, page.shape, paint);
    draw_captioned(picture_of, page.shape, caption, picture, buffer);
    lines(rows(pane, lab, form, theme), settings, buffer);
    lines(below(pane, lab, form, said.width, theme), said, buffer);

    let Some(shown) = pane.versions.answer() else {
        return;
    };
    if shown.shape != page.shape {
        return;
    }
    let tiles: Vec<Tile> = shown
        .versions
        .iter()
        .map(|pixels| Tile::new(pixels.as_slice(), ""))
        .collect();
    ImageGrid::new(&tiles, shown.shape, theme)
        .map(lab.colors)
        .scale(scale(shown.shape, right))
        .render(right, buffer);
    let hint = format!(
        "in epochs {} to {} of a training with seed {}",
        shown.epoch + 1,
        shown.epoch + shown.versions.len() as u64,
        lab.preset.seed
    );
    footnote(&hint, area, buffer, theme.dim);
}

/// A line for each setting.
fn rows(
    pane: &ViewPane,
    lab: &Lab,
    form: Option<&Form<AugmentSettings>>,
    theme: &Theme,
) -> Vec<Line<'static>> {
    if let Some(form) = form {
        return form_lines(form, (NAMES, SETTINGS.into()), theme).0;
    }
    settings_of(&pane.previewed_augmentation(lab))
        .iter()
        .map(|row| {
            let style = if row.value == row.field.default() {
                theme.dim
            } else {
                theme.text
            };
            Line::styled(format!("  {:<NAMES$}{}", row.field.name, row.value), style)
        })
        .collect()
}

/// What the field under the cursor means, or whose settings these are; and what speaks against them.
fn below(
    pane: &ViewPane,
    lab: &Lab,
    form: Option<&Form<AugmentSettings>>,
    width: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let wrapped = |text: &str, style: Style| -> Vec<Line<'static>> {
        let lines = wrap(text, width.into()).into_iter();
        lines.map(|line| Line::styled(line, style)).collect()
    };
    if let Some(problem) = form.and_then(Form::refusal) {
        return wrapped(&problem, theme.error);
    }
    let warning = lab
        .chosen_set()
        .and_then(|set| pane.previewed_augmentation(lab).warning(&set.class_names));
    if let Some(warning) = warning {
        return wrapped(&format!("▲ {warning}"), theme.warning);
    }
    match form.and_then(Form::current) {
        Some(row) => wrapped(&row.about(), theme.dim),
        None => wrapped(&whose(pane, lab), theme.dim),
    }
}

fn whose(pane: &ViewPane, lab: &Lab) -> String {
    let name = lab.title();
    match (pane.split, lab.augmentation()) {
        (SplitName::Test, _) => {
            "Test images are never changed in training; this one is so here only. \
             The training images are under t."
                .to_owned()
        }
        (SplitName::Train, Some(_)) => format!(
            "So the training of {name} changes this image. e changes the settings, r shows other versions."
        ),
        (SplitName::Train, None) => format!(
            "The training of {name} changes no images. These usual settings are to try: e changes them, Enter takes them."
        ),
    }
}
