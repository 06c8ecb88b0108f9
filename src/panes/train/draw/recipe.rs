//! The settings of the next training in a few lines.

use ratatui::text::Line;

use crate::lab::Lab;
use crate::training::Validation;
use crate::ui::format::{count, fit, width_of};
use crate::ui::panel::fact;
use crate::ui::theme::Theme;

/// Columns of the names.
const NAMES: usize = 11;

/// What is trained and how: what is always said, then what is not as usual, in the order of importance.
pub(super) fn recipe(lab: &Lab, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let recipe = &lab.preset.training;
    let line = |name, value: String| {
        let value = fit(&value, width.saturating_sub(NAMES));
        fact(name, NAMES, value, theme)
    };
    let (epochs, batch) = (count(recipe.epochs), count(recipe.batch_size));
    let optimizer = &recipe.optimizer;
    let rate = optimizer.learning_rate();
    let mut text = vec![
        name(&lab.title(), width, theme),
        line("epochs", format!("{epochs}, batch {batch}")),
        line("optimizer", format!("{} {rate}", optimizer.kind().name)),
    ];
    if let Some(transfer) = &recipe.transfer {
        let from = match (&transfer.from, &transfer.pretrain) {
            (Some(folder), _) => folder.file_name().map_or_else(
                || folder.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            (None, Some(pretrain)) => format!("{} first", pretrain.data),
            (None, None) => "nowhere".to_owned(),
        };
        text.push(line("weights of", from));
    }
    if !recipe.schedule.values().is_empty() {
        text.push(line("schedule", recipe.schedule.kind().name.to_owned()));
    }
    if recipe.augment.is_some() {
        text.push(line("augment", "on".to_owned()));
    }
    text.push(line(
        "validation",
        match recipe.validation {
            Validation::Test => "test set".to_owned(),
            Validation::Split(share) => format!("{} % held out", 100.0 * share),
        },
    ));
    if let Some(patience) = recipe.early_stopping.patience {
        text.push(line("patience", format!("{patience} epochs")));
    }
    if !recipe.plan.is_empty() {
        text.push(line("planned", format!("{} changes", recipe.plan.len())));
    }
    text.push(line("seed", lab.preset.seed.to_string()));
    let published = lab.published();
    if let Some(accuracy) = published.and_then(|figures| figures.best_val_accuracy) {
        text.push(line("published", format!("{accuracy:.4}")));
    }
    text
}

/// The network's name; one that is too long takes the place of its caption, and loses letters before it loses that it was edited.
fn name(title: &str, width: usize, theme: &Theme) -> Line<'static> {
    if width_of(title) + NAMES <= width {
        return fact("network", NAMES, title.to_owned(), theme);
    }
    let (plain, ending) = title.rsplit_once(", ").unwrap_or((title, ""));
    let ending = match ending {
        "" => String::new(),
        ending => format!(", {ending}"),
    };
    let room = width.saturating_sub(width_of(&ending));
    Line::styled(fit(plain, room) + &ending, theme.text)
}
