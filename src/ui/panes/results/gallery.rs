//! Images by what the network takes them for.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::super::action::Action;
use super::super::super::format::count;
use super::super::super::keys::Key;
use super::super::super::panel::{empty, footnote, panel};
use super::super::super::theme::Theme;
use super::super::super::widgets::probabilities;
use super::super::super::widgets::{ImageGrid, Mark, PixelImage, Tile, scale};

use super::suspects;
use crate::state::facts::{Gallery, JudgedPage, SplitName};
use crate::state::{Lab, Message};

/// Columns of the probabilities beside an enlarged image.
const BARS: u16 = 40;

/// The keys that open galleries over all classes.
pub fn open_actions(lab: &Lab) -> Vec<Action> {
    let action = |key, name: &str, help: &str, gallery| {
        Action::new(Key::char(key), name, help, Message::ShowJudged(gallery))
            .blocked_by(lab.gallery_blocked())
            .quiet()
    };
    vec![
        action(
            'e',
            "errors",
            "the wrong predictions of all classes, the most confident first",
            Gallery::ConfidentErrors,
        ),
        action(
            'u',
            "unsure",
            "the test images that the network is least sure of",
            Gallery::SmallestMargin,
        ),
        action(
            's',
            "suspects",
            "the training images with the highest cross-entropy, whose labels may be wrong: to leave out or to relabel",
            Gallery::HighestLoss,
        ),
    ]
}

pub fn actions(lab: &Lab) -> Vec<Action> {
    let none = lab
        .gallery
        .current()
        .is_none()
        .then(|| "there is no image here".to_owned());
    let elsewhere = lab
        .chosen_set()
        .zip(lab.gallery.page.as_ref())
        .map(|(_, page)| &page.set.dataset)
        .filter(|dataset| !lab.sets.iter().any(|set| set.name == **dataset))
        .map(|dataset| {
            format!("the image is of {dataset}, which is not loaded: open it on the Data pane")
        });
    let mut actions = vec![
        Action::moves(
            "←↓↑→",
            "move",
            "go from image to image; PgUp and PgDn turn the page",
        )
        .blocked_by(none.clone()),
        Action::new(
            Key::code(KeyCode::Enter),
            "enlarge",
            "the image under the cursor, large, with all its probabilities",
            Message::Enter,
        )
        .blocked_by(none.clone()),
        Action::new(
            Key::char('a'),
            "activations",
            "what each layer makes of the image under the cursor",
            Message::ShowActivations,
        )
        .or(Key::char('6'))
        .blocked_by(none.clone().or_else(|| elsewhere.clone())),
        Action::new(
            Key::char('p'),
            if lab.holds_gallery_image() {
                "unpin"
            } else {
                "pin"
            },
            "hold the image under the cursor for the Activations pane, or let it go",
            Message::PinJudged,
        )
        .blocked_by(none.or(elsewhere)),
    ];
    if is_of_training(lab) {
        actions.splice(2..2, suspects::actions(lab));
    }
    actions.push(Action::new(
        Key::code(KeyCode::Esc),
        "back",
        "back to the table",
        Message::Back,
    ));
    actions.extend(open_actions(lab));
    actions
}

pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = panel(&title(lab), true, area, buffer, theme);
    let Some(page) = &lab.gallery.page else {
        if is_of_training(lab) {
            return suspects::draw_progress(lab, inner, buffer, theme);
        }
        let advice = "The network looks at every test image first.";
        return empty("Looking …", advice, inner, buffer, theme);
    };
    if page.images.is_empty() {
        let advice = "Esc leads back to the table.";
        return empty("No image is here", advice, inner, buffer, theme);
    }
    if lab.gallery.is_enlarged {
        return draw_enlarged(lab, area, inner, buffer, theme);
    }
    if is_of_training(lab) {
        return suspects::draw(lab, page, area, buffer, theme);
    }
    let room = (lab.fits.images.0 * lab.fits.images.1).max(1);
    let tiles: Vec<Tile> = page
        .images
        .iter()
        .take(room)
        .map(|image| {
            let judgement = &image.judgement;
            let predicted = usize::from(judgement.predicted);
            let share = 100.0
                * judgement
                    .probabilities
                    .get(predicted)
                    .copied()
                    .unwrap_or(0.0);
            let mark = match judgement.predicted == judgement.label {
                true => Mark::Right,
                false => Mark::Wrong,
            };
            let label = format!("{share:.0} % {}", name(lab, predicted));
            Tile::new(image.pixels.as_slice(), label).mark(mark)
        })
        .collect();
    ImageGrid::new(&tiles, page.shape, theme)
        .map(lab.colors.map())
        .scale(scale(lab.image_size, page.shape, inner))
        .cursor(Some(lab.gallery.cursor))
        .render(inner, buffer);
    let note = format!(
        "{}–{} of {} · after epoch {}{}",
        count(page.from + 1),
        count(page.from + tiles.len()),
        count(page.matching),
        page.epochs,
        on_another_set(lab, page)
    );
    footnote(&note, area, buffer, theme.dim);
}

fn title(lab: &Lab) -> String {
    match lab.gallery.open {
        Some(Gallery::Cell { truth, predicted }) => format!(
            "true {} · predicted {} · most confident first",
            name(lab, truth),
            name(lab, predicted)
        ),
        Some(Gallery::ConfidentErrors) => "Wrong predictions · most confident first".to_owned(),
        Some(Gallery::HighestLoss) => "Training images · highest cross-entropy first".to_owned(),
        _ => "Test images · least certain first".to_owned(),
    }
}

/// The page's set, where the table is of another one.
pub fn on_another_set(lab: &Lab, page: &JudgedPage) -> String {
    let table = lab.run.as_ref().map(|run| &run.measured_on.dataset);
    match table.is_none_or(|table| *table == page.set.dataset) {
        true => String::new(),
        false => format!(" on {}", page.set.dataset),
    }
}

fn is_of_training(lab: &Lab) -> bool {
    let open = lab.gallery.open;
    open.is_some_and(|gallery| gallery.split() == SplitName::Train)
}

pub fn name(lab: &Lab, class: usize) -> String {
    let of_page = lab.gallery.page.as_ref().map(|page| &page.set);
    let of_run = || lab.run.as_ref().map(|run| &run.in_use.set);
    of_page
        .or_else(of_run)
        .map_or_else(|| class.to_string(), |set| set.class_name(class))
}

fn draw_enlarged(lab: &Lab, area: Rect, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (Some(page), Some(image)) = (&lab.gallery.page, lab.gallery.current()) else {
        return;
    };
    let judgement = &image.judgement;
    let [picture, _, beside] = Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(2),
        Constraint::Length(BARS.min(inner.width / 2)),
    ])
    .areas(inner);
    PixelImage::new(&image.pixels, page.shape, theme.paint(lab.colors.map()))
        .render(picture, buffer);
    let [label, loss, mark, _, bars] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(u16::from(is_of_training(lab))),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(beside);
    let truth = usize::from(judgement.label);
    Line::from(vec![
        Span::styled(
            if is_of_training(lab) {
                "label "
            } else {
                "true "
            },
            theme.dim,
        ),
        Span::styled(name(lab, truth), theme.title),
    ])
    .render(label, buffer);
    Line::styled(
        format!(
            "{} {}, cross-entropy {:.2}",
            // Of the training's the title says so, and there is no room for more.
            if is_of_training(lab) {
                "image"
            } else {
                "test image"
            },
            count(judgement.index),
            judgement.cross_entropy
        ),
        theme.dim,
    )
    .render(loss, buffer);
    if is_of_training(lab) {
        suspects::draw_mark(lab, judgement.index, mark, buffer, theme);
    }
    probabilities(
        &judgement.probabilities,
        Some(truth),
        |class| name(lab, class),
        bars,
        buffer,
        theme,
    );
    let note = format!(
        "{} of {}",
        count(page.from + lab.gallery.cursor + 1),
        count(page.matching)
    );
    footnote(&note, area, buffer, theme.dim);
}
